"""Two assessments side by side: what another answer, another day or changed law makes of a system."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from assistant.law.assessment import Assessment, DutyResult


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OutcomeChange(_Shape):
    """An axis whose outcome differs."""

    id: str
    title: str
    before: str
    after: str


class MovedDuty(_Shape):
    """A duty that is owed in both, from another day."""

    id: str
    title: str
    before: date | None
    after: date | None


class Comparison(_Shape):
    """What differs: outcomes, duties that came or went, days that moved, wording that changed; and why that can be."""

    outcomes: list[OutcomeChange]
    added: list[str]
    removed: list[str]
    opened: list[str]
    moved: list[MovedDuty]
    reworded: list[str]
    other_knowledge: bool
    other_day: bool

    @property
    def nothing(self) -> bool:
        """Tell whether nothing differs in what follows."""
        return not (self.outcomes or self.added or self.removed or self.opened or self.moved or self.reworded)


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Return what differs between two assessments; both must be told in the same language for wording to be compared."""
    old, new = ({duty.id: duty for duty in one.obligations} for one in (before, after))
    owed_before, owed_after = (_in_state(duties, "owed") for duties in (old, new))
    both = [duty for duty in owed_after if duty in owed_before]
    same_language = before.language is after.language
    return Comparison(
        outcomes=[
            OutcomeChange(id=name, title=one.title, before=before.outcomes[name].outcome, after=one.outcome)
            for name, one in after.outcomes.items()
            if name in before.outcomes and before.outcomes[name].outcome != one.outcome
        ],
        added=[duty for duty in owed_after if duty not in owed_before],
        removed=[duty for duty in owed_before if duty not in owed_after],
        opened=[duty for duty in _in_state(new, "open") if duty not in _in_state(old, "open")],
        moved=[
            MovedDuty(id=duty, title=new[duty].title, before=old[duty].applies_from, after=new[duty].applies_from)
            for duty in both
            if old[duty].applies_from != new[duty].applies_from
        ],
        reworded=[duty for duty in both if same_language and old[duty].duty != new[duty].duty],
        other_knowledge=before.knowledge != after.knowledge,
        other_day=before.day != after.day,
    )


def _in_state(duties: dict[str, DutyResult], state: str) -> list[str]:
    return [duty.id for duty in duties.values() if duty.outcome == state]
