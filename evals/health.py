"""Are the datasets in order? Form, slices, second readings, and gold that the law has overtaken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.texts.library import Library
from evals import tasks
from evals.cases import Case, Slice
from evals.freshness import gold_of, stale

LEAST = 20  # cases a slice must have, over both halves


@dataclass(frozen=True)
class Health:
    """Counts to print and faults that must be mended."""

    lines: list[str]
    faults: list[str]


def examine(knowledge: Knowledge, library: Library) -> Health:
    """Read every dataset and say how it stands.

    Raises:
        BadCaseError: a case does not fit.
    """
    halves = {path.name: tasks.read_questions(knowledge, path) for path in (tasks.QUESTIONS, tasks.HELD_OUT) if path.is_file()}
    questions = [case for half in halves.values() for case in half]
    lines = [f"{name}: {_counts(cases)}" for name, cases in halves.items()]
    lines.append(f"{tasks.ASSESSMENTS.name}: {len(tasks.read_assessments())} systems")
    lines.append(f"{tasks.EXTRACTIONS.name}: {len(tasks.read_extractions())} provisions of official texts")
    slices = Counter(part for case in questions for part in case.slices)
    lines += [f"  {part.value}: {slices[part]}" for part in Slice]
    kept = [one for case in questions for one in case.gold_hashes.values()]
    official = sum(one.startswith("official:") for one in kept)
    lines.append(f"gold: {len(kept)} hashes, {official} of official wording, {len(kept) - official} of summaries")
    faults = [f"the slice {part.value} has {slices[part]} cases; it needs {LEAST}" for part in Slice if slices[part] < LEAST]
    faults += [f"{case.id}: read by nobody but its author" for case in questions if not case.checked_by]
    for path, cases in halves.items():
        faults += _stale(Path(path), cases, knowledge, library)
    return Health(lines, faults + _twice(questions))


def _counts(cases: list[Case]) -> str:
    languages = Counter(case.language.value for case in cases)
    answerable = sum(case.answerable for case in cases)
    return f"{len(cases)} questions ({languages['en']} English, {languages['ja']} Japanese; {answerable} answerable)"


def _stale(path: Path, cases: list[Case], knowledge: Knowledge, library: Library) -> list[str]:
    found = []
    for case in cases:
        if changed := list(stale(case, knowledge, library)):
            found.append(f"{path.name}, {case.id}: the gold has changed since it was checked: {', '.join(changed)}")
        elif set(gold_of(case)) - case.gold_hashes.keys():
            found.append(f"{path.name}, {case.id}: gold without a hash; run 'evals check --stamp' where the official texts are")
    return found


def _twice(cases: list[Case]) -> list[str]:
    counts = Counter(case.id for case in cases)
    return [f"{identity} stands in both halves" for identity, count in counts.items() if count > 1]
