"""Two assessments side by side: what another answer, another day or changed law makes of a system."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment, DutyResult


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


class LawChange(_Shape):
    """A provision, behind a duty that differs, whose wording or application changed between the two days."""

    provision: str
    day: date
    text: str


class Comparison(_Shape):
    """What differs: outcomes, duties that came or went, days that moved, wording that changed; and why that can be.

    ``added`` and ``removed`` are owed duties that came and went; of the others, ``opened`` are open now, ``closed`` were open
    and are settled as not owed. ``started`` apply by now and did not yet. ``answers`` name the facts answered otherwise;
    ``law_changes`` tell what changed in the law between the two days.
    """

    outcomes: list[OutcomeChange]
    added: list[str]
    removed: list[str]
    opened: list[str]
    closed: list[str] = Field(default_factory=list)
    moved: list[MovedDuty]
    reworded: list[str]
    started: list[str] = Field(default_factory=list)
    answers: list[str] = Field(default_factory=list)
    other_knowledge: bool
    other_day: bool
    law_changes: list[LawChange] = Field(default_factory=list)

    @property
    def nothing(self) -> bool:
        """Tell whether nothing differs in what follows."""
        differences = (self.outcomes, self.added, self.removed, self.opened, self.closed, self.moved, self.reworded, self.started)
        return not any(differences)


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
        closed=[duty for duty in _in_state(new, "not_owed") if duty in _in_state(old, "open")],
        moved=[
            MovedDuty(id=duty, title=new[duty].title, before=old[duty].applies_from, after=new[duty].applies_from)
            for duty in both
            if old[duty].applies_from != new[duty].applies_from
        ],
        reworded=[duty for duty in both if same_language and old[duty].duty != new[duty].duty],
        started=[duty for duty in both if new[duty].applies_now and not old[duty].applies_now],
        answers=_answered_otherwise(before, after),
        other_knowledge=before.knowledge != after.knowledge,
        other_day=before.day != after.day,
    )


def _in_state(duties: dict[str, DutyResult], state: str) -> list[str]:
    return [duty.id for duty in duties.values() if duty.outcome == state]


def _answered_otherwise(before: Assessment, after: Assessment) -> list[str]:
    old, new = (one.answers.get("facts", {}) for one in (before, after))
    return [fact for fact in {**old, **new} if old.get(fact) != new.get(fact)]


def law_changes(knowledge: Knowledge, found: Comparison, before: Assessment, after: Assessment) -> Comparison:
    """Return the comparison with the changes of law, between the two days, behind the duties that both tell of."""
    duties = {duty.id: duty for one in (before, after) for duty in one.obligations}
    concerned = {*found.added, *found.removed, *found.reworded, *found.started, *(moved.id for moved in found.moved)}
    told = []
    for provision in dict.fromkeys(p for duty in duties.values() if duty.id in concerned for p in duty.provisions):
        entry = knowledge.provisions.get(provision)
        for wording in entry.wording if entry else []:
            if wording.change and before.day < wording.from_ <= after.day:
                text = wording.change.in_language(after.language)
                told.append(LawChange(provision=provision, day=wording.from_, text=text))
    return found.model_copy(update={"law_changes": told})
