"""Everything that can be said against the knowledge base without reading the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from assistant.law.consistency import disagreements
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.law.originality import repeated_passages
from assistant.law.premises import Premise
from assistant.law.reading import KnowledgeError, Problem
from assistant.law.rule_check import rule_faults
from assistant.law.schema import Document, Obligation, Parallel, Provision, Term, Text

Entries = list[Document | Provision | Obligation | Term | Parallel | Premise]

HEADING_LENGTH = {"en": (2, 110), "ja": (1, 60)}
SUMMARY_LENGTH = {"en": (30, 1800), "ja": (15, 900)}


def faults(root: Path, official: Path | None = None, stale_before: date | None = None) -> list[Problem]:
    """Return every fault: schema and references first, and if there is none, what a reader would stumble over.

    ``official`` is a folder of official texts that no entry may repeat; ``stale_before`` reports
    the entries last checked before that day.
    """
    try:
        knowledge = load_knowledge(root)
    except KnowledgeError as error:
        return error.problems
    found = figure_faults(knowledge) + length_faults(knowledge) + date_faults(knowledge) + rule_faults(knowledge)
    if stale_before is not None:
        found += stale_faults(knowledge, stale_before)
    if official is not None:
        found += wording_faults(knowledge, official)
    return found


def figure_faults(knowledge: Knowledge) -> list[Problem]:
    """Return the bilingual texts whose two languages state different figures."""
    return [
        Problem(knowledge.file_of(entry), entry.id, path, f"figures in one language only: {_listed(odd)}")
        for entry in (*_entries(knowledge), *knowledge.questions.values(), *knowledge.outcomes.values())
        for path, odd in disagreements(entry)
    ]


def length_faults(knowledge: Knowledge) -> list[Problem]:
    """Return headings and summaries too short to be complete or too long to be read."""
    return [
        Problem(knowledge.file_of(entry), entry.id, key, f"has {count} characters, not {low} to {high}")
        for entry in knowledge.provisions.values()
        for key, count, low, high in _lengths(entry)
        if not low <= count <= high
    ]


def date_faults(knowledge: Knowledge) -> list[Problem]:
    """Return the provisions that claim to apply before they were first worded."""
    return [
        Problem(knowledge.file_of(entry), entry.id, "applies", f"applies from {min(line.days)}, but is worded from {first} on")
        for entry in knowledge.provisions.values()
        for line in entry.applies
        if not line.older and min(line.days) < (first := entry.wording[0].from_)
    ]


def stale_faults(knowledge: Knowledge, stale_before: date) -> list[Problem]:
    """Return the entries that nobody has checked since ``stale_before``."""
    return [
        Problem(knowledge.file_of(entry), entry.id, "checked_on", f"last checked on {entry.checked_on}: read it again")
        for entry in _entries(knowledge)
        if entry.checked_on < stale_before
    ]


def wording_faults(knowledge: Knowledge, official: Path) -> list[Problem]:
    """Return the summaries that repeat a passage of the official texts in a folder.

    Raises:
        AssistantError: the folder holds no text that can be read.
    """
    texts = [
        (entry, f"wording.{index}.summary.{language}", getattr(wording.summary, language))
        for entry in knowledge.provisions.values()
        for index, wording in enumerate(entry.wording)
        for language in ("en", "ja")
    ]
    repeated = repeated_passages([text for _, _, text in texts], official)
    return [
        Problem(knowledge.file_of(texts[n][0]), texts[n][0].id, texts[n][1], f"repeats official wording: {passage}")
        for n, passage in repeated
    ]


def stale_day(today: date, days: int) -> date:
    """Return the first day that is not yet ``days`` days ago."""
    return today - timedelta(days=days)


def _entries(knowledge: Knowledge) -> Entries:
    return [
        *knowledge.documents.values(),
        *knowledge.provisions.values(),
        *knowledge.obligations.values(),
        *knowledge.terms.values(),
        *knowledge.parallels.values(),
        *knowledge.premises.values(),
    ]


def _lengths(entry: Provision) -> Iterator[tuple[str, int, int, int]]:
    """Yield (key, characters, fewest, most) for the heading and every summary of an entry."""
    texts: list[tuple[str, Text, dict[str, tuple[int, int]]]] = [("heading", entry.heading, HEADING_LENGTH)]
    texts += [(f"wording.{n}.summary", wording.summary, SUMMARY_LENGTH) for n, wording in enumerate(entry.wording)]
    for key, text, bounds in texts:
        for language, (low, high) in bounds.items():
            yield f"{key}.{language}", len(getattr(text, language)), low, high


def _listed(figures: set[float]) -> str:
    return ", ".join(f"{figure:g}" for figure in sorted(figures))
