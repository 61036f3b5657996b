"""The calendar of the law, read from the entries: no date stands here that no entry carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.law.knowledge import Knowledge
from assistant.law.schema import Provision, Text

Kind = Literal["applies", "ends", "deadline", "version"]


@dataclass(frozen=True)
class Milestone:
    """What happens to one provision or document on one day; ``note`` says to what it is limited, or what is due."""

    day: date
    kind: Kind
    entry: str
    note: Text | None = None


def timeline(knowledge: Knowledge) -> list[Milestone]:
    """Return every dated event of the knowledge base in the order of days.

    Rules that are merely older than our knowledge of them (``older``) have no day of beginning.
    """
    found = [milestone for entry in knowledge.provisions.values() for milestone in _of_provision(entry)]
    found += [
        Milestone(version.from_, "version", document.id)
        for document in knowledge.documents.values()
        for version in document.versions
    ]
    return sorted(found, key=lambda milestone: (milestone.day, milestone.entry, milestone.kind))


def _of_provision(entry: Provision) -> list[Milestone]:
    begins = [Milestone(line.from_, "applies", entry.id, line.case) for line in entry.applies if not line.older]
    ends = [Milestone(line.to, "ends", entry.id, line.case) for line in entry.applies if line.to is not None]
    due = [Milestone(deadline.day, "deadline", entry.id, deadline.what) for deadline in entry.deadlines]
    return begins + ends + due
