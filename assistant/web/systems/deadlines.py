"""Days to keep: those on which duties begin to apply, and those that people set themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.store.duties import TrackedDuty
from assistant.web.standing import Standing

_SETTLED = ("done", "not_applicable")


@dataclass(frozen=True, order=True)
class Deadline:
    """One day to keep; ``due`` was set by people, ``applies`` by the law."""

    day: date
    kind: Literal["due", "applies"]
    title: str
    duty: str
    system: str
    system_name: str


def deadlines(standing: Standing, tracked: Mapping[str, TrackedDuty]) -> list[Deadline]:
    """Return the days of a system that are still to be kept, in order: overdue ones are among them."""
    one, system = standing.assessment, standing.system
    found = []
    for duty in one.duties("owed", "open"):
        work = tracked.get(duty.id)
        if work is not None and work.state in _SETTLED:
            continue
        if work is not None and work.due is not None:
            found.append(Deadline(work.due, "due", duty.title, duty.id, system.id, system.name))
        if duty.outcome == "owed" and duty.applies_from and not duty.applies_now:
            found.append(Deadline(duty.applies_from, "applies", duty.title, duty.id, system.id, system.name))
    return sorted(found)
