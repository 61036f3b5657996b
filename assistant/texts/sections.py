"""Numbered sections of texts without markup: guidelines, codes, recitals in PDF or plain text."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from assistant.law.text_source import SectionHeading
from assistant.texts.model import Line, OfficialText, normalise

_LEADER = r"(?:\.{5,}|…{3,}|・{5,})"
_SHORT_LEADER = r"(?:[.…・]{2,}|\s[.…・])\s*\d+$"
_CONTENTS = re.compile(f"{_LEADER}|{_SHORT_LEADER}")
_ENTRY_END = re.compile(rf"\s*(?:{_LEADER}[\s.…・]*(?:\d+(?=\s|$))?|{_SHORT_LEADER})\s*")
_NUMBER = re.compile(r"^\d+(?:[.-]\d+)*\.?\s+")
_SENTENCE_END = (".", ";", ":", "?", "!", ")", "。", "、", ",", "and", "or")
_QUOTES_END = "”’"
_SUBHEADING = re.compile(r"^(?:\d+\.\d[\d.]*|[A-Z]\.\d[\d.]*|[a-z]\))\s")
_TITLE_LENGTH = 160
_ITEM = re.compile(r"^[（(]\w{1,4}[)）]|^[•●➢▪・○–—-]|^【.+】.")


def place(text: OfficialText, headings: Sequence[SectionHeading], until: str | None = None) -> OfficialText:
    """Give every paragraph the unit of the section it stands in; from the row matching ``until`` on, none.

    Rows of a table of contents open nothing; a row that repeats one of its titles without a number closes the section.
    """
    placing = _Placing(headings, _listed_titles(text))
    end = re.compile(until) if until else None
    lines: list[Line] = []
    for place_, line in enumerate(text.lines):
        if end is not None and end.match(line.text):
            lines += [replace(rest, unit="") for rest in text.lines[place_:]]
            break
        lines += placing.line(line)
    return replace(text, lines=tuple(_titles_apart(lines)), headings=placing.titles)


def opening(text: str, headings: Sequence[SectionHeading]) -> SectionHeading | None:
    """Return the heading that a row looks like."""
    return next((heading for heading in headings if re.match(heading.pattern, text)), None)


def _listed_titles(text: OfficialText) -> set[str]:
    """Return the titles in the table of contents, without numbers; several may stand in one line."""
    listed = [entry for line in text.lines if _CONTENTS.search(line.text) for entry in _ENTRY_END.split(line.text)]
    return {_title_key(entry) for entry in listed} - {""}


def _title_key(title: str) -> str:
    return normalise(_NUMBER.sub("", title.strip())).casefold()


class _Placing:
    def __init__(self, headings: Sequence[SectionHeading], listed: Container[str]) -> None:
        self.listed = listed
        self.headings = [(re.compile(heading.pattern), heading) for heading in headings]
        self.titles: dict[str, str] = {}
        self.outer = self.unit = ""
        self.counts: dict[str, int] = {}

    def line(self, line: Line) -> list[Line]:
        if _CONTENTS.search(line.text):
            return [replace(line, unit=self.unit)]
        for pattern, heading in self.headings:
            match = pattern.match(line.text)
            if match and self._continues(match, heading):
                return self._open(line, match, heading)
        if _title_key(line.text) in self.listed:
            self.outer = self.unit = ""
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
    text = line.text.rstrip()
    if len(text) > _TITLE_LENGTH or line.marker or _ITEM.match(text):
        return False
    ends = text.rstrip(_QUOTES_END).endswith(_SENTENCE_END)
    return not ends or bool(_SUBHEADING.match(text) and text.endswith("?"))
