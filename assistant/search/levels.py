"""The levels below an article or annex as people write them: paragraph, point, item, definition, subparagraph.

One level may mean several segments: "(5)" is a paragraph, a definition or a point; the law's numbering decides which.
"""

from __future__ import annotations

import re

from assistant.law.numbering import kind_of, number_of
from assistant.law.pinpoint import roman

Level = tuple[str, ...]
"""The segments that one level may be, the likeliest first."""

_ROMAN = {roman(number): str(number) for number in range(1, 21)}
_ORDINALS = {word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラム"
_ORDINAL = "|".join(_ORDINALS)
_LETTERS = r"[ivx]{1,5}|[a-z][a-c]?"
_SPOKEN = r"(?:sub-?points?|points?|sub-?items?|items?|lit(?:era)?|letters?|nos?|numbers?|def(?:inition)?s?)\b\.?"
_SPELLINGS = [
    rf"[,\s]*(?:\bthe\s+|\bin\s+the\s+)?\b(?P<ordinal>{_ORDINAL})\s+(?P<sub>sub-?)?para(?:graph)?\b",
    r"[,\s]*\bsubpara(?:graph)?s?\s*\(?(?P<subpar>10|[1-9])\b\)?",
    r"[,\s]*(?:\bpar(?:a|agraph)?s?\b\.?|§)\s*\(?(?P<par>\d{1,2}[a-z]?)(?![a-z\d])\)?",
    rf"[,\s]*\b(?P<word>{_SPOKEN})\s*\((?P<spoken_in>\d{{1,3}}[a-z]?|{_LETTERS})\)",
    rf"[,\s]*\b(?P<said>{_SPOKEN})\s*(?P<spoken>\d{{1,3}}[a-z]?|a(?!\s+(?!of\b|and\b|or\b)[a-z])|[ivx]{{2,4}}|[b-z]|[a-z][a-c])(?![a-z\d])",
    r"\s*の?第?(?P<japanese>\d{1,3}[a-z]?)(?P<unit>項|号|段落)(?:の(?P<branch>\d{1,2})(?![\d条項号]))?",
    r"\s*の?(?P<term>定義|ポイント)\s*\(?(?P<termed>\d{1,3}[a-z]?|[a-z][a-c]?)(?![a-z\d])\)?",
    rf"(?<=[号\d])(?P<iroha>[{_IROHA}])(?![ァ-ヶー])",
    r"\s*の?\(\s*(?P<group>\d{1,3}[a-z]?|[ivx]{1,5}|[a-z])\s*\)",
    r"(?<=[)\da-z項号条])\((?P<double>[a-z][a-c])\)",
]
LEVEL = re.compile("|".join(f"(?:{spelling})" for spelling in _SPELLINGS), re.ASCII)
_VALUE = rf"\(?(?:\d{{1,3}}[a-z]?|{_LETTERS})\)?"
LEVEL_BEFORE = (
    rf"(?:\b(?:(?:sub)?par(?:a|agraph)?s?\b\.?|{_SPOKEN})\s*{_VALUE}(?:\s*(?:,|and|or)\s*\((?:{_LETTERS}|\d{{1,3}})\)|\([0-9a-z]{{1,3}}\))*"
    rf"|\b(?:{_ORDINAL})\s+(?:sub-?)?para(?:graph)?)"
)
"""A level with its word, as it may stand before the head: no look-around but word boundaries."""


def level_of(written: re.Match[str] | str, *, annex: bool) -> Level:
    """Return what a match of ``LEVEL``, or a bare number, may mean; an annex has points where an article has paragraphs."""
    if isinstance(written, str):
        return _grouped(written, annex=annex)
    parts = {name: value for name, value in written.groupdict().items() if value}
    if ordinal := parts.get("ordinal"):
        number = _ORDINALS[ordinal]
        return (f"subpar_{number}",) if "sub" in parts else (f"subpar_{number}", f"par_{number}")
    if subpar := parts.get("subpar"):
        return (f"subpar_{subpar}",)
    if par := parts.get("par"):
        return (f"point_{par}", f"par_{par}") if annex else (f"par_{par}", f"def_{par}")
    if "japanese" in parts:
        return _japanese(parts, annex=annex)
    if iroha := parts.get("iroha"):
        letter = chr(ord("a") + _IROHA.index(iroha))
        return (letter, f"point_{letter}")
    spoken = parts.get("spoken_in") or parts.get("spoken") or parts.get("termed")
    if spoken:
        return _spoken(parts.get("word") or parts.get("said") or parts["term"], spoken, annex=annex)
    return _grouped(parts.get("group") or parts["double"], annex=annex)


def same_rank(one: Level, other: Level) -> bool:
    """Tell whether two levels stand side by side: both may be of one kind, and both are letters or both numbers."""
    shared = {kind_of(segment) for segment in one} & {kind_of(segment) for segment in other}
    return bool(shared) and _figure(one) == _figure(other)


def ranged(first: Level, last: Level) -> list[Level]:
    """Return the levels behind ``first`` up to ``last``: a row where both are numbers of one kind, else the last alone."""
    low, high = number_of(first[0]), number_of(last[0])
    if not (kind_of(first[0]) == kind_of(last[0]) and low.isdigit() and high.isdigit()):
        return [last]
    row = range(int(low) + 1, min(int(high), int(low) + 60) + 1)
    return [tuple(f"{kind_of(segment)}_{number}" for segment in last) for number in row] or [last]


def _figure(level: Level) -> bool:
    return number_of(level[0])[:1].isdigit()


def _japanese(parts: dict[str, str], *, annex: bool) -> Level:
    number = parts["japanese"] + (f"_{parts['branch']}" if "branch" in parts else "")
    if parts["unit"] == "段落":
        return (f"subpar_{number}",)
    if parts["unit"] == "号":
        return (f"item_{number}", f"def_{number}", f"point_{number}")
    return (f"point_{number}",) if annex else (f"par_{number}", f"def_{number}")


def _spoken(word: str, number: str, *, annex: bool) -> Level:
    if not number[0].isdigit() or annex:
        return _grouped(number, annex=annex)
    kinds = ("def",) if word.startswith(("def", "定義")) else ("point", "def", "item")
    return tuple(f"{kind}_{number}" for kind in kinds)


def _grouped(number: str, *, annex: bool) -> Level:
    if annex and number[0].isdigit():
        split = (f"point_{number[:-1]}.{number[-1]}",) if number[-1].isalpha() else ()
        return (f"point_{number}", *split)
    if number[0].isdigit():
        return (f"par_{number}", f"def_{number}", f"point_{number}")
    letters = (number, f"point_{number}") if annex else (f"point_{number}", number)
    return (*letters, f"item_{_ROMAN[number]}") if number in _ROMAN else letters
