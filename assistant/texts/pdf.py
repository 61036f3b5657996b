"""PDF files: paragraphs with page numbers; headers, footers and footnotes kept apart.

Reading happens in a child process with limits on pages, memory and time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assistant.texts.markup import clean
from assistant.texts.model import Line, OfficialText, UnreadableTextError

_CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_NUMBER = re.compile(r"^[-–\s]*(?:page\s*)?\d+(?:\s*(?:/|of)\s*\d+)?[-–\s]*$", re.IGNORECASE)
BREAK = "\ue000"  # where a row ended in a hyphen, until all words of the document are known
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(rf"([^\W\d_]+)-{BREAK}([^\W\d_]+)")
_EDGE = 2  # rows at the top and at the bottom of a page that may be header or footer
_MESSAGES = {
    "encrypted": "The PDF is protected by a password. Save a copy without protection and add that.",
    "memory": "Reading the PDF needs more than the {memory} MiB allowed; it was not read, as it may be damaged or hostile.",
    "broken": "The PDF is damaged and cannot be read. Open it in a viewer and save it anew, or get it again from its source.",
    "pages": "The PDF has {detail} pages; the limit is {pages}. Split it, or raise ASSISTANT_MAX_PAGES.",
    "time": "Reading the PDF took longer than the {seconds} seconds allowed for one file; it was not read.",
}


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost: pages, memory in MiB, seconds."""

    pages: int = 2000
    memory_mib: int = 2048
    seconds: int = 600


@dataclass(frozen=True)
class Row:
    """One printed row: its page (from 1), baseline and left edge in points from below and left, type size, text."""

    page: int
    y: float
    x: float
    size: float
    text: str


def rows_of(path: Path, limits: Limits) -> tuple[list[list[Row]], str | None]:
    """Return the rows of every page, and the title the file gives itself.

    Raises:
        UnreadableTextError: the file is broken, protected, empty or beyond a limit.
    """
    command = [sys.executable, "-m", "assistant.texts.pdf_child", str(path.resolve())]
    command += [str(limits.pages), str(limits.memory_mib), str(limits.seconds)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds + 10, check=False, text=True)
        result = json.loads(done.stdout) if done.stdout else {"error": "memory" if done.returncode != -24 else "time"}
    except subprocess.TimeoutExpired:
        result = {"error": "time"}
    except json.JSONDecodeError:
        result = {"error": "broken"}
    if error := result.get("error"):
        values = {"pages": limits.pages, "memory": limits.memory_mib, "seconds": limits.seconds}
        raise UnreadableTextError(_MESSAGES[error].format(**values, detail=result.get("detail", "")))
    pages = [[Row(number, *row) for row in rows] for number, rows in enumerate(result["pages"], start=1)]
    return pages, result["title"]


def read(path: Path, limits: Limits | None = None) -> OfficialText:
    """Read a PDF into paragraphs.

    Raises:
        UnreadableTextError: the file is broken, protected, empty or beyond a limit.
    """
    return read_with_title(path, limits or Limits())[0]


def read_with_title(path: Path, limits: Limits) -> tuple[OfficialText, str | None]:
    """Read a PDF into paragraphs, and the title that the file gives itself.

    Raises:
        UnreadableTextError: the file is broken, protected, empty or beyond a limit.
    """
    pages, title = rows_of(path, limits)
    empty = tuple(number for number, rows in enumerate(pages, start=1) if not rows)
    if len(empty) == len(pages):
        raise UnreadableTextError(
            "No page of the PDF has text: it is empty or scanned. Run text recognition (OCR) over it first."
        )
    bodies, notes = _without_edges(pages)
    paragraphs = _paragraphs(bodies)
    known = {word.casefold() for _, text in paragraphs for word in _WORD.findall(text)}
    lines = [Line("", _mended(text, known), page=page) for page, text in paragraphs]
    return OfficialText(tuple(lines), notes=tuple(notes), pages=len(pages), empty_pages=empty), title


def _without_edges(pages: list[list[Row]]) -> tuple[list[Row], list[str]]:
    """Take away headers, footers and footnotes; return the body's rows and the notes."""
    repeated = _repeated(pages)
    sizes = Counter[float]()
    for rows in pages:
        for row in rows:
            sizes[row.size] += len(row.text)
    body_size = sizes.most_common(1)[0][0]
    bodies, notes = [], []
    for rows in pages:
        edges = _edges(rows)
        kept = [row for row in rows if not (row in edges and _is_furniture(row, repeated))]
        end = len(kept)
        while end and kept[end - 1].size <= 0.9 * body_size:
            end -= 1
        bodies += kept[:end]
        notes += _notes(kept[end:])
    return bodies, notes


def _notes(rows: list[Row]) -> list[str]:
    """Join a note's number, which is printed as a row of its own, with its text."""
    found: list[str] = []
    for row in rows:
        text = clean(row.text)
        starts = text.isdigit() or re.match(r"^\d+\s+\S", text)
        if starts or not found:
            found.append(text)
        else:
            found[-1] = join(found[-1], text).replace(BREAK, "")
    return found


def _repeated(pages: list[list[Row]]) -> set[str]:
    found: Counter[str] = Counter()
    for rows in pages:
        found.update({_shape(row.text) for row in _edges(rows)})
    repeated = {shape for shape, count in found.items() if count > max(1, len(pages) // 4)}
    edges = sum(len(row.text) for rows in pages for row in _edges(rows) if _shape(row.text) in repeated)
    # Where most of a document would go, its pages are alike rather than headed alike.
    return repeated if 2 * edges < sum(len(row.text) for rows in pages for row in rows) else set()


def _edges(rows: list[Row]) -> list[Row]:
    """Return the highest and the lowest rows of a page, in whatever order they were drawn."""
    by_height = sorted(rows, key=lambda row: row.y)
    return [*by_height[:_EDGE], *by_height[-_EDGE:]]


def _is_furniture(row: Row, repeated: set[str]) -> bool:
    return bool(_NUMBER.match(row.text)) or _shape(row.text) in repeated


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", clean(text))


def _paragraphs(rows: list[Row]) -> list[tuple[int, str]]:
    """Join rows to paragraphs; a wider gap than between the rows before, or a number, begins a new one."""
    found: list[tuple[int, str]] = []
    above: Row | None = None
    usual = _usual_gap(rows)
    for row in rows:
        text = clean(row.text)
        if above is not None and found and not _begins(above, row, usual):
            found[-1] = found[-1][0], join(found[-1][1], text)
        else:
            found.append((row.page, text))
        above = row
    return found


def _usual_gap(rows: list[Row]) -> float:
    """Return the distance between baselines that most rows keep, in points."""
    gaps = Counter(round(above.y - row.y) for above, row in pairwise(rows) if above.page == row.page and above.y > row.y)
    return float(max((gap for gap, _ in gaps.most_common(1)), default=14))


def _begins(above: Row, row: Row, usual: float) -> bool:
    if _STARTS.match(clean(row.text)) or abs(row.size - above.size) > 1.5:
        return True
    if row.page != above.page:
        return above.text.rstrip()[-1:] in ".:;。"
    return not 0 <= above.y - row.y <= 1.35 * usual


_STARTS = re.compile(r"^(\(\d+\)|\([a-z]{1,4}\)|\d+(\.\d+)*\.\s|[•●–—➢]\s|第[0-9一二三四五六七八九十百]+[条章節])")


def _mended(text: str, known: set[str]) -> str:
    """Undo the breaks of words at the end of rows.

    A word that the document also has unbroken is joined, with an invisible soft hyphen for where it was broken; any
    other keeps its hyphen.
    """

    def whole(match: re.Match[str]) -> str:
        before, after = match.groups()
        return f"{before}\u00ad{after}" if (before + after).casefold() in known else f"{before}-{after}"

    return _BROKEN.sub(whole, text).replace(BREAK, "")


def join(before: str, after: str) -> str:
    """Join two rows of one paragraph: nothing between Japanese characters or behind a hyphen, else a space."""
    if before.endswith("-") and after[:1].islower():
        return f"{before}{BREAK}{after}"
    if _CJK.match(before[-1:]) and _CJK.match(after[:1]):
        return before + after
    return f"{before} {after}"
