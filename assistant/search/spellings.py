"""How people write the number of a provision, in both languages, read from left to right.

A reference has a head ("Article 5", 「第27条」, "Annex III") and levels below it ("(1)(f)", 「第1項第2号」, "point 4(a)"),
some of which may stand before it ("point (f) of Article 5(1)"). Several may share a head: "Articles 9, 10 and 14",
"Article 6(1) and (3)". The text is expected as ``tokens.normalise`` and ``casefold`` leave it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.law.pinpoint import roman
from assistant.search.levels import LEVEL, LEVEL_BEFORE, Level, level_of, ranged, same_rank

_MOST_LEVELS = 4  # no law goes deeper, and each level multiplies the ids it may mean
_MOST_MEMBERS = 40  # of one enumeration or range
_REACH = 90  # characters before a head in which its levels may stand

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_QUANTITY = (
    r"(?!\s*[年月日%^]|[.,/-]\w)(?!\s*(?:hours?|days?|weeks?|months?|years?|minutes?|times|percent|per\s+cent|million|billion|"
    rf"eur|euros?|usd|yen|companies|employees|people|persons|{_MONTHS}|時間|か月|カ月|件|人|名|歳|円|社|回|週|万|億|ユーロ)(?![a-z]))"
)
_NUMBER = r"\d{1,3}(?:-\d{1,2}|(?!st\b|nd\b|rd\b|th\b)[a-z]{1,2})?(?![a-z\d])"
_JAPANESE_ARTICLE = r"第?(?P<art>\d{1,3}[a-z]?)条(?![件約例])(?:の(?P<branch>\d+(?:の\d+)*)(?![条項号\d]))?"
_HEADS = {
    "id": r"\b(?P<id>(?:eu|jp|eu_jp|international)\.[a-z0-9_]+(?:\.[a-z0-9_]+)+)",
    "article": rf"\bart(?:icle)?(?P<plural>s)?\b\.?\s*(?P<art>{_NUMBER})",
    "japanese_article": rf"(?<![\d.])(?P<supplement>附則)?{_JAPANESE_ARTICLE}",
    "same": r"(?P<same>同条|同項)(?=の?第?\d+[項号])",
    "annex": (
        r"(?:\bannex(?P<plural>es)?\b|附属書)\s*第?(?P<annex>[ivx]+|\d{1,2})(?![a-z\d])"
        r"(?:,?\s*(?:section|セクション|part)\s*(?P<section>[abc])\b)?"
        rf"(?:[,、]?\s*の?第?(?P<number>\d{{1,2}}[a-z]?)(?![a-z\d]){_QUANTITY}(?:項|号|点)?)?"
    ),
    "recital": r"(?:\brecital(?P<plural>s)?\b|前文|リサイタル)\s*\(?第?(?P<recital>\d{1,3})\)?(?!\d)",
    "rule": r"(?:\brule|ルール)\s*\(?(?P<rule>\d)\b",
    "guideline": (
        r"(?:\bpoints?\b|\bparagraphs?\b|\bpara\b\.?|ポイント|第)\s*\(?(?P<guideline>\d{1,3})(?:\)|項|点)?(?![\d年月日章節款部編版回])"
    ),
    "code": r"\b(?P<letter>[dpu])-(?P<code>\d{1,2})\)?\s*(?P<sub>i{1,3}|iv|v)?\b",
}
# ASCII: a Japanese particle right before or after "Article 26" is no part of the word.
_PATTERNS = {kind: re.compile(spelling, re.ASCII) for kind, spelling in _HEADS.items()}
_OF = r"\s*,?\s*(?:of|in|to|under)\s+(?:the\s+)?"
_BEFORE = re.compile(rf"(?:{LEVEL_BEFORE}(?:{_OF}|[,\s]+(?=\S)))+(?<=\s)$", re.ASCII)
_CHUNKS = re.compile(r"\b(?:of|in|to|under)\b")
_SIBLINGS = re.compile(r"\s*\b(?:and|or)\b\s*|,\s*(?=\()")
_NUMBERS_BEFORE = re.compile(r"(?<![\d.の])(?:第?\d{1,3}(?:、|・|,|及び|と)){1,10}第?$", re.ASCII)
_COMMA = r"\s*(?:,\s*(?:and\s+|or\s+)?|、|;\s*)"
_AND = r"\s*(?:\b(?:and|or)\s+|&\s*|/\s*|及び|並びに|又は|若しくは|と|や|・)"
_SEPARATOR = re.compile(rf"(?P<and>{_AND})|(?P<comma>{_COMMA})", re.ASCII)
_TO = re.compile(r"\s*(?:to\b|through\b|until\b|から|[-–—~〜])\s*(?:art(?:icle)?s?\b\.?\s*)?", re.ASCII)
_MEMBER = re.compile(rf"(?P<art>{_NUMBER}){_QUANTITY}", re.ASCII)
_RECITAL_MEMBER = re.compile(rf"\(?(?P<art>\d{{1,3}})\)?(?![\da-z]){_QUANTITY}", re.ASCII)
_JAPANESE_MEMBER = re.compile(_JAPANESE_ARTICLE, re.ASCII)
_SURE_END = re.compile(
    r"\s*(?:$|[^a-z\s,]|,?\s*(?:and|or|of|under|in|to|do|does|apply|applies|say|says|mean|require|together|gdpr|appi|ai\s+act)\b)"
)
_BARE = re.compile(rf"[\s,]*(?P<art>\d{{1,3}}(?:-\d{{1,2}}|[a-z])?)(?![a-z\d]){_QUANTITY}", re.ASCII)
_BARE_BEFORE = re.compile(r"(?<![\w.(])(?P<art>\d{1,3}[a-z]?)(?=\()", re.ASCII)
_LINK = re.compile(r"\s*(?:of\s+(?:the\s+)?|の)?")
_BARE_LETTER = re.compile(r"\s+(?P<letter>[a-z])(?![a-z\d'’])", re.ASCII)


@dataclass(frozen=True)
class Spelled:
    """One provision as written: ``head`` is a path (``art_5``), nothing where the last article is meant (同条).

    ``start`` and ``end`` are those of the whole phrase, which members of one enumeration share.
    """

    kind: str
    head: str
    levels: tuple[Level, ...]
    start: int
    end: int

    @property
    def annex(self) -> bool:
        """Tell whether the levels are those of an annex."""
        return self.kind == "annex"


class _Text:
    """A question, the places of documents' names in it, and which characters no phrase has taken yet."""

    def __init__(self, text: str, names: Iterable[tuple[int, int]]) -> None:
        self.text = text
        self.names = dict(names)
        self._begins = {end: start for start, end in self.names.items()}
        self._free = bytearray(b"\1" * (len(text) + 1))
        for start, end in self.names.items():
            self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Mark a place as read."""
        self._free[start:end] = bytes(max(0, end - start))

    def is_free(self, start: int, end: int) -> bool:
        """Tell whether nothing has been read there."""
        return all(self._free[start:end])

    def before_name(self, start: int) -> int:
        """Return where the document's name right before ``start`` begins, else ``start``."""
        return self._begins.get(len(self.text[:start].rstrip(" ,")) if start < _REACH else self._stripped(start), start)

    def _stripped(self, start: int) -> int:
        return start - _REACH + len(self.text[start - _REACH : start].rstrip(" ,"))


def spelled(text: str, names: Iterable[tuple[int, int]]) -> Iterator[list[Spelled]]:
    """Yield the provisions that ``text`` names, phrase by phrase; ``names`` are the places of documents' names."""
    reading = _Text(text, names)
    phrases = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if reading.is_free(*match.span()):
                phrases.append(_phrase(reading, match, kind))
    for start, end in reading.names.items():
        after = _BARE.match(text, end)
        if after and reading.is_free(after.start("art"), after.end()):
            phrases.append(_phrase(reading, after, "article"))
        if before := _bare_before(reading, start):
            phrases.append(_phrase(reading, before, "article"))
    yield from sorted(phrases, key=lambda members: members[0].start)


def _bare_before(reading: _Text, name: int) -> re.Match[str] | None:
    """Return "5(1)(f)" right before a document's name."""
    for match in _BARE_BEFORE.finditer(reading.text, max(0, name - _REACH), name):
        levels, end = _levels(reading.text, match.end(), annex=False)
        link = _LINK.match(reading.text, end)
        if levels and link and link.end() == name and reading.is_free(match.start(), end):
            return match
    return None


def _phrase(reading: _Text, match: re.Match[str], kind: str) -> list[Spelled]:
    """Return the members of the phrase that begins with a head, and mark its place as taken."""
    if kind in ("id", "rule", "guideline", "code"):
        members, start, end = [Spelled(kind, _head(kind, match), _code_levels(match), 0, 0)], match.start(), match.end()
    else:
        members, start, end = _members(reading, match, kind)
    reading.take(start, end)
    return [replace(one, start=start, end=end) for one in members[:_MOST_MEMBERS]]


def _code_levels(match: re.Match[str]) -> tuple[Level, ...]:
    sub = match.groupdict().get("sub")
    return ((sub,),) if sub else ()


def _members(reading: _Text, match: re.Match[str], kind: str) -> tuple[list[Spelled], int, int]:
    text, parts = reading.text, match.groupdict()
    levels, end = _levels_behind(reading, match, annex=kind == "annex")
    heads = [_head(kind, match)]
    if parts.get("plural") and kind == "article":
        heads = _hyphenated(parts["art"] or "") or heads
    inner, start = _levels_before(reading, match.start(), annex=kind == "annex")
    members = [Spelled(kind, head, (levels + more)[:_MOST_LEVELS], 0, 0) for head in heads for more in inner]
    if kind == "japanese_article" and (before := _NUMBERS_BEFORE.search(text, max(0, start - _REACH), start)):
        members = [Spelled(kind, f"art_{number}", (), 0, 0) for number in re.findall(r"\d+", before[0])] + members
        start = before.start()
    further, end = _further(text, end, members[-1], plural=bool(parts.get("plural")))
    return members + further, start, end


def _levels_behind(reading: _Text, match: re.Match[str], *, annex: bool) -> tuple[tuple[Level, ...], int]:
    """Return the levels from a head on; in an annex they may be bare: "Annex III 4 a"."""
    parts, end = match.groupdict(), match.end()
    given: tuple[Level, ...] = ((f"section_{parts['section']}",),) if parts.get("section") else ()
    if number := parts.get("number"):
        given += (level_of(number, annex=True),)
    further, end = _levels(reading.text, end, annex=annex)
    levels = given + further
    letter = _BARE_LETTER.match(reading.text, end) if annex and levels else None
    if letter and (letter.end() + 1 in reading.names or _SURE_END.match(reading.text, letter.end())):
        return (*levels, level_of(letter["letter"], annex=True)), letter.end()
    return levels, end


def _levels(text: str, place: int, *, annex: bool) -> tuple[tuple[Level, ...], int]:
    """Return the levels that follow directly at ``place``, and where they end."""
    found: list[Level] = []
    while len(found) < _MOST_LEVELS and (match := LEVEL.match(text, place)):
        found.append(level_of(match, annex=annex))
        place = match.end()
    return tuple(found), place


def _levels_before(reading: _Text, start: int, *, annex: bool) -> tuple[list[tuple[Level, ...]], int]:
    """Return the levels written before a head, outermost first: several where they are siblings; and where they begin."""
    place = reading.before_name(start)
    match = _BEFORE.search(reading.text, max(0, place - _REACH), place)
    if match is None:
        return [()], start
    outer: tuple[Level, ...] = ()
    siblings: list[Level] = []
    for chunk in reversed(_CHUNKS.split(match[0])):
        outer += tuple(siblings[:1])
        siblings = [one for part in _SIBLINGS.split(chunk) for one in _levels(part, 0, annex=annex)[0]] or []
        if len(siblings) > 1 and not _SIBLINGS.search(chunk):
            outer, siblings = outer + tuple(siblings[:-1]), siblings[-1:]
    return [(*outer, one) for one in siblings] or [outer], match.start()


def _further(text: str, end: int, last: Spelled, *, plural: bool) -> tuple[list[Spelled], int]:
    """Return the members that an enumeration or range adds behind the first, and where it ends."""
    found: list[Spelled] = []
    while len(found) < _MOST_MEMBERS:
        to, separator = _TO.match(text, end), _SEPARATOR.match(text, end)
        step = to or separator
        if step is None:
            break
        added, after = _sibling(text, step.end(), last, up_to=to is not None)
        if not added:
            sure = plural and (to is not None or separator is not None)
            added, after = _next_head(text, step.end(), last, sure=sure, up_to=to is not None)
            loose = to is not None or (separator is not None and separator["and"])
            if not sure and not (loose and _SURE_END.match(text, after)) and last.kind != "japanese_article":
                break
        if not added:
            break
        found += added
        last, end = added[-1], after
    return found, end


def _sibling(text: str, place: int, last: Spelled, *, up_to: bool) -> tuple[list[Spelled], int]:
    """Return what "and (3)", 「及び第3項」 means: the last member with its level of that rank, or the row up to it."""
    levels, end = _levels(text, place, annex=last.annex)
    if not levels:
        return [], place
    for depth in range(len(last.levels) - 1, -1, -1):
        if same_rank(last.levels[depth], levels[0]):
            row = ranged(last.levels[depth], levels[0]) if up_to else [levels[0]]
            return [replace(last, levels=(*last.levels[:depth], one, *levels[1:])[:_MOST_LEVELS]) for one in row], end
    return [], place


def _next_head(text: str, place: int, last: Spelled, *, sure: bool, up_to: bool) -> tuple[list[Spelled], int]:
    """Return the article or recital that an enumeration names next by its bare number, or the row up to it."""
    if last.kind == "japanese_article":
        match = _JAPANESE_MEMBER.match(text, place) if up_to else None
    elif last.kind == "article":
        match = _MEMBER.match(text, place)
    else:
        match = _RECITAL_MEMBER.match(text, place) if last.kind == "recital" else None
    if match is None:
        return [], place
    levels, end = _levels(text, match.end(), annex=False)
    prefix = last.head.split("_")[0]
    head = _head("japanese_article", match) if last.kind == "japanese_article" else f"{prefix}_{match['art'].replace('-', '_')}"
    heads = [one for (one,) in ranged((last.head,), (head,))] if up_to else [head]
    return [replace(last, head=one, levels=levels if one == head else ()) for one in heads], end


def _hyphenated(number: str) -> list[str]:
    """Return the articles of "8-15"; "30-4" is one article."""
    first, _, last = number.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) < int(last)):
        return []
    return [f"art_{one}" for one in range(int(first), int(last) + 1)]


def _head(kind: str, match: re.Match[str]) -> str:
    parts = match.groupdict()
    if kind == "article":
        return f"art_{parts['art'].replace('-', '_')}"
    if kind == "japanese_article":
        branch = f"_{parts['branch'].replace('の', '_')}" if parts["branch"] else ""
        return ("suppl_" if parts.get("supplement") else "") + f"art_{parts['art']}{branch}"
    if kind == "annex":
        number = parts["annex"]
        return f"annex_{roman(int(number)) if number.isdigit() else number}"
    if kind == "code":
        return f"{parts['letter']}_{parts['code']}"
    if kind == "guideline":
        return f"point_{parts['guideline']}"
    if kind == "same":
        return ""
    return parts["id"] if kind == "id" else f"{kind}_{parts[kind]}"
