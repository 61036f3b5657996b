"""Every condition behind an outcome is tested from both sides: turned into always or never, some worked example notices."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from test_systems import CASES, answered

from assistant.law.answers import Answers
from assistant.law.assessment import first_day
from assistant.law.conditions import AllOf, AnyOf, Condition, FactIs, Not
from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import duty_verdict, facts_of

ALWAYS = "always"  # a fact that is always answered with true
SAID = {True: "yes", False: "no", None: "open"}


def mutants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Yield the condition with one comparison replaced by true, then by false."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            key = "all" if isinstance(condition, AllOf) else "any"
            for place, part in enumerate(parts):
                for told, mutant in mutants(part):
                    yield told, condition.model_copy(update={key: [*parts[:place], mutant, *parts[place + 1 :]]})
        case Not(not_=part):
            for told, mutant in mutants(part):
                yield told, condition.model_copy(update={"not_": mutant})
        case _:
            for value in (True, False):
                yield f"{condition!r} → {value}", FactIs(fact=ALWAYS, **{"is": value})


def claims(knowledge: Knowledge, case: dict, answers: Answers) -> bool:
    """Tell whether the outcomes, duties and flags that a case expects still follow."""
    facts = facts_of(knowledge, answers)
    expected = case.get("outcomes", {})
    outcomes = all(SAID[facts.judge(knowledge.outcomes[one].holds).value] == said for one, said in expected.items())
    duties = knowledge.obligations
    owed = all(
        duty_verdict(duties[one], facts).value is True and first_day(duties[one].applies, facts) == day
        for one, day in case.get("owed", {}).items()
    )
    not_owed = all(duty_verdict(duties[one], facts).value is False for one in case.get("not_owed", []))
    still_open = all(duty_verdict(duties[one], facts).value is None for one in case.get("open", []))
    flagged = {one.id for one in knowledge.outcomes.values() if any(r.review and facts.judge(r.when).value for r in one.reasons)}
    review = set(case.get("review", [])) <= flagged and not set(case.get("no_review", [])) & flagged
    gates = (knowledge.questions[fact].ask_when for fact in case.get("not_asked", []))
    return outcomes and owed and not_owed and still_open and review and all(facts.judge(gate).value is False for gate in gates)


@pytest.fixture(scope="module")
def examples(knowledge):
    given = []
    for case in CASES:
        answers, _ = answered(knowledge, case["facts"])
        given.append((case, replace(answers, facts={**answers.facts, ALWAYS: True})))
    return given


def variants(knowledge: Knowledge) -> Iterator[tuple[str, Knowledge]]:
    """Yield the knowledge base with one comparison of one rule, role or outcome replaced."""
    for name, rule in knowledge.derivations.items():
        if rule.holds is not None:
            for told, mutant in mutants(rule.holds):
                changed = rule.model_copy(update={"holds": mutant})
                yield f"{name}: {told}", replace(knowledge, derivations={**knowledge.derivations, name: changed})
        for value, condition in rule.includes.items():
            for told, mutant in mutants(condition):
                changed = rule.model_copy(update={"includes": {**rule.includes, value: mutant}})
                yield f"{name} {value}: {told}", replace(knowledge, derivations={**knowledge.derivations, name: changed})
    for name, role in knowledge.roles.items():
        for told, mutant in mutants(role.held):
            changed = role.model_copy(update={"held": mutant})
            yield f"role {name}: {told}", replace(knowledge, roles={**knowledge.roles, name: changed})
    for name, outcome in knowledge.outcomes.items():
        for told, mutant in mutants(outcome.holds):
            changed = outcome.model_copy(update={"holds": mutant})
            yield f"outcome {name}: {told}", replace(knowledge, outcomes={**knowledge.outcomes, name: changed})


@pytest.mark.long
def test_a_rule_that_loses_one_comparison_is_noticed_by_a_worked_example(knowledge, examples):
    assert all(claims(knowledge, case, answers) for case, answers in examples)
    unnoticed = [told for told, mutant in variants(knowledge) if all(claims(mutant, case, given) for case, given in examples)]
    assert unnoticed == []
