"""Which provisions a document really has, level by level, so that an invented one is told from a real one.

A table holds numbers only. ``top`` lists what stands directly in the document, ``below`` what stands in each unit:
``art_5.par_1: [point_a-h, point_ba]``. People leave levels out of a pinpoint that the text has (an unnumbered
subparagraph, a sole paragraph, the section of an annex), and call a sub-point a point; such a path is found all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from assistant.law.base import Entry, EntryId, Words
from assistant.law.pinpoint import roman

_ROMAN = [roman(number) for number in range(1, 40)]
_LETTERS = list("abcdefghijklmnopqrstuvwxyz")
_LEFT_OUT = ("subpar_", "section_", "part_")
_SOLE = ("par_1", "subpar_1")


@dataclass(frozen=True)
class Gap:
    """Where a path leaves the law: ``parent`` exists ("" is the document itself), ``segment`` does not stand in it."""

    parent: str
    segment: str


class Numbering(Entry):
    """The table of one document (``numbering/<document>.yaml``), over all its versions we have read.

    ``whole``: made from the complete official text, so that what is not listed does not exist, at any level. Otherwise
    only the kinds listed at the top and the units listed below are ruled on.
    """

    document: EntryId
    whole: bool = False
    top: list[Words]
    below: dict[str, list[Words]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _stands_in_itself(self) -> Self:
        for unit in self.below:
            parent, _, segment = unit.rpartition(".")
            if segment not in self.children(parent):
                raise ValueError(f"below: '{unit}' is not listed in '{parent or 'top'}'")
        return self

    def children(self, unit: str) -> tuple[str, ...]:
        """Return the segments that stand directly in a unit ("" for the document), in the order of the law."""
        return tuple(self._children.get(unit, ()))

    @cached_property
    def top_kinds(self) -> frozenset[str]:
        """The kinds of the units at the top of the document."""
        return frozenset(map(kind_of, self.children("")))

    def numbers_by(self, kind: str) -> bool:
        """Tell whether the document may have units of this kind (``art``, ``recital``, ``point``) at its top."""
        return not self.whole or kind in self.top_kinds

    def find(self, path: str) -> str | Gap:
        """Return the unit meant by ``path`` with the levels it left out, or where it leaves the law.

        Where several units fit, and where the table does not reach, the path comes back as it was written.
        """
        here = [""]
        for segment in path.split("."):
            if not any(self._rules_on(unit, segment) for unit in here):
                return path
            found = self._step(here, segment)
            if not found and not (segment in _SOLE and self._undivided(here, segment)):
                return Gap(here[0], segment)
            here = found or here
        return here[0] if len(here) == 1 else path

    def beside(self, gap: Gap) -> list[str]:
        """Return what does stand where a path leaves the law: units of the kind sought, else those of the first kind there."""
        row = [one for unit in self._reach([gap.parent]) for one in self.children(unit) if not one.startswith(_LEFT_OUT)]
        kinds = [kind_of(one) for one in row]
        kind = kind_of(gap.segment) if kind_of(gap.segment) in kinds else next(iter(kinds), None)
        return list(dict.fromkeys(one for one in row if kind_of(one) == kind))

    def _reach(self, here: list[str]) -> list[str]:
        """Return units, and those in them that may be left out of a path."""
        inner = [f"{unit}.{one}" for unit in here for one in self.children(unit) if _may_be_left_out(one)]
        return [*here, *self._reach(inner)] if inner else here

    @cached_property
    def _children(self) -> dict[str, dict[str, None]]:
        tables = {"": self.top, **self.below}
        return {unit: dict.fromkeys(expanded(ranges)) for unit, ranges in tables.items()}

    def _rules_on(self, unit: str, segment: str) -> bool:
        if self.whole or unit:
            return self.whole or unit in self._children
        return kind_of(segment) in self.top_kinds

    def _step(self, here: list[str], segment: str) -> list[str]:
        """Return the units that ``segment`` opens in ``here``: directly, else below levels that may be left out."""
        variants = (segment, number_of(segment) if kind_of(segment) == "point" else f"point_{segment}")
        direct = [f"{unit}.{one}".lstrip(".") for unit in here for one in variants if one in self._children.get(unit, ())]
        if direct or here == [""]:
            return direct
        inner = [f"{unit}.{one}" for unit in here for one in self._children.get(unit, ()) if _may_be_left_out(one)]
        return self._step(inner, segment) if inner else []

    def _undivided(self, here: list[str], segment: str) -> bool:
        """Tell whether units have no numbers of this kind: the first of them is then the unit itself."""
        kinds = {kind_of(one) for unit in here for one in self._children.get(unit, ())}
        return kind_of(segment) not in kinds or segment == "subpar_1"


def kind_of(segment: str) -> str:
    """Return the kind of a segment: ``par`` of ``par_2``, nothing of a bare ``i``."""
    return segment.partition("_")[0] if "_" in segment else ""


def number_of(segment: str) -> str:
    """Return the number of a segment: ``2`` of ``par_2``, ``9_2`` of ``item_9_2``."""
    return segment.partition("_")[2] if "_" in segment else segment


def expanded(ranges: Iterable[str]) -> Iterator[str]:
    """Yield the segments of ranges such as ``par_1-8``, ``point_a-h``, ``i-iii``, ``annex_i-xiv``.

    Raises:
        ValueError: the ends of a range do not follow each other.
    """
    for one in ranges:
        first, _, last = one.partition("-")
        kind = f"{kind_of(first)}_" if kind_of(first) else ""
        numbers = _between(number_of(first), last) if last else [number_of(first)]
        if not numbers:
            raise ValueError(f"'{one}' is no range: write it from the lower to the higher number")
        yield from (f"{kind}{number}" for number in numbers)


def compressed(segments: Iterable[str]) -> list[str]:
    """Return segments as ranges, in their order."""
    runs: list[list[str]] = []
    for segment in segments:
        if runs and _ranged([*runs[-1], segment]):
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return [_ranged(run) or run[0] for run in runs]


def _ranged(run: list[str]) -> str | None:
    """Return the range that stands for a run, or nothing where no range does."""
    if len(run) < 2 or "_" in number_of(run[0]) or kind_of(run[0]) != kind_of(run[-1]):
        return None
    text = f"{run[0]}-{number_of(run[-1])}"
    try:
        return text if list(expanded([text])) == run else None
    except ValueError:
        return None


def _between(first: str, last: str) -> list[str]:
    if first.isdigit() and last.isdigit():
        return [str(number) for number in range(int(first), int(last) + 1)]
    row = _ROMAN if first == "i" and last in _ROMAN else _LETTERS
    return list(row[row.index(first) : row.index(last) + 1]) if first in row and last in row else []


def _may_be_left_out(segment: str) -> bool:
    return segment == "par_1" or segment.startswith(_LEFT_OUT)
