"""From answers to what follows: outcome per axis, roles, every duty with its day, sanction and reasons."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assistant.law.answers import Answers, as_data
from assistant.law.conditions import facts_in
from assistant.law.derivations import Outcome
from assistant.law.explanation import Explanation
from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import concerning, contradictions, duty_verdict, facts_of, needed, unused
from assistant.law.results import Assessment, Because, DutyResult, OutcomeResult, ParallelResult, SideResult, Status, Step, YesNo
from assistant.law.rules import Facts, Verdict
from assistant.law.schema import DatedDuty, Obligation, Parallel, Statement
from assistant.law.words import named, said, word
from assistant.types import AssistantError, Language

NAME = "system.name"
_SAID: dict[bool | None, YesNo] = {True: "yes", False: "no", None: "open"}
_OWED: dict[bool | None, Literal["owed", "not_owed", "open"]] = {True: "owed", False: "not_owed", None: "open"}


class Assessor:
    """Assesses answers over one knowledge base, told in one language."""

    def __init__(self, knowledge: Knowledge, language: Language) -> None:
        self._knowledge = knowledge
        self._language = language

    def assess(self, answers: Answers, day: date) -> Assessment:
        """Return what follows from ``answers`` as the law stands on ``day``.

        Raises:
            AssistantError: answers contradict each other; both questions are named.
        """
        self.refuse_contradictions(answers)
        facts = facts_of(self._knowledge, answers)
        why, asked = Explanation(facts), _Asked(self._knowledge, answers, facts)
        outcomes = {one.id: self._outcome(one, facts, why, asked, day) for one in self._knowledge.outcomes.values()}
        duties = sorted((self._duty(one, facts, why, asked, day) for one in self._knowledge.obligations.values()), key=_order)
        unsettled = [one.fact for one in concerning(self._knowledge, answers, facts, needed(self._knowledge, facts))]
        name = answers.facts.get(NAME)
        return Assessment(
            day=day,
            language=self._language,
            knowledge=self._knowledge.version,
            questionnaire=self._knowledge.questionnaire,
            system=str(name) if name else None,
            outcomes=outcomes,
            roles=[one.id for one in self._knowledge.roles.values() if one.held and facts.judge(one.held).value is True],
            obligations=duties,
            parallels=self._parallels(duties),
            open_questions=unsettled,
            unanswered=[fact for fact in unsettled if fact not in answers.unknown],
            unused=unused(self._knowledge, answers),
            answers=as_data(answers, self._knowledge),
        )

    def refuse_contradictions(self, answers: Answers) -> None:
        """Refuse answers that cannot both be true.

        Raises:
            AssistantError: they contradict each other; both questions are named, with why.
        """
        found = contradictions(self._knowledge, answers)
        if found:
            told = [
                word("contradiction", self._language, facts=self._names(one.facts), why=one.text.in_language(self._language))
                for one in found
            ]
            raise AssistantError(" ".join(told))

    def _names(self, facts: list[str]) -> str:
        return word("separator", self._language).join(named(fact, self._knowledge.facts, self._language) for fact in facts)

    def _outcome(self, outcome: Outcome, facts: Facts, why: Explanation, asked: _Asked, day: date) -> OutcomeResult:
        verdict = facts.judge(outcome.holds)
        concerned = facts.judge(outcome.concerns).value is not False
        reasons = [reason for reason in outcome.reasons if concerned and facts.judge(reason.when).value is True]
        statement = None if verdict.value is None else outcome.yes if verdict.value else outcome.no
        starts = [start for duty in outcome.duties if (start := self._owed_from(duty, facts, day))]
        needs = asked.settling(verdict)
        return OutcomeResult(
            id=outcome.id,
            title=outcome.title.in_language(self._language),
            outcome=_SAID[verdict.value],
            statement=statement.in_language(self._language) if statement else "",
            because=[Because(text=r.text.in_language(self._language), provisions=r.provisions) for r in reasons],
            provisions=list(dict.fromkeys([*outcome.provisions, *self._at_issue(needs)])),
            applies_from=min(starts) if verdict.value and starts else None,
            without_duty=verdict.value is True and self._no_duty(outcome, facts),
            review=any(reason.review for reason in reasons),
            needs=needs,
            chain=[self._step(fact, facts) for fact in self._told(why.chain(outcome.holds))],
        )

    def _duty(self, obligation: Obligation, facts: Facts, why: Explanation, asked: _Asked, day: date) -> DutyResult:
        verdict = duty_verdict(obligation, facts)
        line = None if verdict.value is False else _first(obligation.application_on(day), facts)
        start = line.from_ if line else None
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
            older=line is not None and line.older,
            applies_now=start is not None and start <= day,
            days_left=(start - day).days if start is not None and start > day else None,
            sanction=obligation.sanction.summary.in_language(language),
            sanction_provisions=obligation.sanction.provisions,
            exceptions=obligation.exceptions.in_language(language) if obligation.exceptions else None,
            evidence=[one.in_language(language) for one in obligation.evidence],
            because=self._because(obligation, facts),
            review=review.in_language(language) if (review := obligation.review_on(day)) else None,
            needs=asked.settling(verdict),
            rests_on=list(dict.fromkeys([*why.chain(obligation.condition), *why.chain(obligation.unless)])),
        )

    def _owed_from(self, duty: str, facts: Facts, day: date) -> date | None:
        obligation = self._knowledge.obligations[duty]
        return first_day(obligation.application_on(day), facts) if duty_verdict(obligation, facts).value else None

    def _at_issue(self, needs: list[str]) -> list[str]:
        """Return the provisions of the questions that would settle an open outcome: on them it hangs."""
        return [one for fact in needs for one in self._knowledge.questions[fact].provisions]

    def _no_duty(self, outcome: Outcome, facts: Facts) -> bool:
        """Tell whether duties hang on an outcome, but none of them is owed or open."""
        verdicts = [duty_verdict(self._knowledge.obligations[duty], facts) for duty in outcome.duties]
        return bool(verdicts) and all(verdict.value is False for verdict in verdicts)

    def _because(self, obligation: Obligation, facts: Facts) -> list[str]:
        """Return the roles held and the facts of the condition, as far as they are true."""
        roles = [self._knowledge.roles[bearer] for bearer in obligation.bearers]
        told = [role.name.in_language(self._language) for role in roles if facts.judge(role.held).value is True]
        for name in dict.fromkeys(facts_in(obligation.condition)):
            fact = self._knowledge.facts.get(name)
            if fact is not None and fact.kind == "boolean" and facts.boolean(name).value is True:
                told.append(fact.label.in_language(self._language))
        return told

    def _told(self, names: list[str]) -> list[str]:
        """Leave out concluded sets: their values are codes, and the conclusions drawn from them follow anyway."""
        sets = {fact.id for fact in self._knowledge.facts.values() if fact.kind == "set" and fact.derived}
        return [name for name in names if name not in sets]

    def _step(self, name: str, facts: Facts) -> Step:
        language, knowledge = self._language, self._knowledge
        if role := knowledge.roles.get(name.removeprefix("role.")):
            label, provisions = role.name, [role.provision]
        else:
            source = knowledge.questions.get(name) or knowledge.derivations[name]
            label, provisions = knowledge.facts[name].label, source.provisions
        question = knowledge.questions.get(name)
        value = facts.answers[name] if question else facts.boolean(name).value
        if question:
            provisions = question.provisions_of(value)
        return Step(
            fact=name,
            label=label.in_language(language),
            value=said(value, question.options if question else [], language),
            provisions=provisions,
            answered=question is not None,
        )

    def _parallels(self, duties: list[DutyResult]) -> list[ParallelResult]:
        touched = [provision for duty in duties if duty.outcome != "not_owed" for provision in duty.provisions]
        return [self._parallel(one) for one in self._knowledge.parallels.values() if _touches(one, touched)]

    def _parallel(self, parallel: Parallel) -> ParallelResult:
        language = self._language

        def side(statements: list[Statement]) -> list[SideResult]:
            return [SideResult(text=one.text.in_language(language), provisions=one.provisions) for one in statements]

        return ParallelResult(
            id=parallel.id,
            topic=parallel.topic.in_language(language),
            same=parallel.same.in_language(language),
            eu=side(parallel.eu),
            japan=side(parallel.japan),
            practice=parallel.practice.in_language(language),
        )


class _Asked:
    """The questions of one assessment that could settle what is open."""

    def __init__(self, knowledge: Knowledge, answers: Answers, facts: Facts) -> None:
        self._facts = [question.fact for question in concerning(knowledge, answers, facts, knowledge.questions)]

    def settling(self, verdict: Verdict) -> list[str]:
        """Return those that a verdict is open for."""
        return [fact for fact in self._facts if fact in verdict.needs]


def reviewed(one: Assessment, status: Status, reviewer: str | None) -> Assessment:
    """Return the assessment marked as draft or final, with who reviewed it.

    Raises:
        AssistantError: it is to be final, but nobody has reviewed it.
    """
    if status == "final" and not reviewer:
        raise AssistantError("A final assessment names who reviewed it: add --reviewer NAME, or leave it a draft.")
    return one.model_copy(update={"status": status, "reviewer": reviewer})


def _touches(parallel: Parallel, provisions: list[str]) -> bool:
    """Tell whether a topic cites a provision that a duty rests on, or a part of it, or what it is a part of."""
    cited = [provision for statement in (*parallel.eu, *parallel.japan) for provision in statement.provisions]
    return any(f"{a}.".startswith(f"{b}.") or f"{b}.".startswith(f"{a}.") for a in cited for b in provisions)


def first_day(lines: list[DatedDuty], facts: Facts) -> date | None:
    """Return the first day on which a duty applies; nothing while it is open which line counts."""
    line = _first(lines, facts)
    return line.from_ if line else None


def _first(lines: list[DatedDuty], facts: Facts) -> DatedDuty | None:
    verdicts = [(line, facts.judge(line.when).value) for line in lines]
    certain = min((line for line, value in verdicts if value is True), key=lambda line: line.from_, default=None)
    possible = [line.from_ for line, value in verdicts if value is None]
    return certain if certain and (not possible or certain.from_ <= min(possible)) else None


def _order(duty: DutyResult) -> tuple[int, date, str]:
    rank = {"owed": 0, "open": 1, "not_owed": 2}[duty.outcome]
    return rank, duty.applies_from or date.max, duty.id
