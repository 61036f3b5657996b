"""Reads one PDF in a process of its own, so that a hostile file can exhaust nothing but itself.

Run as ``python -m assistant.texts.pdf_child FILE MAX_PAGES MEMORY_MIB SECONDS``; prints one JSON object:
``{"pages": [[[y, x, size, text], …], …], "title": …}`` or ``{"error": CODE, "detail": …}``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PdfReadError, PyPdfError

from assistant.texts.rows import raised

Row = tuple[float, float, float, str]
_SAME_ROW = 2.5  # points between baselines of one row
_RAISED = 7.0  # points by which an exponent or the mark of a note may stand above its row
_DIGITS = 4  # at most, that such a number has
_SMALLER = 0.8  # of the row's type size, at most, is that of a raised number


def main(arguments: list[str]) -> None:
    """Read the file named in ``arguments`` within its limits and print what it holds."""
    path, max_pages, memory_mib, seconds = arguments[0], *map(int, arguments[1:4])
    logging.disable(logging.CRITICAL)
    limit(memory_mib, seconds)
    try:
        result = _read(path, max_pages)
    except MemoryError:
        result = {"error": "memory"}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        result = {"error": "broken", "detail": str(error)[:200]}
    sys.stdout.write(json.dumps(result))


def limit(memory_mib: int, seconds: int) -> None:
    """Allow this process so much memory and processor time, where the system can limit them."""
    with contextlib.suppress(ImportError):  # Windows has no such limits: the parent's time limit remains
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_mib << 20, memory_mib << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))


def _read(path: str, max_pages: int) -> dict[str, Any]:
    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "encrypted"}
    count = len(reader.pages)
    if count > max_pages:
        return {"error": "pages", "detail": str(count)}
    pages = []
    for page in reader.pages:
        try:
            pages.append(_rows(page))
        except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            pages.append([])  # one broken page is told as a page without text
    title = reader.metadata.title if reader.metadata else None
    return {"pages": pages, "title": title if isinstance(title, str) else None}


def _rows(page: PageObject) -> list[Row]:
    """Return the rows of a page from top to bottom as the page draws them: baseline, left edge, type size, text."""
    rows: list[list[Any]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        text = text.replace("\n", "")
        if not text or (not text.strip() and not rows):
            return
        y, x, size = tm[5] * cm[3] + cm[5], tm[4] * cm[0] + cm[4], abs(size * tm[0] * cm[0]) or abs(size)
        last = rows[-1] if rows else None
        if last is not None and (not text.strip() or abs(last[0] - y) <= _SAME_ROW):
            last[3] += text
            last[2] = max(last[2], size) if text.strip() else last[2]
        elif last is not None and _is_raised(text, size, y, last[2], last[0]):
            last[3] += raised(text)
        elif last is not None and _is_raised(last[3], last[2], last[0], size, y):
            rows[-1] = [y, last[1], size, raised(last[3]) + text]
        else:
            rows.append([y, x, size, text])

    page.extract_text(visitor_text=visit)
    return [(round(y, 1), round(x, 1), round(size, 1), text) for y, x, size, text in rows if text.strip()]


def _is_raised(text: str, size: float, y: float, row_size: float, row_y: float) -> bool:
    number = text.strip()
    return size < _SMALLER * row_size and 0 < y - row_y < _RAISED and number.isdecimal() and len(number) <= _DIGITS


if __name__ == "__main__":
    main(sys.argv[1:])
