"""The report's Markdown as blocks, from which the other formats are made: they all say the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["title", "section", "entry", "quote", "item", "rule", "text", "page", "timeline"]
PAGE, TIMELINE = "<!-- page -->", "<!-- timeline -->"  # a new page, and where the picture stands
_FORMS: tuple[tuple[str, Kind], ...] = (
    ("### ", "entry"), ("## ", "section"), ("# ", "title"), ("> ", "quote"), ("- ", "item"), ("---", "rule"),
    (PAGE, "page"), (TIMELINE, "timeline"),
)  # fmt: skip
_SPECIAL, _ESCAPED = re.compile(r"([\\`*_\[\]#!])"), re.compile(r"\\([\\`*_\[\]#!])")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"<(https://[^>]+)>")


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list item; ``runs`` are (text, is strong), ``link`` an address at its end."""

    kind: Kind
    runs: tuple[tuple[str, bool], ...]
    link: str | None = None

    @property
    def text(self) -> str:
        """The text without emphasis and link."""
        return "".join(text for text, _ in self.runs)


def blocks_of(markdown: str) -> Iterator[Block]:
    """Yield the blocks of a report, line by line."""
    for line in markdown.splitlines():
        if line.strip():
            kind, text = next(((kind, line.removeprefix(mark)) for mark, kind in _FORMS if line.startswith(mark)), ("text", line))
            link = _LINK.search(text)
            plain = _LINK.sub("", text).strip().removesuffix(":").strip() if link else text.strip()
            if kind == "text" and plain.startswith("*") and plain.endswith("*") and not plain.startswith("**"):
                plain = plain.strip("*")
            yield Block(kind, tuple(_runs(plain)), link[1] if link else None)


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for place, part in enumerate(_STRONG.split(text)):
        if part:
            yield html.unescape(_ESCAPED.sub(r"\1", part)), place % 2 == 1


def literal(text: str) -> str:
    """Return what a user wrote so that no Markdown or HTML comes of it, on one line; blocks give it back as it was."""
    return _SPECIAL.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))
