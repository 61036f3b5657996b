"""Where a user's document parts into clauses: numbered articles, sections and headings, with the lists below them.

A document is read as its writer parted it, so that what is found is a rule with its exceptions and not half of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.texts.model import Line

MOST = 1200  # characters of a passage, about 300 tokens of English
_SHORT = 150  # an unnumbered paragraph below this says too little to stand alone
_JOINED = 600  # so much of unnumbered paragraphs is joined at most, and a heading is no longer than _SHORT
_LOWEST = 2  # rank of bare numbers, which may as well be those of a list
_NUMBER = r"[\d〇一二三四五六七八九十百千]+"
_RANKS = (  # what opens a clause, the highest first; the number is what others call it by
    re.compile(rf"#{{1,6}}\s+(?P<n>)|第(?P<m>{_NUMBER})[編章節款]|(?:附則|別表|別紙)"),
    re.compile(
        rf"第(?P<n>{_NUMBER})条(?:の{_NUMBER})?|[（(](?=[^）)]*[\u3041-\u9fff])[^）)\n]{{1,40}}[）)]$|(?:Article|Art\.|Section|Clause|§{{1,2}})\s*(?P<m>\d+)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<n>\d{1,3})[.．](?:\d{1,3}[.．]?)*(?=[\s\u3000]+\D)|(?P<m>\d{1,2})[\s\u3000](?=[\u3041-\u30ff\u3400-\u9fff])"
    ),
)
_ITEM = re.compile(
    r"[•●➢▪・○*–-]\s*|[（(][\w〇一-十]{1,4}[)）]|[\u2460-\u2473]|\d{1,2}[)）]|[a-z][.)]\s|[一二三四五六七八九十]{1,3}[\s\u3000]"
)
_OPENING = re.compile(
    r"^[^\S\n]*(?=(?:" + "|".join(re.sub(r"\?P<\w>", "?:", one.pattern) for one in _RANKS) + rf"|{_ITEM.pattern}))",
    re.MULTILINE | re.IGNORECASE,
)
_HASHES = re.compile(r"^#{1,6}\s+")
_HEADED = re.compile(r"^(#{1,6}\s.*)$", re.MULTILINE)
_ENDS = re.compile(r"[.!?。！？;；:：]\W*$")  # of a sentence, or of what announces a list


def parted(text: str) -> str:
    """Return a plain text with an empty row before each row that opens a clause or an item, and below a Markdown heading."""
    return _HEADED.sub(r"\1\n", _OPENING.sub("\n", text))


@dataclass(frozen=True)
class Opening:
    """The rank of a clause that a paragraph opens, and its number; empty for a mere heading."""

    rank: int
    number: str


def opens(text: str) -> Opening | None:
    """Return what a paragraph opens, if it opens a clause."""
    for rank, sign in enumerate(_RANKS):
        if match := sign.match(text.strip()):
            return Opening(rank, match["n"] or match["m"] or "")
    return None


def passages(lines: Sequence[Line]) -> Iterator[tuple[int | None, str]]:
    """Yield (page, text) for each clause with its items; short unnumbered paragraphs are joined, what is too long is cut.

    No passage runs over a page or beyond ``MOST``. A heading goes with what it heads.
    """
    found = _Passages()
    for line in lines:
        opened = opens(line.text)
        for piece in _pieces(_HASHES.sub("", line.text)):
            if found.ends_before(line, piece, opened):
                yield found.taken()
            found.take(line, piece, opened)
            opened = None
    if found.parts:
        yield found.taken()


class _Passages:
    """The passage being gathered, the clause that is open, and whether a numbered list has begun in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._page: int | None = None
        self._clause: Opening | None = None
        self._listing = False

    def ends_before(self, line: Line, piece: str, opened: Opening | None) -> bool:
        """Tell whether ``piece`` begins a passage of its own."""
        if not self.parts:
            return False
        length = sum(map(len, self.parts))
        if line.page != self._page or length + len(piece) > MOST:
            return True
        if self._heads():
            return False
        if opened is not None:
            return not self._lists(opened, length + len(piece), piece)
        if _ITEM.match(piece) or self._introduces():
            return False
        if self._clause is not None:
            return len(piece) >= _SHORT
        return min(length, len(piece)) >= _SHORT or length + len(piece) > _JOINED

    def take(self, line: Line, piece: str, opened: Opening | None) -> None:
        """Add a paragraph; a number that neither begins the passage nor follows its heading belongs to a list in it."""
        self._page = line.page
        if opened is not None:
            article = self._clause is not None and self._clause.rank == 1 and self._clause.number and opened.rank == _LOWEST
            if self.parts and (article or not self._heads()):
                self._listing = True
            else:
                self._clause = opened
        self.parts.append(piece)

    def taken(self) -> tuple[int | None, str]:
        """Return the passage gathered; the clause stays open, so that its items on the next page are still its own."""
        text, self.parts, self._listing = "\n".join(self.parts), [], False
        return self._page, text

    def _lists(self, opened: Opening, length: int, piece: str) -> bool:
        """Tell whether a number is one of a list within the clause: of lower rank, short below a heading, or announced."""
        if opened.rank < _LOWEST:
            return False
        if self._clause is not None and self._clause.rank == 0:
            return len(piece) < _SHORT and length <= _JOINED
        within = self._clause is not None and self._clause.rank < _LOWEST
        return within or self._listing or (self._introduces() and opened.number == "1")

    def _introduces(self) -> bool:
        return self.parts[-1].endswith((":", "：", "following.", "次のとおりとする。"))

    def _heads(self) -> bool:
        """Tell whether all that was gathered is a short heading, and no announcement of a list."""
        return len("".join(self.parts)) < _SHORT and not any(_ENDS.search(part) for part in self.parts)


def _pieces(text: str) -> Iterator[str]:
    """Cut a paragraph that is longer than a passage, behind a space or a full stop where there is one."""
    while len(text) > MOST:
        cut = max(text.rfind(mark, MOST // 2, MOST) for mark in (" ", "。", "、")) + 1 or MOST
        yield text[:cut].strip()
        text = text[cut:]
    if text.strip():
        yield text.strip()
