"""Numbered sections of texts without markup: guidelines, codes, recitals in PDF or plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.law.text_source import SectionHeading
from assistant.texts.model import Line, OfficialText

_CONTENTS = re.compile(r"\.{5,}|…{3,}|・{5,}")
_SENTENCE_END = (".", ";", ":", "?", "!", "”", "’", ")", "。", "、", ",", "and", "or")
_TITLE_LENGTH = 160
_ITEM = re.compile(r"^[（(]\w{1,4}[)）]|^[•●➢▪・○–—-]")


def place(text: OfficialText, headings: Sequence[SectionHeading], until: str | None = None) -> OfficialText:
    """Give every paragraph the unit of the section it stands in; from the row matching ``until`` on, none.

    Rows of a table of contents open nothing.
    """
    placing = _Placing(headings)
    end = re.compile(until) if until else None
    lines: list[Line] = []
    for place_, line in enumerate(text.lines):
        if end is not None and end.match(line.text):
            lines += [replace(rest, unit="") for rest in text.lines[place_:]]
            break
        lines += placing.line(line)
    return replace(text, lines=tuple(_titles_apart(lines)), headings=placing.titles)


def opens(text: str, headings: Sequence[SectionHeading]) -> bool:
    """Tell whether a row looks like the beginning of a section."""
    return any(re.match(heading.pattern, text) for heading in headings)


class _Placing:
    def __init__(self, headings: Sequence[SectionHeading]) -> None:
        self.headings = [(re.compile(heading.pattern), heading) for heading in headings]
        self.titles: dict[str, str] = {}
        self.outer = self.unit = ""
        self.counts: dict[str, int] = {}

    def line(self, line: Line) -> list[Line]:
        for pattern, heading in self.headings:
            match = None if _CONTENTS.search(line.text) else pattern.match(line.text)
            if match and self._continues(match, heading):
                return self._open(line, match, heading)
        return [replace(line, unit=self.unit)]

    def _continues(self, match: re.Match[str], heading: SectionHeading) -> bool:
        if not heading.running:
            return True
        counter = f"{self.outer if heading.inside else ''}/{heading.unit}"
        if int(match[1]) != self.counts.get(counter, 0) + 1:
            return False
        self.counts[counter] = int(match[1])
        return True

    def _open(self, line: Line, match: re.Match[str], heading: SectionHeading) -> list[Line]:
        unit = heading.unit.format(match[0], *match.groups()).lower().replace("-", "_")
        if not heading.inside:
            self.outer = unit
        self.unit = f"{self.outer}.{unit}" if heading.inside and self.outer else unit
        rest = line.text[match.end() :].strip()
        if heading.title:
            self.titles[self.unit] = rest or line.text
            return []
        return [replace(line, unit=self.unit, marker=match[0].strip(), text=rest)]


def _titles_apart(lines: list[Line]) -> list[Line]:
    """A short row without a full stop right before a new section is the title of what follows."""
    found = list(lines)
    for place_ in range(len(found) - 1, 0, -1):
        line, after = found[place_ - 1], found[place_]
        ends = after.unit != line.unit
        if ends and _looks_like_title(line):
            found[place_ - 1] = replace(line, unit="")
    return found


def _looks_like_title(line: Line) -> bool:
    short = len(line.text) <= _TITLE_LENGTH and not line.text.rstrip().endswith(_SENTENCE_END)
    return short and not line.marker and not _ITEM.match(line.text)
