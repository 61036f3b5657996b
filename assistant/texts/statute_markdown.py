"""Japanese statutes in Markdown: articles in bold, items as list entries, numbers in kanji."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from assistant.law.numerals import kanji_value
from assistant.texts.markup import clean
from assistant.texts.model import Line, OfficialText, UnreadableTextError

_NUMBER = "[〇一二三四五六七八九十百千]+"
_ARTICLE = re.compile(rf"^\*\*第({_NUMBER})条((?:の{_NUMBER})*)(?:（(.*?)）)?\*\*\s*(.*)$")
_PARAGRAPH = re.compile(r"^\*\*([０-９0-9]+)\*\*\s*(.*)$")
_ITEM = re.compile(rf"^- ({_NUMBER}(?:の{_NUMBER})*)\s+(.*)$")
_SUBITEM = re.compile(r"^\s+- ([イロハニホヘトチリヌルヲワカヨタレソ])\s+(.*)$")
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソ"


def read(data: bytes) -> OfficialText:
    """Read a statute.

    Raises:
        UnreadableTextError: it is not UTF-8, or holds no article.
    """
    try:
        rows = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableTextError("The file is not UTF-8 text. Save it as UTF-8 and try again.") from error
    reader = _Reader()
    for row in rows:
        reader.row(row)
    if not reader.lines:
        raise UnreadableTextError("The file holds no article such as **第一条**. Check that it is the statute in Markdown.")
    return OfficialText(tuple(_first_paragraphs(reader.lines)), reader.headings)


def _first_paragraphs(lines: list[Line]) -> list[Line]:
    """The first of several paragraphs carries no number in print: give it its unit."""
    several = {line.unit.removesuffix(".par_2") for line in lines if line.unit.endswith(".par_2")}
    return [replace(line, unit=_numbered_first(line.unit, several)) for line in lines]


def _numbered_first(unit: str, several: set[str]) -> str:
    for end in range(1, unit.count(".") + 2):
        article = ".".join(unit.split(".")[:end])
        if article in several:
            rest = unit[len(article) :]
            return unit if rest.startswith(".par_") else f"{article}.par_1{rest}"
    return unit


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.headings: dict[str, str] = {}
        self.supplements = 0
        self.article = self.paragraph = self.item = ""

    def row(self, row: str) -> None:
        if row.startswith("## 附則"):
            self.supplements += 1
            self.article = self.paragraph = self.item = self._prefix().rstrip("._")
        elif match := _ARTICLE.match(row):
            self._open_article(match)
        elif match := _PARAGRAPH.match(row):
            self.paragraph = self.item = f"{self.article}.par_{unicodedata.normalize('NFKC', match[1])}"
            self._add(self.paragraph, match[2], match[1])
        elif match := _ITEM.match(row):
            self.item = f"{self.paragraph}.item_{_branched(match[1])}"
            self._add(self.item, match[2], match[1])
        elif match := _SUBITEM.match(row):
            self._add(f"{self.item}.{chr(ord('a') + _IROHA.index(match[1]))}", match[2], match[1])
        elif self.lines and self.item and row.strip() and not row.startswith("#"):
            self._add(self.item, row, "")

    def _open_article(self, match: re.Match[str]) -> None:
        self.article = self.paragraph = self.item = f"{self._prefix()}art_{_branched(match[1] + match[2])}"
        if match[3]:
            self.headings[self.article] = match[3]
        self._add(self.article, match[4], "")

    def _prefix(self) -> str:
        return "" if not self.supplements else "suppl_" if self.supplements == 1 else f"suppl_{self.supplements}."

    def _add(self, unit: str, text: str, marker: str) -> None:
        if text := clean(text):
            self.lines.append(Line(unit, text, marker))


def _branched(number: str) -> str:
    return "_".join(str(kanji_value(part)) for part in number.split("の"))
