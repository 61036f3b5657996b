"""Why a condition is true or false: the chain of answers and conclusions that decided it."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.law.conditions import AllOf, AnyOf, Condition, FactAbove, FactBefore, FactIncludes, FactIs, Not
from assistant.law.rules import Facts

Leaf = FactIs | FactIncludes | FactBefore | FactAbove


class Explanation:
    """Explains conditions over the facts of one system; what was explained once is remembered."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[Leaf, list[str]] = {}

    def chain(self, condition: Condition | None) -> list[str]:
        """Return the facts that decided a condition, answers first, each conclusion after what it rests on.

        Of several parts that are each enough, the first is told; an open condition has no chain.
        """
        if condition is None or self._facts.judge(condition).value is None:
            return []
        return list(dict.fromkeys(self._walk(condition)))

    def _walk(self, condition: Condition) -> Iterator[str]:
        judge = self._facts.judge
        match condition:
            case AllOf(all=parts) | AnyOf(any=parts):
                value = judge(condition).value
                every_part_counts = value is isinstance(condition, AllOf)
                deciding = [part for part in parts if judge(part).value is value]
                for part in deciding if every_part_counts else deciding[:1]:
                    yield from self._walk(part)
            case Not(not_=part):
                yield from self._walk(part)
            case FactIs() | FactIncludes() | FactBefore() | FactAbove():
                if condition not in self._known:
                    self._known[condition] = list(dict.fromkeys(self._below(condition)))
                yield from self._known[condition]

    def _below(self, leaf: Leaf) -> Iterator[str]:
        gate = self._facts.gates.get(leaf.fact)
        if gate is not None and self._facts.judge(gate).value is False:
            yield from self._walk(gate)
            return
        if rule := self._facts.derivations.get(leaf.fact):
            deeper = rule.includes[leaf.includes] if isinstance(leaf, FactIncludes) else rule.holds
            if deeper is not None:
                yield from self._walk(deeper)
        yield leaf.fact
