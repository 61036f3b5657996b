"""What an assessment says, with the answers it rests on; written to JSON and read back, it is the same."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import DutyForce, Language

YesNo = Literal["yes", "no", "open"]
Status = Literal["draft", "final"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Because(_Shape):
    """One reason, with the provisions that carry it."""

    text: str
    provisions: list[str]


class Step(_Shape):
    """One link of an explanation: an answer, or what was concluded from those before it, with its provisions."""

    fact: str
    label: str
    value: str
    provisions: list[str]
    answered: bool


class OutcomeResult(_Shape):
    """One axis: the outcome, why, and the questions that would settle it where it is open.

    ``without_duty``: it is a yes, but none of the duties that hang on it reaches those who answered. ``chain`` leads from
    the answers to the outcome; the provisions of each step carry it.
    """

    id: str
    title: str
    outcome: YesNo
    statement: str
    because: list[Because]
    provisions: list[str]
    applies_from: date | None
    review: bool
    needs: list[str]
    without_duty: bool = False
    chain: list[Step] = Field(default_factory=list)


class DutyResult(_Shape):
    """One duty: owed, not owed or open; ``applies_from`` is nothing where the day is open.

    ``older`` says that the rule was there before that day, with which our knowledge of it begins.
    ``rests_on`` names the facts that decided it.
    """

    id: str
    title: str
    duty: str
    outcome: Literal["owed", "not_owed", "open"]
    force: DutyForce
    bearers: list[str]
    provision: str
    provisions: list[str]
    applies_from: date | None
    older: bool = False
    applies_now: bool
    days_left: int | None
    sanction: str
    sanction_provisions: list[str]
    exceptions: str | None
    evidence: list[str]
    because: list[str]
    review: str | None
    needs: list[str]
    rests_on: list[str] = Field(default_factory=list)


class SideResult(_Shape):
    """What one side says on a topic."""

    text: str
    provisions: list[str]


class ParallelResult(_Shape):
    """One topic that an outcome or duty touches, the EU and Japan side by side."""

    id: str
    topic: str
    same: str
    eu: list[SideResult]
    japan: list[SideResult]
    practice: str


class Assessment(_Shape):
    """Everything that follows from one set of answers on one day, and those answers (as in an answers file)."""

    day: date
    language: Language
    knowledge: str
    questionnaire: str
    system: str | None = None
    status: Status = "draft"
    reviewer: str | None = None
    outcomes: dict[str, OutcomeResult]
    roles: list[str]
    obligations: list[DutyResult]
    parallels: list[ParallelResult] = Field(default_factory=list)
    open_questions: list[str]
    unanswered: list[str]
    unused: list[str] = Field(default_factory=list)
    answers: dict[str, Any] = Field(default_factory=dict)

    def duties(self, *states: str) -> list[DutyResult]:
        """Return the duties in one of these states (owed, open, not_owed), by date."""
        return [duty for duty in self.obligations if duty.outcome in states]
