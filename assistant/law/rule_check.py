"""What can be said against the questionnaire and its rules without knowing the law."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from assistant.law.conditions import FactAbove, FactBefore, FactIncludes, FactIs, parts_of
from assistant.law.knowledge import Knowledge
from assistant.law.reading import Problem


def rule_faults(knowledge: Knowledge) -> list[Problem]:
    """Return values that a fact cannot have, facts that nobody asks or concludes, and options that do not fit."""
    return [*_value_faults(knowledge), *_unasked(knowledge), *_option_faults(knowledge)]


def _conditions(knowledge: Knowledge) -> Iterator[tuple[BaseModel, str, BaseModel | None]]:
    for role in knowledge.roles.values():
        yield role, "held", role.held
    for question in knowledge.questions.values():
        yield question, "ask_when", question.ask_when
    for rule in knowledge.derivations.values():
        yield from ((rule, "holds", condition) for condition in (rule.holds, *rule.includes.values()))
    for outcome in knowledge.outcomes.values():
        yield from (
            (outcome, "holds", condition) for condition in (outcome.holds, outcome.concerns, *(r.when for r in outcome.reasons))
        )
    for contradiction in knowledge.contradictions.values():
        yield contradiction, "contradictions", contradiction.when
    for duty in knowledge.obligations.values():
        for key, condition in (
            ("condition", duty.condition),
            ("unless", duty.unless),
            *(("applies", x.when) for x in duty.applies),
        ):
            yield duty, key, condition


def _value_faults(knowledge: Knowledge) -> Iterator[Problem]:
    for entry, key, condition in _conditions(knowledge):
        for part in parts_of(condition):
            if wrong := _misfit(knowledge, part):
                yield Problem(knowledge.file_of(entry), str(getattr(entry, "id", "")), key, wrong)


def _misfit(knowledge: Knowledge, part: FactIs | FactIncludes | FactBefore | FactAbove) -> str | None:
    """Say what is wrong with a comparison: a fact of another kind, or a value that it cannot have."""
    fact = knowledge.facts.get(part.fact)
    if fact is None:
        return None  # a role held, or told as an unknown reference
    value = part.value if isinstance(part, FactIs) else part.includes if isinstance(part, FactIncludes) else None
    kind = _kind(part)
    if fact.kind != kind:
        return f"'{part.fact}' is a {fact.kind}, not a {kind}"
    if isinstance(value, str) and value not in fact.values:
        return f"'{part.fact}' cannot be '{value}'"
    return None


def _kind(part: FactIs | FactIncludes | FactBefore | FactAbove) -> str:
    """Return the kind of fact that a comparison is for."""
    if isinstance(part, FactIs):
        return "boolean" if isinstance(part.value, bool) else "choice"
    return {FactIncludes: "set", FactBefore: "date", FactAbove: "number"}[type(part)]


def _unasked(knowledge: Knowledge) -> Iterator[Problem]:
    used = {part.fact for _, _, condition in _conditions(knowledge) for part in parts_of(condition)}
    for fact in knowledge.facts.values():
        asked, concluded = fact.id in knowledge.questions, fact.id in knowledge.derivations
        if fact.derived is not concluded:
            yield Problem("facts.yaml", fact.id, "derived", "must be true exactly where outcomes.yaml concludes the fact")
        if fact.id in used and not (asked or concluded):
            yield Problem("facts.yaml", fact.id, "", "a condition names it, but nobody asks for it and nothing concludes it")
        if asked and fact.id not in used and fact.kind != "text":
            yield Problem("questions.yaml", fact.id, "", "it is asked, but no condition names it")


def _option_faults(knowledge: Knowledge) -> Iterator[Problem]:
    for example in knowledge.examples.values():
        if example.value not in knowledge.facts[example.fact].values:
            yield Problem("examples.yaml", example.id, "value", f"'{example.fact}' cannot be '{example.value}'")
    for question in knowledge.questions.values():
        if not question.provisions and knowledge.facts[question.fact].kind != "text":
            yield Problem("questions.yaml", question.fact, "provisions", "name the provision behind the question")
        values = [option.value for option in question.options]
        if values != knowledge.facts[question.fact].values:
            yield Problem("questions.yaml", question.fact, "options", "must be the values of the fact, in their order")
