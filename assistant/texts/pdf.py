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
from assistant.texts.rows import RaisedNumbers, Row, note_numbers, note_text, split_notes

CJK = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_NUMBER = re.compile(r"^[-–\s]*(?:page\s*)?\d+(?:\s*(?:/|of)\s*\d+)?[-–\s]*$", re.IGNORECASE)
BREAK = "\ue000"  # where a row ended in a hyphen, until all words of the document are known
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(rf"([^\W\d_]+)-{BREAK}([^\W\d_]+)")
_EDGE = 3  # rows at the top and at the bottom of a page that may be header or footer
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
        raise UnreadableTextError(_MESSAGES[error].format(**values, detail=result.get("detail", "")), error)
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
            "No page of the PDF has text: it is empty or scanned. Run text recognition (OCR) over it first.",
            "scanned",
        )
    body_size = _body_size(pages)
    bodies, notes = _without_edges(pages, body_size)
    paragraphs = _paragraphs(bodies, body_size)
    known = {word.casefold() for _, text in paragraphs for word in _WORD.findall(text)}
    lines = [Line("", _mended(text, known), page=page) for page, text in paragraphs]
    return OfficialText(tuple(lines), notes=tuple(notes), pages=len(pages), empty_pages=empty), title


def _without_edges(pages: list[list[Row]], body_size: float) -> tuple[list[Row], list[str]]:
    """Take away headers, footers and footnotes; return the body's rows and the notes."""
    repeated = _repeated(pages)
    raised = RaisedNumbers()
    bodies: list[Row] = []
    notes: list[str] = []
    for rows in pages:
        body, foot = split_notes(_without_furniture(rows, repeated), body_size)
        bodies += raised.settle(body, {number for number in note_numbers(foot) if number})
        _add_notes(notes, foot)
    return bodies, notes


def _body_size(pages: list[list[Row]]) -> float:
    sizes = Counter[float]()
    for rows in pages:
        for row in rows:
            sizes[row.size] += len(row.text)
    return sizes.most_common(1)[0][0]


def _add_notes(notes: list[str], rows: list[Row]) -> None:
    """Join the rows of each note; one without a number goes on with the note before, from another page perhaps."""
    for row, number in zip(rows, note_numbers(rows), strict=True):
        text = clean(note_text(row))
        if number or not notes:
            notes.append(text)
        else:
            notes[-1] = join(notes[-1], text).replace(BREAK, "")


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
    return [*by_height[:_EDGE], *by_height[max(_EDGE, len(rows) - _EDGE) :]]


def _without_furniture(rows: list[Row], repeated: set[str]) -> list[Row]:
    """Take away page numbers and the headers and footers that pages share."""
    edges = _edges(rows)
    return [row for row in rows if not (row in edges and (_NUMBER.match(row.text) or _shape(row.text) in repeated))]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", clean(text))


def _paragraphs(rows: list[Row], body_size: float) -> list[tuple[int, str]]:
    """Join rows to paragraphs; a wider gap than between the rows before, or a number, begins a new one."""
    found: list[tuple[int, str]] = []
    above: Row | None = None
    usual = _usual_gap(rows)
    for row in rows:
        text = clean(row.text)
        if above is not None and found and (_same_title(above, row, body_size) or not _begins(above, row, usual)):
            found[-1] = found[-1][0], join(found[-1][1], text)
        else:
            found.append((row.page, text))
        above = row
    return found


def _usual_gap(rows: list[Row]) -> float:
    """Return the distance between baselines that most rows keep, in points."""
    gaps = Counter(round(above.y - row.y) for above, row in pairwise(rows) if above.page == row.page and above.y > row.y)
    return float(max((gap for gap, _ in gaps.most_common(1)), default=14))


def _same_title(above: Row, row: Row, body_size: float) -> bool:
    """Tell whether two rows are one title: large type, as close to each other as its size allows."""
    alike = row.page == above.page and row.size == above.size > 1.2 * body_size
    return alike and 0 < above.y - row.y <= 1.5 * row.size and not _STARTS.match(clean(row.text))


def _begins(above: Row, row: Row, usual: float) -> bool:
    if (_STARTS.match(clean(row.text)) and not _HYPHENATED.search(above.text)) or abs(row.size - above.size) > 1.5:
        return True
    if row.page != above.page:
        return above.text.rstrip()[-1:] in ".:;。"
    return not 0 <= above.y - row.y <= 1.35 * usual


_STARTS = re.compile(r"^(\(\d+\)|\([a-z]{1,4}\)|\d+(\.\d+)*\.\s|[•●–—➢]\s|第[0-9一二三四五六七八九十百]+[条章節])")
_HYPHENATED = re.compile(r"\S-\s*$")


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
    if CJK.match(before[-1:]) and CJK.match(after[:1]):
        return before + after
    return f"{before} {after}"
