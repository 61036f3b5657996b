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
    return current, anew


def _step(facts: Mapping[str, Any], changes: list[Change]) -> tuple[dict[str, Any], list[str]]:
    changed = {change.fact for change in changes}
    result: dict[str, Any] = {name: value for name, value in facts.items() if name not in changed}
    anew = []
    for name in [name for name in facts if name in changed]:
        for value in facts[name] if isinstance(facts[name], list) else [facts[name]]:
            change = next((one for one in changes if one.fact == name and one.value in (None, value)), None)
            if change is None or not change.becomes:
                anew.append(name)
                continue
            for new, answer in change.becomes.items():
                result[new] = sorted({*result.get(new, []), *answer}) if isinstance(answer, list) else answer
    return result, list(dict.fromkeys(anew))
