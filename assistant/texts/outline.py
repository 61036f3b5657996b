"""From the nested lists of a legislative act to lines with unit ids.

European acts number alike in every layout: paragraphs ``1.``, points ``(a)``, sub-points ``(i)``, unnumbered
subparagraphs counted from the second on. A reader of a layout yields blocks; this module names them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.texts.model import Line, OfficialText

_NUMBER = re.compile(r"^(\d+[a-z]*)\.$")
_POINT = re.compile(r"^\(?([a-z]{1,5}|[A-Z]|\d+[a-z]*)[).]+$")
_INLINE = re.compile(r"^(\(\d+[a-z]*\))\s(?=\S)")
_DIVISION = re.compile(r"^(Section|Part) ([A-Z]|\d+|[IVX]+)(?![\w,])")
_DELETED = re.compile(r"^[\s—–_-]*$")


@dataclass
class Block:
    """A run of text (``marker`` empty) or a list item with what stands in it."""

    marker: str = ""
    text: str = ""
    inner: list[Block] = field(default_factory=list)
    amended_by: str | None = None


class Outline:
    """Collects the lines of one act."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._headings: dict[str, str] = {}
        self.notes: list[str] = []

    def add(self, unit: str, heading: str, blocks: Iterable[Block], *, defines: bool = False) -> None:
        """Place the blocks of one article, recital or annex; in one that ``defines`` terms, ``(1)`` is a definition."""
        if heading:
            self._headings[unit] = heading
        _Placing(self._lines, unit, "def" if defines else "point").place(blocks)

    def add_item(self, unit: str, item: Block) -> None:
        """Place one numbered item, such as a recital, as a unit of its own."""
        _Placing(self._lines, unit, "point").marked_lines(item)

    def text(self) -> OfficialText:
        """Return what was collected."""
        return OfficialText(tuple(self._lines), self._headings, tuple(self.notes))


def segment_kind(unit: str) -> str:
    """Return the kind of the last segment of a unit (``par``, ``point``, …), nothing for a bare one."""
    return unit.rpartition(".")[2].rpartition("_")[0]


def _with_marker(block: Block) -> Block:
    """Take the number off a paragraph that begins with one; consolidations set inserted definitions so."""
    match = _INLINE.match(block.text) if not block.marker else None
    if match is None:
        return block
    return Block(
        match[1], inner=[Block(text=block.text[match.end() :], amended_by=block.amended_by)], amended_by=block.amended_by
    )


class _Placing:
    """Names the blocks of one unit: which paragraph is open, and how many unnumbered ones stood in it."""

    def __init__(self, lines: list[Line], top: str, numbered: str) -> None:
        self.lines = lines
        self.top = top
        self.numbered = numbered
        self.holder = top
        self.here = top
        self.seen: Counter[str] = Counter()

    def place(self, blocks: Iterable[Block]) -> None:
        for block in map(_with_marker, blocks):
            if not block.marker:
                self._unmarked(block)
            elif name := self._opens(block.marker):
                self.holder = self.here = name
                self.marked_lines(block)
            elif segment := self._segment(block.marker):
                self._item(f"{self._around(segment)}.{segment}", block)
            else:
                self._dash(block)

    def _item(self, unit: str, block: Block) -> None:
        if segment_kind(unit) == "def":
            self.holder = self.here = unit
        _Placing(self.lines, unit, self.numbered).marked_lines(block)

    def _around(self, segment: str) -> str:
        """Return the unit a list item belongs to: definitions stand directly below their article."""
        return self.top if segment.startswith("def_") else self.here

    def marked_lines(self, block: Block) -> None:
        unit, before = self.here, len(self.lines)
        self.place(block.inner)
        if len(self.lines) > before and self.lines[before].unit == unit:
            first = self.lines[before]
            self.lines[before] = Line(first.unit, first.text, block.marker, first.amended_by)
        else:
            self.lines.insert(before, Line(unit, "", block.marker, block.amended_by))

    def _unmarked(self, block: Block) -> None:
        if self.top.startswith("annex_") and "." not in self.top and (match := _DIVISION.match(block.text)):
            self.holder = f"{self.top}.{match[1].lower()}_{match[2].lower()}"
        self.seen[self.holder] += 1
        count = self.seen[self.holder]
        self.here = self.holder if count == 1 or "annex" in self.top else f"{self.holder}.subpar_{count}"
        if not _DELETED.match(block.text):
            self.lines.append(Line(self.here, block.text, "", block.amended_by))

    def _dash(self, block: Block) -> None:
        """A bullet without a number belongs to the unit around it."""
        for number, inner in enumerate(block.inner):
            if inner.marker:
                self._dash(inner)
            else:
                self.lines.append(Line(self.here, inner.text, "" if number else block.marker, inner.amended_by))

    def _opens(self, marker: str) -> str | None:
        """Return the unit that a number at the top level opens: a paragraph of an article, a point of an annex."""
        match = _NUMBER.match(marker)
        if match is None or "." in self.top:
            return None
        if self.top.startswith("art_"):
            return f"{self.top}.par_{match[1]}"
        return f"{self._division()}.point_{match[1]}"

    def _segment(self, marker: str) -> str | None:
        match = _POINT.match(marker)
        if match is None:
            return None
        number = match[1].lower()
        if segment_kind(self.here) in ("point", "def", "") and not (self.numbered == "def" and number[0].isdigit()):
            return number
        return f"{self.numbered if number[0].isdigit() else 'point'}_{number}"

    def _division(self) -> str:
        """The annex, or its section, that is open."""
        return self.holder.partition(".point_")[0]
