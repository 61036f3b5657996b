"""What every parser makes of an official text: lines, each at home in one unit of the document.

A unit is the part of a provision id behind the document's id (``art_26.par_5``). The wording of a unit is
the lines at it and below it, in the order of the source. A sole or first unnumbered paragraph has no unit
of its own: it stands at the unit above.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from assistant.types import AssistantError

_KINDS = {
    "articles": "art_",
    "paragraphs": "par_",
    "points": "point_",
    "items": "item_",
    "definitions": "def_",
    "recitals": "recital_",
    "annexes": "annex_",
    "sections": "s_",
}
MAIN = ("art_", "recital_", "annex_", "point_", "s_")
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00ad": ""})
_SPACE = re.compile(r"\s+")


class UnreadableTextError(AssistantError):
    """A document cannot be read; the message says why and what to do, ``reason`` names it for other languages."""

    def __init__(self, message: str, reason: str = "other") -> None:
        super().__init__(message)
        self.reason = reason


def normalise(text: str) -> str:
    """Return ``text`` in NFKC with plain quotes and dashes and without white space: what a quote is compared on."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_PLAIN))


@dataclass(frozen=True)
class Line:
    """One paragraph or list item as printed, without its marker.

    ``marker`` is the printed number (``1.``, ``(a)``, ``二``); ``amended_by`` the CELEX number of the act that last
    changed the line, where the source tells; ``page`` the page it begins on, counted from 1, in paged sources.
    """

    unit: str
    text: str
    marker: str = ""
    amended_by: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class OfficialText:
    """A document as its publisher words it.

    ``headings`` are the titles of units, ``notes`` the footnotes, ``pages`` the number of pages of a paged source
    and ``empty_pages`` those without any text (scanned, as a rule).
    """

    lines: tuple[Line, ...]
    headings: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    pages: int | None = None
    empty_pages: tuple[int, ...] = ()

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit with a line or heading at it or below it, in the order of the source."""
        found: dict[str, None] = {}
        for unit in [*(line.unit for line in self.lines), *self.headings]:
            parts = unit.split(".")
            found.update(dict.fromkeys(".".join(parts[:end]) for end in range(1, len(parts) + 1) if unit))
        return tuple(found)

    @cached_property
    def normalised(self) -> str:
        """All lines with their markers, in the form in which quotes are compared."""
        return "".join(normalise(f"{line.marker}{line.text}") for line in self.lines)

    def contains(self, quote: str) -> bool:
        """Tell whether every line of ``quote`` stands in this text, word for word."""
        return all(normalise(line) in self.normalised for line in quote.splitlines() if line.strip())

    def at(self, unit: str) -> list[Line]:
        """Return the lines of ``unit``, those below it included; empty where it does not exist."""
        return [line for line in self.lines if line.unit == unit or line.unit.startswith(f"{unit}.")]

    def counts(self) -> dict[str, int]:
        """Count units by kind; what stands in supplementary provisions or amending quotations is not counted."""
        found: Counter[str] = Counter()
        for unit in self.units:
            own = unit.rpartition(".")[2]
            found.update(kind for kind, prefix in _KINDS.items() if own.startswith(prefix) and unit.startswith(MAIN))
        return dict(found)
