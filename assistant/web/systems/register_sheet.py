"""The register as a spreadsheet, to read and to work in, and back: what was not touched comes back as it was."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from assistant.store.duties import STATES as DUTY_STATES
from assistant.store.systems import STATES
from assistant.types import Language
from assistant.web.i18n import Texts, texts
from assistant.web.systems.register_file import Entry, NotARegisterError, Read, checked

# Sheets with their columns and widths. Those in _TOLD are for readers; they are not read back.
_SHEETS: Mapping[str, Mapping[str, int]] = {
    "systems": {
        "id": 15, "name": 32, "owner": 20, "state": 12, "reviewer": 20, "questionnaire": 12, "date": 12, "copied_from": 15,
        "mark": 12, "fault": 20,
    },
    "answers": {"id": 15, "name": 24, "fact": 28, "question": 60, "answer": 36, "value": 24, "note": 40},
    "duties": {
        "id": 15, "name": 24, "duty": 10, "title": 40, "outcome": 14, "applies": 14, "state": 14, "reason": 30, "person": 20,
        "due": 12, "notes": 40, "files": 30,
    },
    "comments": {"id": 15, "name": 24, "about": 20, "actor": 20, "at": 32, "text": 60},
}  # fmt: skip
_TOLD = {"fault", "question", "answer", "title", "outcome", "applies", "files"}
_NEEDED = {
    "systems": ("id", "name"),
    "answers": ("id", "fact", "value"),
    "duties": ("id", "duty", "state"),
    "comments": ("id", "text", "at"),
}
_STATES = {"systems": ("state_", STATES), "duties": ("duty_", DUTY_STATES)}
_LAID_OUT = Alignment(wrap_text=True, vertical="top")
_MOST_ROWS, _MOST_COLUMNS, _UNPACKED = 100_000, 64, 200 << 20
_ID = re.compile(r"[0-9a-f]{12}")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_RISKY_WRITTEN = re.compile(r"'+[=+\-@\t\r]")
# What XML cannot hold, or what spreadsheet programs take for an escape of their own, is written as \uXXXX.
_ODD = re.compile(r"[\x00-\x08\x0b-\x0f\x10-\x1f\ufffe\uffff]|\\(?=u[0-9a-f]{4})|_(?=x[0-9A-Fa-f]{4}_)|x(?=005F_)")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError,
    SyntaxError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip


class _Unreadable:
    """A formula, or the error that one left: what it stands for is not in the file."""

    def __str__(self) -> str:
        return "=…"


@dataclass
class _Gathered:
    """What the sheets hold about one system, in the form of the JSON file."""

    data: dict[str, Any]
    misfits: list[tuple[str, str]] = field(default_factory=list)


def to_sheet(entries: Iterable[tuple[Entry, dict[str, Any]]], t: Texts) -> bytes:
    """Return a register as XLSX; beside what was written stands what it was told, in the language of ``t``."""
    book, every = Workbook(), list(entries)
    if book.active is not None:
        book.remove(book.active)
    axes = list(dict.fromkeys(axis["title"] for _, told in every for axis in told["outcomes"]))
    for name, columns in _SHEETS.items():
        sheet = book.create_sheet(t(f"exchange_sheet_{name}"))
        extra = axes if name == "systems" else []
        rows = (row for number, (entry, told) in enumerate(every, 1) for row in _rows(name, entry, told, number))
        headings = {column: t(f"exchange_col_{column}") for column in columns} | {axis: axis for axis in extra}
        for place, row in enumerate([headings, *rows], start=1):
            for column, key in enumerate(headings, start=1):
                value = row.get(key)
                if key == "state" and place > 1 and isinstance(value, str):
                    value = t(_STATES[name][0] + value)
                if value not in (None, ""):
                    _put(sheet.cell(place, column), value)
        for column, width in enumerate([*columns.values(), *(16 for _ in extra)], start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "C2"
        sheet.auto_filter.ref = sheet.dimensions
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _put(cell: Any, value: str | date) -> None:
    cell.value = _encoded(value) if isinstance(value, str) else value
    cell.alignment = _LAID_OUT
    if isinstance(value, str):
        cell.data_type = "s"  # whatever it looks like


def _rows(sheet: str, entry: Entry, told: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of one system; one without an id is named by its place."""
    key = {"id": entry.id or str(number), "name": entry.name}
    match sheet:
        case "systems":
            given = {one: entry.answers.get(one) for one in ("questionnaire", "date")}
            own = {one: getattr(entry, one) for one in ("owner", "state", "reviewer", "copied_from", "mark")}
            yield {**key, **own, **given, "fault": told["fault"], **{axis["title"]: axis["outcome"] for axis in told["outcomes"]}}
        case "answers":
            facts, notes = entry.answers.get("facts", {}), entry.answers.get("notes", {})
            for fact in {**facts, **notes}:
                value = _written(facts[fact]) if fact in facts else None
                yield {**key, "fact": fact, **told["answers"].get(fact, {}), "value": value, "note": notes.get(fact)}
        case "duties":
            tracked = {one.duty: one.model_dump() for one in entry.duties}
            for duty in {**told["duties"], **tracked}:
                yield {**key, "duty": duty, "state": DUTY_STATES[0], **told["duties"].get(duty, {}), **tracked.get(duty, {})}
        case _:
            yield from ({**key, **one.model_dump(), "at": one.at.isoformat()} for one in entry.comments)


def from_sheet(content: bytes) -> list[Read]:
    """Return the systems of an XLSX file, whichever language its headings are in.

    Raises:
        NotARegisterError: it is broken, of something else, or too long.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > _UNPACKED:
                raise NotARegisterError("exchange_unpacked", limit=_UNPACKED >> 20)
        found = {name: list(rows) for name, rows in _sheets(content)}
    except _BROKEN as error:
        raise NotARegisterError("exchange_broken") from error
    if "systems" not in found:
        raise NotARegisterError("exchange_foreign")
    systems: dict[str, _Gathered] = {}
    for place, row in found["systems"]:
        _begin(systems, place, row)
    for sheet, take in (("answers", _take_answer), ("duties", _take_duty), ("comments", _take_comment)):
        for place, row in found.get(sheet, []):
            key = _text(row["id"])
            if key not in systems:
                raise NotARegisterError("exchange_orphan", sheet=sheet, row=place, id=str(key)[:40])
            take(systems[key], place, row)
    read = checked([one.data for one in systems.values()])
    return [
        Read(one.name, None, (*gathered.misfits, *one.misfits)) if gathered.misfits else one
        for one, gathered in zip(read, systems.values(), strict=True)
    ]


def _sheets(content: bytes) -> Iterator[tuple[str, Iterator[tuple[int, dict[str, Any]]]]]:
    """Yield the sheets that are ours with their rows; those of readers are left aside."""
    languages = [texts(language) for language in Language]
    names = {t(f"exchange_sheet_{name}"): name for t in languages for name in _SHEETS}
    book = load_workbook(BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        if name := names.get(sheet.title):
            columns = {t(f"exchange_col_{key}"): key for t in languages for key in _SHEETS[name] if key not in _TOLD}
            sheet.reset_dimensions()  # what a file says about its own size is not always so
            yield name, _body(name, sheet.iter_rows(max_col=_MOST_COLUMNS), columns)


def _body(name: str, rows: Iterator[Any], columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    keys = [columns.get(str(cell.value).strip(), "") for cell in next(rows, ())]
    if missing := [key for key in _NEEDED[name] if key not in keys]:
        raise NotARegisterError("exchange_columns", sheet=name, columns=missing)
    for place, row in enumerate(rows, start=2):
        if place > _MOST_ROWS:
            raise NotARegisterError("exchange_rows", sheet=name, most=_MOST_ROWS)
        values = dict.fromkeys(columns.values()) | {key: _value(cell) for key, cell in zip(keys, row, strict=False) if key}
        if any(value is not None for value in values.values()):
            yield place, values


def _value(cell: Any) -> Any:
    if cell.data_type in ("f", "e"):
        return _Unreadable()
    return _decoded(cell.value) if isinstance(cell.value, str) else cell.value


def _begin(systems: dict[str, _Gathered], place: int, row: dict[str, Any]) -> None:
    key = _text(row["id"])
    answers = {name: given for name in ("questionnaire", "date") if (given := _text(row[name])) != ""}
    data: dict[str, Any] = {
        "id": key if isinstance(key, str) and _ID.fullmatch(key) else None,
        **{name: _text(row[name]) for name in ("name", "owner", "mark")},
        **{name: _text(row[name]) or None for name in ("reviewer", "copied_from")},
        "state": _state("systems", row["state"]),
        "answers": {**answers, "facts": {}},
        "duties": [],
        "comments": [],
    }
    gathered = _Gathered(data)
    if not isinstance(key, str) or not key or key in systems:
        gathered.misfits.append((f"systems {place} id", str(key)[:40]))
        key = f"systems {place}"
    systems[key] = gathered


def _take_answer(one: _Gathered, place: int, row: dict[str, Any]) -> None:
    fact, answers = _text(row["fact"]), one.data["answers"]
    if not isinstance(fact, str) or fact in answers["facts"]:
        one.misfits.append((f"answers {place} fact", str(fact)[:40]))
        return
    if row["value"] is not None:
        value = _read(row["value"])
        answers["facts"][fact] = value
        if isinstance(value, _Unreadable):
            one.misfits.append((f"answers {place} value", str(value)))
    if note := _text(row["note"]):
        answers.setdefault("notes", {})[fact] = note


def _take_duty(one: _Gathered, _: int, row: dict[str, Any]) -> None:
    due = row["due"]
    data = {name: _text(row[name]) for name in ("duty", "reason", "person", "notes")}
    due = due.date() if isinstance(due, datetime) else due or None
    one.data["duties"].append({**data, "state": _state("duties", row["state"]), "due": due})


def _take_comment(one: _Gathered, _: int, row: dict[str, Any]) -> None:
    data = {name: _text(row[name]) for name in ("actor", "text", "at")}
    one.data["comments"].append({**data, "about": _text(row["about"]) or None})


def _state(sheet: str, value: Any) -> Any:
    """Return a state by its word in either language."""
    prefix, states = _STATES[sheet]
    words = {texts(language)(prefix + state): state for language in Language for state in states}
    text = _text(value)
    return words.get(text, text) if isinstance(text, str) and text else states[0] if text == "" else text


def _text(value: Any) -> Any:
    """Return what stands in a cell for text; spreadsheet programs make numbers and days of some."""
    match value:
        case None:
            return ""
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
    return value


def _written(value: Any) -> str:
    """Return an answer as a cell holds it: a text as it is where it could be nothing else, all others as JSON."""
    return value if isinstance(value, str) and value and not _is_json(value) else json.dumps(value, ensure_ascii=False)


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return json.loads(value) if _is_json(value) else value
    return _text(value) if isinstance(value, date) else value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _encoded(text: str) -> str:
    """Return a text as a cell holds it: none that a program could take for a formula or for an escape."""
    text = _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"'{text}" if _RISKY.match(text) else text


def _decoded(text: str) -> str:
    text = text[1:] if _RISKY_WRITTEN.match(text) else text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
