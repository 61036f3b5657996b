"""Plain text, as printed from a PDF or written by hand: pages by form feeds, paragraphs by empty rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.law.text_source import SectionHeading
from assistant.texts.markup import clean
from assistant.texts.model import Line, OfficialText, UnreadableTextError
from assistant.texts.pdf import BREAK, join
from assistant.texts.sections import opens

_PAGE_NUMBER = re.compile(r"^[-–\s]*\d+[-–\s]*$")
_BULLET = re.compile(r"^\s*([•●➢▪・○]|[（(]\d+[)）]|[①-⑳]|（※)")


def read(data: bytes, headings: Sequence[SectionHeading] = ()) -> OfficialText:
    """Read a text file into paragraphs; rows that open a section of ``headings`` stand alone.

    Raises:
        UnreadableTextError: it is not text in UTF-8, or empty.
    """
    if b"\0" in data:
        raise UnreadableTextError("The file is not text. If it is a PDF or a Word file, give it its proper ending.")
    try:
        pages = data.decode("utf-8-sig").replace("\r\n", "\n").split("\f")
    except UnicodeDecodeError as error:
        raise UnreadableTextError("The file is not UTF-8 text. Save it as UTF-8 and try again.") from error
    running = _running_heads(pages)
    titles = [heading for heading in headings if heading.title]
    lines: list[Line] = []
    fresh = True
    for number, page in enumerate(pages, start=1):
        for row in page.split("\n"):
            text = clean(row)
            if not text:
                fresh = True
            elif text in running or _PAGE_NUMBER.match(text):
                continue
            elif lines and not fresh and not _BULLET.match(row) and not opens(text, headings):
                last = lines[-1]
                lines[-1] = Line("", join(last.text, text).replace(BREAK, ""), page=last.page)
            else:
                lines.append(Line("", text, page=number if len(pages) > 1 else None))
                fresh = opens(text, titles)
    if not lines:
        raise UnreadableTextError("The file is empty.")
    return OfficialText(tuple(lines), pages=len(pages) if len(pages) > 1 else None)


def _running_heads(pages: list[str]) -> set[str]:
    """Return the first rows that many pages share."""
    firsts = Counter(next((clean(row) for row in page.split("\n") if row.strip()), "") for page in pages)
    return {row for row, count in firsts.items() if row and count > max(3, len(pages) // 3)}
