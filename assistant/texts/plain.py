"""Plain text, as printed from a PDF or written by hand: pages by form feeds, paragraphs by empty rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.law.text_source import SectionHeading
from assistant.texts.markup import clean
from assistant.texts.model import Line, OfficialText, UnreadableTextError
from assistant.texts.page_notes import PageNotes
from assistant.texts.pdf import BREAK, CJK, join
from assistant.texts.sections import opening

_PAGE_NUMBER = re.compile(r"^[-–\s]*\d+[-–\s]*$")
_BULLET = re.compile(r"^\s*([•●➢▪・○]|[（(]\d+[)）]|[①-⑳]|（※)")


def read(data: bytes, headings: Sequence[SectionHeading] = ()) -> OfficialText:
    """Read a text file into paragraphs; rows that open a section of ``headings`` stand alone.

    Raises:
        UnreadableTextError: it is not text in UTF-8, or empty.
    """
    if b"\0" in data:
        raise UnreadableTextError("The file is not text. If it is a PDF or a Word file, give it its proper ending.", "not_text")
    try:
        pages = data.decode("utf-8-sig").replace("\r\n", "\n").split("\f")
    except UnicodeDecodeError as error:
        raise UnreadableTextError("The file is not UTF-8 text. Save it as UTF-8 and try again.", "not_utf8") from error
    notes = PageNotes()
    reading = _Reading(headings)
    running = _running_heads(pages)
    for number, page in enumerate(pages, start=1):
        rows = page.split("\n")
        reading.page = number if len(pages) > 1 else None
        for row in notes.take(rows) if len(pages) > 1 else rows:
            text = clean(row)
            if not (text and (text in running or _PAGE_NUMBER.match(text))):
                reading.row(text)
    if not reading.lines:
        raise UnreadableTextError("The file is empty.", "empty")
    return OfficialText(tuple(reading.lines), notes=tuple(notes.notes), pages=len(pages) if len(pages) > 1 else None)


class _Reading:
    """Joins rows to lines: empty rows, bullets and headings part them; a title may take several rows."""

    def __init__(self, headings: Sequence[SectionHeading]) -> None:
        self.lines: list[Line] = []
        self.page: int | None = None
        self._headings = headings
        self._fresh = True
        self._title = False

    def row(self, text: str) -> None:
        heading = opening(text, self._headings)
        if not text:
            self._fresh, self._title = True, False
        elif self.lines and heading is None and self._goes_on(text):
            last = self.lines[-1]
            self.lines[-1] = replace(last, text=join(last.text, text).replace(BREAK, ""))
        else:
            self.lines.append(Line("", text, page=self.page))
            self._fresh = self._title = heading is not None and heading.title

    def _goes_on(self, text: str) -> bool:
        if self._title:
            return _ends_title(self.lines[-1].text, text)
        return not self._fresh and not _BULLET.match(text)


def _ends_title(title: str, text: str) -> bool:
    """Tell whether the row right below a title belongs to it: what a capital letter or a bullet begins does not."""
    return text[0].islower() or bool(CJK.match(title[-1]) and (CJK.match(text[0]) or text[0].isdigit()))


def _running_heads(pages: list[str]) -> set[str]:
    """Return the first rows that many pages share."""
    firsts = Counter(next((clean(row) for row in page.split("\n") if row.strip()), "") for page in pages)
    return {row for row, count in firsts.items() if row and count > max(3, len(pages) // 3)}
