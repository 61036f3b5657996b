"""Do the loaders cut official texts into the right provisions? Compared by place, length and hash; no wording is kept.

Text is compared in reduced form: NFKC, case-folded, letters and digits alone. ``start`` counts reduced characters from the
beginning of the topmost unit (article, recital, annex, point of a guideline).
"""

from __future__ import annotations

import hashlib
import unicodedata

from assistant.law.knowledge import Knowledge
from assistant.texts.library import Library, find_unit
from assistant.texts.model import Line, OfficialText
from assistant.types import Language
from evals.cases import CaseId, Shape, Words
from evals.results import CaseResult, Verdict


class ExtractionCase(Shape):
    """One provision of one official text: where it stands and what it words, as a hash.

    ``page`` is of paged files alone; ``start`` is left out where what counts as the topmost unit is a matter of taste.
    """

    id: CaseId
    text: Words
    page: int | None
    provision: Words
    start: int | None
    length: int
    sha256: Words
    note: Words
    author: Words
    checked_by: Words | None = None


def extract_case(case: ExtractionCase, knowledge: Knowledge, library: Library) -> CaseResult:
    """Look a provision up in an installed text and judge place and wording.

    Raises:
        AssistantError: the text is not installed.
    """
    source = knowledge.texts[case.text]
    text = library.text(case.text)
    unit = find_unit(text, case.provision.removeprefix(f"{source.document}."))
    verdicts = {"found": Verdict(score=float(unit is not None), why="" if unit else f"no {case.provision}")}
    if unit is not None:
        verdicts |= _compared(case, text, unit)
    failing = [name for name, one in verdicts.items() if not one.passed]
    verdicts["right"] = Verdict(score=float(not failing), why=", ".join(failing))
    return CaseResult(id=case.id, language=Language(source.language), slices=[case.text], verdicts=verdicts)


def _compared(case: ExtractionCase, text: OfficialText, unit: str) -> dict[str, Verdict]:
    lines = text.at(unit)
    wording = reduced(lines)
    same = hashlib.sha256(wording.encode()).hexdigest() == case.sha256
    start = _start(text, unit)
    found = {
        "wording": Verdict(score=float(same), why="" if same else f"{len(wording)} characters, expected {case.length}"),
    }
    if case.start is not None:
        found["place"] = Verdict(
            score=float(start == case.start), why="" if start == case.start else f"at {start}, not {case.start}"
        )
    if case.page is not None:
        page = next((line.page for line in lines if line.page), None)
        found["page"] = Verdict(score=float(page == case.page), why="" if page == case.page else f"page {page}, not {case.page}")
    return found


def _start(text: OfficialText, unit: str) -> int:
    """Return how many reduced characters stand before a unit within its topmost unit."""
    whole = text.at(unit.split(".")[0])
    first = text.at(unit)[0]
    return len(reduced(whole[: next(place for place, line in enumerate(whole) if line is first)]))


def reduced(lines: list[Line]) -> str:
    """Return lines with their markers, reduced to letters and digits."""
    plain = unicodedata.normalize("NFKC", " ".join(f"{line.marker} {line.text}" for line in lines)).casefold()
    return "".join(character for character in plain if character.isalnum())
