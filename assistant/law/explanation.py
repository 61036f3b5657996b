"""Why a condition is true or false: the chain of answers and conclusions that decided it."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.law.conditions import AllOf, AnyOf, Condition, FactAbove, FactBefore, FactIncludes, FactIs, Not
from assistant.law.rules import Facts

Leaf = FactIs | FactIncludes | FactBefore | FactAbove


def chain(condition: Condition | None, facts: Facts) -> list[str]:
    """Return the facts that decided a condition, answers first, each conclusion after what it rests on.

    Of several parts that are each enough, the first is told; an open condition has no chain.
    """
    if condition is None or facts.judge(condition).value is None:
        return []
    return list(dict.fromkeys(_facts(condition, facts)))


def _facts(condition: Condition, facts: Facts) -> Iterator[str]:
    value = facts.judge(condition).value
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            every_part_counts = value is isinstance(condition, AllOf)
            deciding = [part for part in parts if facts.judge(part).value is value]
            for part in deciding if every_part_counts else deciding[:1]:
                yield from _facts(part, facts)
        case Not(not_=part):
            yield from _facts(part, facts)
        case FactIs() | FactIncludes() | FactBefore() | FactAbove():
            yield from _below(condition, facts)


def _below(leaf: Leaf, facts: Facts) -> Iterator[str]:
    gate = facts.gates.get(leaf.fact)
    if gate is not None and facts.judge(gate).value is False:
        yield from _facts(gate, facts)
        return
    if rule := facts.derivations.get(leaf.fact):
        deeper = rule.includes[leaf.includes] if isinstance(leaf, FactIncludes) else rule.holds
        if deeper is not None:
            yield from _facts(deeper, facts)
    yield leaf.fact
