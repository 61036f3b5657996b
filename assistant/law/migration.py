"""Answers given for an earlier version of the questionnaire, carried over; what cannot be is told, never dropped silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.law.derivations import Change
from assistant.law.knowledge import Knowledge


def carried_over(version: str, facts: Mapping[str, Any], knowledge: Knowledge) -> tuple[dict[str, Any], list[str]] | None:
    """Return the facts for the present version, and those of the earlier one that must be answered anew.

    Nothing is returned for a version that is not known.
    """
    known = [earlier.version for earlier in knowledge.earlier]
    if version not in known:
        return None
    current, anew = dict(facts), []
    for earlier in knowledge.earlier[known.index(version) :]:
        current, lost = _step(current, earlier.changes)
        anew += lost
    gone = [name for name in current if name in retired(knowledge)]
    return {name: value for name, value in current.items() if name not in gone}, [*anew, *gone]


def retired(knowledge: Knowledge) -> set[str]:
    """Return the facts that an earlier questionnaire asked for and the present one does not."""
    return {change.fact for earlier in knowledge.earlier for change in earlier.changes} - set(knowledge.questions)


def _step(facts: Mapping[str, Any], changes: list[Change]) -> tuple[dict[str, Any], list[str]]:
    """Carry the facts over one version; an answer of which one part must be given anew is asked as a whole."""
    result: dict[str, Any] = {}
    anew = []
    for name, given in facts.items():
        values = given if isinstance(given, list) else [given]
        found = [_change(name, value, changes) for value in values]
        if any(change is not None and not change.becomes for change in found):
            anew.append(name)
            continue
        for value, change in zip(values, found, strict=True):
            same = {name: [value] if isinstance(given, list) else value}
            for new, answer in (change.becomes if change else same).items():
                result[new] = sorted({*result.get(new, []), *answer}) if isinstance(answer, list) else answer
    return result, anew


def _change(fact: str, value: object, changes: list[Change]) -> Change | None:
    return next((change for change in changes if change.fact == fact and change.value in (None, value)), None)
