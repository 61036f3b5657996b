"""An assessment as a spreadsheet: an overview, and one row a duty, to sort, filter and work through."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assistant.law.answers import UNKNOWN
from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment, DutyResult
from assistant.law.rules import Value
from assistant.law.words import said, word, written

_COLUMNS = (
    ("id", 9), ("duty", 32), ("text", 60), ("state", 12), ("force", 12), ("from", 12), ("who", 24), ("provisions", 32),
    ("sanction", 48), ("evidence", 40), ("exceptions", 40),
)  # fmt: skip
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write(knowledge: Knowledge, assessment: Assessment) -> bytes:
    """Return the owed and open duties as XLSX."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    _overview(book, knowledge, assessment)
    sheet = book.create_sheet(word("columns.duty", assessment.language))
    sheet.append([word(f"columns.{name}", assessment.language) for name, _ in _COLUMNS])
    for duty in assessment.obligations:
        if duty.outcome != "not_owed":
            sheet.append([_safe(value) for value in _row(knowledge, assessment, duty)])
    for number, (_, width) in enumerate(_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _overview(book: Workbook, knowledge: Knowledge, one: Assessment) -> None:
    """Add the first sheet: what it is, its state and day, the outcomes, the answers given and the points to clarify."""
    language = one.language
    sheet = book.create_sheet(word("summary", language))
    book.properties.creator, book.properties.title = one.reviewer or "", word("title", language)
    rows = [
        [word("title", language), one.system or ""],
        [word(f"status.{one.status}", language), written(one.day, language)],
        [word("disclaimer", language)],
        *([axis.title, word(axis.outcome, language), axis.statement] for axis in one.outcomes.values()),
    ]
    facts = one.answers.get("facts", {})
    for fact, question in knowledge.questions.items():
        if fact in facts:
            rows.append([question.text.in_language(language), said(_answer(facts[fact]), question.options, language)])
    clarify = word("clarify", language)
    rows += [[clarify, knowledge.questions[fact].text.in_language(language)] for fact in one.open_questions]
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for column, width in (("A", 60), ("B", 40), ("C", 60)):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _answer(raw: object) -> Value | None:
    """Return an answer of an answers file in the form in which it is told."""
    if isinstance(raw, list):
        return frozenset(raw)
    return None if raw == UNKNOWN else raw if isinstance(raw, bool | str | float) else str(raw)


def _row(knowledge: Knowledge, assessment: Assessment, duty: DutyResult) -> list[object]:
    language = assessment.language
    separator = word("separator", language)
    return [
        duty.id,
        duty.title,
        duty.duty,
        word("open" if duty.outcome == "open" else "columns.owed", language),
        word(f"forces.{duty.force.value}", language),
        word("day_or_earlier", language, day=duty.applies_from) if duty.older else duty.applies_from,
        separator.join(knowledge.roles[bearer].name.in_language(language) for bearer in duty.bearers),
        separator.join(knowledge.label(provision, language) for provision in duty.provisions),
        duty.sanction,
        "\n".join(duty.evidence),
        duty.exceptions or "",
    ]


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
