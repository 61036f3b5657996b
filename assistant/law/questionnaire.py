"""Which question comes next: the first whose answer can still change an outcome or a duty."""

from __future__ import annotations

from collections.abc import Container, Iterator

from assistant.law.answers import Answers
from assistant.law.derivations import Contradiction, Derivation, Question
from assistant.law.knowledge import Knowledge
from assistant.law.rules import Facts, Verdict, any_of
from assistant.law.schema import Obligation


def facts_of(knowledge: Knowledge, answers: Answers) -> Facts:
    """Return the answers with the rules that conclude further facts, the roles held (``role.…``) among them."""
    roles = {
        f"role.{role.id}": Derivation(fact=f"role.{role.id}", holds=role.held) for role in knowledge.roles.values() if role.held
    }
    gates = {question.fact: question.ask_when for question in knowledge.questions.values() if question.ask_when is not None}
    return Facts(answers.facts, knowledge.derivations | roles, gates)


def duty_verdict(obligation: Obligation, facts: Facts) -> Verdict:
    """Tell whether a duty is owed: somebody bears it, its condition holds, and no exception does."""
    borne = any_of([facts.boolean(f"role.{bearer}") for bearer in obligation.bearers])
    owed = facts.judge(obligation.condition)
    excepted = facts.judge(obligation.unless) if obligation.unless is not None else Verdict(False)
    if borne.value is False or owed.value is False or excepted.value is True:
        return Verdict(False)
    if borne.value and owed.value and excepted.value is False:
        return Verdict(True)
    needs = [verdict.needs for verdict in (borne, owed, excepted) if verdict.value is None]
    return Verdict(None, frozenset().union(*needs))


def needed(knowledge: Knowledge, facts: Facts) -> frozenset[str]:
    """Return the facts whose answers can still change an outcome, a duty or the day from which one applies."""
    return frozenset().union(*_needs(knowledge, facts))


def _needs(knowledge: Knowledge, facts: Facts) -> Iterator[frozenset[str]]:
    for outcome in knowledge.outcomes.values():
        verdict = facts.judge(outcome.holds)
        yield verdict.needs
        if verdict.value is not None and facts.judge(outcome.concerns).value is not False:
            told = [reason for reason in outcome.reasons if verdict.value or reason.review]
            yield from (facts.judge(reason.when).needs for reason in told)
    for obligation in knowledge.obligations.values():
        verdict = duty_verdict(obligation, facts)
        yield verdict.needs
        if verdict.value is True:
            yield from (facts.judge(line.when).needs for line in obligation.applies)


def about(knowledge: Knowledge) -> list[Question]:
    """Return the questions for a text: name and description of the system, which decide nothing."""
    return [question for question in knowledge.questions.values() if knowledge.facts[question.fact].kind == "text"]


def remaining(knowledge: Knowledge, answers: Answers) -> list[Question]:
    """Return the questions still worth asking, in order; the first is the next. One answered "I don't know" is not repeated."""
    return [question for question in to_clarify(knowledge, answers) if question.fact not in answers.unknown]


def to_clarify(knowledge: Knowledge, answers: Answers) -> list[Question]:
    """Return the questions whose missing answer keeps an outcome or duty open, asked or not."""
    facts = facts_of(knowledge, answers)
    return concerning(knowledge, answers, facts, needed(knowledge, facts))


def concerning(knowledge: Knowledge, answers: Answers, facts: Facts, wanted: Container[str]) -> list[Question]:
    """Return the questions for these facts, in order; one whose gate is open waits for what would settle the gate."""
    return [
        question
        for question in knowledge.questions.values()
        if question.fact in wanted and not facts.judge(question.ask_when).needs - answers.unknown
    ]


def progress(knowledge: Knowledge, answers: Answers) -> tuple[int, int]:
    """Return how many questions are answered, and about how many are to go: answers add and drop some. Texts do not count."""
    texts = {question.fact for question in about(knowledge)}
    return len((answers.facts.keys() | answers.unknown) - texts), len(remaining(knowledge, answers))


def contradictions(knowledge: Knowledge, answers: Answers) -> list[Contradiction]:
    """Return the answers that cannot both be true."""
    facts = facts_of(knowledge, answers)
    return [one for one in knowledge.contradictions.values() if facts.judge(one.when).value is True]


def unused(knowledge: Knowledge, answers: Answers) -> list[str]:
    """Return the facts that were answered although, by the other answers, they do not concern this system."""
    facts = facts_of(knowledge, answers)
    return [name for name, gate in facts.gates.items() if name in answers.facts and facts.judge(gate).value is False]
