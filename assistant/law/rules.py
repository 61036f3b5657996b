"""Three-valued rules: a condition over facts is true, false, or open where an answer is missing.

Open is never rounded. Beside the value, the rules tell which unanswered facts could still decide it. Derived facts
are concluded from others by rules of their own (``outcomes.yaml``), evaluated on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from assistant.law.conditions import AllOf, AnyOf, Condition, FactAbove, FactBefore, FactIncludes, FactIs, Not
from assistant.law.derivations import Derivation

Value = bool | str | float | date | frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """The value of a condition (``None``: open) and the unanswered facts that could still change it."""

    value: bool | None
    needs: frozenset[str] = frozenset()


TRUE, FALSE = Verdict(True), Verdict(False)


@dataclass
class Facts:
    """What is known of one system: answers by fact id, and the rules that conclude further facts.

    A fact that is not in ``answers`` is open, whether it was not asked or answered with "I don't know". ``gates`` say whom
    a question concerns: a fact whose gate is false is not there, and while its gate is open so is the fact.
    """

    answers: Mapping[str, Value]
    derivations: Mapping[str, Derivation]
    gates: Mapping[str, Condition] = field(default_factory=dict)
    _memory: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    _judged: dict[int, tuple[Condition, Verdict]] = field(default_factory=dict)

    def judge(self, condition: Condition | None) -> Verdict:
        """Return the value of a condition; no condition is always true."""
        if condition is None:
            return TRUE
        if (known := self._judged.get(id(condition))) is None:
            # the condition is kept with its verdict, so that its place in memory stays its own
            known = self._judged[id(condition)] = (condition, self._judge(condition))
        return known[1]

    def _judge(self, condition: Condition) -> Verdict:
        match condition:
            case AllOf():
                return _all([self.judge(part) for part in condition.all])
            case AnyOf():
                return any_of([self.judge(part) for part in condition.any])
            case Not():
                return _negated(self.judge(condition.not_))
            case FactIs(fact=name, value=value) if isinstance(value, bool):
                verdict = self.boolean(name)
                return verdict if value else _negated(verdict)
            case FactIs(fact=name, value=value):
                return self._known(name, lambda answer: answer == value)
            case FactIncludes(fact=name, includes=value):
                return self._includes(name, value)
            case FactBefore(fact=name, before=day):
                return self._known(name, lambda answer: isinstance(answer, date) and answer < day)
            case FactAbove(fact=name, above=bound):
                return self._known(name, lambda answer: isinstance(answer, float) and answer > bound)
        raise TypeError(f"not a condition: {condition!r}")

    def boolean(self, name: str) -> Verdict:
        """Return the value of a boolean fact, concluded or answered."""
        if rule := self.derivations.get(name):
            return self._derived(name, "", rule.holds)
        return self._known(name, lambda answer: answer is True)

    def _includes(self, name: str, value: str) -> Verdict:
        if rule := self.derivations.get(name):
            return self._derived(name, value, rule.includes[value])
        return self._known(name, lambda answer: isinstance(answer, frozenset) and value in answer)

    def _known(self, name: str, test: Callable[[Value], bool]) -> Verdict:
        gate = self._derived(name, "gate", self.gates[name]) if name in self.gates else TRUE
        if gate.value is False:
            return FALSE
        answer = self.answers.get(name)
        if answer is None:
            return Verdict(None, gate.needs | {name})
        return TRUE if test(answer) else FALSE

    def _derived(self, name: str, value: str, rule: Condition | None) -> Verdict:
        key = (name, value)
        if key not in self._memory:
            self._memory[key] = self.judge(rule) if rule is not None else FALSE
        return self._memory[key]


def any_of(parts: list[Verdict]) -> Verdict:
    """Return the verdict on "at least one of these"."""
    return _negated(_all([_negated(part) for part in parts]))


def _all(parts: list[Verdict]) -> Verdict:
    if any(part.value is False for part in parts):
        return FALSE
    undecided = [part for part in parts if part.value is None]
    if not undecided:
        return TRUE
    return Verdict(None, frozenset().union(*(part.needs for part in undecided)))


def _negated(verdict: Verdict) -> Verdict:
    return Verdict(None if verdict.value is None else not verdict.value, verdict.needs)
