"""From answers to what follows: outcome per axis, roles, every duty with its day, sanction and reasons."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.law.answers import Answers
from assistant.law.conditions import facts_in
from assistant.law.derivations import Outcome
from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import duty_verdict, facts_of, remaining, to_clarify
from assistant.law.rules import Facts, Verdict
from assistant.law.schema import DatedDuty, Obligation
from assistant.types import DutyForce, Language

YesNo = Literal["yes", "no", "open"]
_SAID: dict[bool | None, YesNo] = {True: "yes", False: "no", None: "open"}
_OWED: dict[bool | None, Literal["owed", "not_owed", "open"]] = {True: "owed", False: "not_owed", None: "open"}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Because(_Shape):
    """One reason, with the provisions that carry it."""

    text: str
    provisions: list[str]


class OutcomeResult(_Shape):
    """One axis: the outcome, why, and the questions that would settle it where it is open."""

    id: str
    title: str
    outcome: YesNo
    statement: str
    because: list[Because]
    provisions: list[str]
    applies_from: date | None
    review: bool
    needs: list[str]


class DutyResult(_Shape):
    """One duty: owed, not owed or open; ``applies_from`` is nothing where the day is open."""

    id: str
    title: str
    duty: str
    outcome: Literal["owed", "not_owed", "open"]
    force: DutyForce
    bearers: list[str]
    provision: str
    provisions: list[str]
    applies_from: date | None
    applies_now: bool
    days_left: int | None
    sanction: str
    sanction_provisions: list[str]
    exceptions: str | None
    evidence: list[str]
    because: list[str]
    review: str | None
    needs: list[str]


class Assessment(_Shape):
    """Everything that follows from one set of answers on one day."""

    day: date
    language: Language
    knowledge: str
    questionnaire: str
    outcomes: dict[str, OutcomeResult]
    roles: list[str]
    obligations: list[DutyResult]
    open_questions: list[str]
    unanswered: list[str]


class Assessor:
    """Assesses answers over one knowledge base, told in one language."""

    def __init__(self, knowledge: Knowledge, language: Language) -> None:
        self._knowledge = knowledge
        self._language = language

    def assess(self, answers: Answers, day: date) -> Assessment:
        """Return what follows from ``answers`` as the law stands on ``day``."""
        facts = facts_of(self._knowledge, answers)
        duties = [self._duty(obligation, facts, day) for obligation in self._knowledge.obligations.values()]
        held = [role for role in self._knowledge.roles.values() if facts.judge(role.held).value is True and role.held]
        return Assessment(
            day=day,
            language=self._language,
            knowledge=self._knowledge.version,
            questionnaire=self._knowledge.questionnaire,
            outcomes={one.id: self._outcome(one, facts) for one in self._knowledge.outcomes.values()},
            roles=[role.id for role in held],
            obligations=sorted(duties, key=_order),
            open_questions=[question.fact for question in to_clarify(self._knowledge, answers)],
            unanswered=[question.fact for question in remaining(self._knowledge, answers)],
        )

    def _outcome(self, outcome: Outcome, facts: Facts) -> OutcomeResult:
        verdict = facts.judge(outcome.holds)
        reasons = [reason for reason in outcome.reasons if facts.judge(reason.when).value is True]
        statement = None if verdict.value is None else outcome.yes if verdict.value else outcome.no
        starts = [start for duty in outcome.duties if (start := self._owed_from(duty, facts))]
        return OutcomeResult(
            id=outcome.id,
            title=outcome.title.in_language(self._language),
            outcome=_SAID[verdict.value],
            statement=statement.in_language(self._language) if statement else "",
            because=[Because(text=r.text.in_language(self._language), provisions=r.provisions) for r in reasons],
            provisions=outcome.provisions,
            applies_from=min(starts) if verdict.value and starts else None,
            review=any(reason.review for reason in reasons),
            needs=self._questions(verdict),
        )

    def _duty(self, obligation: Obligation, facts: Facts, day: date) -> DutyResult:
        verdict = duty_verdict(obligation, facts)
        start = None if verdict.value is False else _start(obligation.applies, facts)
        language = self._language
        return DutyResult(
            id=obligation.id,
            title=obligation.title.in_language(language),
            duty=obligation.duty.in_language(language),
            outcome=_OWED[verdict.value],
            force=obligation.force,
            bearers=[b for b in obligation.bearers if facts.judge(self._knowledge.roles[b].held).value is not False],
            provision=obligation.provisions[0],
            provisions=obligation.provisions,
            applies_from=start,
            applies_now=start is not None and start <= day,
            days_left=(start - day).days if start is not None and start > day else None,
            sanction=obligation.sanction.summary.in_language(language),
            sanction_provisions=obligation.sanction.provisions,
            exceptions=obligation.exceptions.in_language(language) if obligation.exceptions else None,
            evidence=[one.in_language(language) for one in obligation.evidence],
            because=self._because(obligation, facts),
            review=obligation.review.in_language(language) if obligation.review else None,
            needs=self._questions(verdict),
        )

    def _owed_from(self, duty: str, facts: Facts) -> date | None:
        obligation = self._knowledge.obligations[duty]
        return _start(obligation.applies, facts) if duty_verdict(obligation, facts).value else None

    def _because(self, obligation: Obligation, facts: Facts) -> list[str]:
        """Return the roles held and the facts of the condition, as far as they are true."""
        roles = [self._knowledge.roles[bearer] for bearer in obligation.bearers]
        said = [role.name.in_language(self._language) for role in roles if facts.judge(role.held).value is True]
        for name in dict.fromkeys(facts_in(obligation.condition)):
            fact = self._knowledge.facts.get(name)
            if fact is not None and fact.kind == "boolean" and facts.boolean(name).value is True:
                said.append(fact.label.in_language(self._language))
        return said

    def _questions(self, verdict: Verdict) -> list[str]:
        return [question.fact for question in self._knowledge.questions.values() if question.fact in verdict.needs]


def _start(lines: list[DatedDuty], facts: Facts) -> date | None:
    """Return the first day on which a duty applies; nothing while it is open which line counts."""
    verdicts = [(line, facts.judge(line.when).value) for line in lines]
    certain = [line.from_ for line, value in verdicts if value is True]
    possible = [line.from_ for line, value in verdicts if value is None]
    if certain and (not possible or min(certain) <= min(possible)):
        return min(certain)
    return None


def _order(duty: DutyResult) -> tuple[int, date, str]:
    rank = {"owed": 0, "open": 1, "not_owed": 2}[duty.outcome]
    return rank, duty.applies_from or date.max, duty.id
