"""Printed rows of a page, and the raised numbers in them: exponents, and marks of footnotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

_BEGIN, _END = "\ue001", "\ue002"  # around a raised number, until it is known what it is
_RAISED = re.compile(f"{_BEGIN}(\\d{{1,4}}){_END}")
_FIRST = re.compile(f"^{_BEGIN}(\\d{{1,4}}){_END}\\s*")
_PRINTED = re.compile(r"^(\d+)(?:\s+\S|$)")
# A number that stands alone, or behind a sign of multiplication, can have an exponent; part of a reference cannot: 2016/679.
_BASE = re.compile(r"(?:(?<![\w/.,-])|(?<=\dx))\d+(?:[.,]\d+)?$")
_LONGEST_BASE = 40  # characters


@dataclass(frozen=True)
class Row:
    """One printed row: its page (from 1), baseline and left edge in points from below and left, type size, text."""

    page: int
    y: float
    x: float
    size: float
    text: str


def raised(text: str) -> str:
    """Return a number that is printed raised, so that the row keeps it apart."""
    return f"{_BEGIN}{text.strip()}{_END}" + " " * text.endswith(" ")


def split_notes(rows: Sequence[Row], body_size: float) -> tuple[list[Row], list[Row]]:
    """Part the rows of a page into its text and the footnotes below.

    Notes are set smaller than the text; where they are not, they begin with a raised number that marks a place above, and
    stand off from the text as one close block down to the end of the page.
    """
    end = len(rows)
    while end and rows[end - 1].size <= 0.9 * body_size:
        end -= 1
    above: set[str] = set()
    for place, row in enumerate(rows[:end]):
        first = _FIRST.match(row.text)
        if first and first[1] in above and _is_block(rows, place, end):
            end = place
            break
        above.update(_RAISED.findall(row.text))
    return list(rows[:end]), list(rows[end:])


def _is_block(rows: Sequence[Row], start: int, end: int) -> bool:
    close = 1.5 * rows[start].size
    stands_off = rows[start - 1].y - rows[start].y > close
    return stands_off and all(0 < rows[place - 1].y - rows[place].y <= close for place in range(start + 1, end))


def note_numbers(notes: Sequence[Row]) -> list[str | None]:
    """Return, for each row below the text of a page, the number with which it begins a footnote, if it does."""
    form = _FIRST if any(_FIRST.match(row.text) for row in notes) else _PRINTED
    return [match[1] if (match := form.match(row.text.strip())) else None for row in notes]


class RaisedNumbers:
    """Tells exponents from marks of footnotes, page after page.

    A raised number right behind a digit is an exponent, unless the footnotes speak for a mark: one with this number stands
    on the page and no other raised number is its mark, or the number continues the count of marks.
    """

    def __init__(self) -> None:
        self._last = 0

    def settle(self, rows: Sequence[Row], numbers: Collection[str]) -> list[Row]:
        """Return the rows of a page with exponents written ``10^25`` and without marks; ``numbers`` are its notes'."""
        marks = {match[1] for row in rows for match in _RAISED.finditer(row.text) if not _can_have_exponent(match)}

        def written(match: re.Match[str]) -> str:
            number = match[1]
            mark = number not in marks and (number in numbers or int(number) == self._last + 1)
            if _can_have_exponent(match) and not mark:
                return f"^{number}"
            self._last = int(number)
            return ""

        return [replace(row, text=_RAISED.sub(written, row.text)) for row in rows]


def note_text(row: Row) -> str:
    """Return the text of a row of a footnote, with the note's number and exponents in plain characters."""
    text = _FIRST.sub(r"\1 ", row.text)
    return _RAISED.sub(lambda match: f"^{match[1]}" if _can_have_exponent(match) else "", text)


def _can_have_exponent(match: re.Match[str]) -> bool:
    return bool(_BASE.search(match.string[max(0, match.start() - _LONGEST_BASE) : match.start()]))
