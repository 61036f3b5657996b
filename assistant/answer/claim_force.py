"""How strongly a sentence speaks – ban, duty, effort, recommendation, permission, release – and whether it denies anything.

Small pure functions over the word lists of ``force_words.yaml``. They know words, not grammar: they find a must that became a
may, not every change of meaning.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.search.tokens import normalise
from assistant.types import Language

# Which forces of a passage carry a force of a claim: a ban is a duty, a recommendation in other words stays one.
_CARRIED_BY = {
    "ban": {"ban"}, "must": {"must", "ban"}, "should": {"should", "effort"}, "effort": {"effort", "should"},
    "free": {"free", "may", "should"}, "may": {"may", "free", "should"},
}  # fmt: skip


def forces(text: str, language: Language) -> set[str]:
    """Return how strongly a sentence speaks: ban, free (need not), effort, should, must, may; each word counts once."""
    rest = normalise(text).casefold()
    found = set()
    for name in _words()["forces"]:
        rest, count = _pattern("forces", name, language).subn(" ", rest)
        if count:
            found.add(name)
    return found


def carries_forces(claim: set[str], passage: set[str]) -> bool:
    """Tell whether a passage speaks as strongly as a claim; one that speaks in no force at all is no evidence against it."""
    return not passage or all(_CARRIED_BY[force] & passage for force in claim)


def negates(text: str, language: Language, *, flatly: bool = False) -> bool:
    """Tell whether a sentence negates or excepts anything; ``flatly`` leaves out mere limits and conditions."""
    low = _pattern("no_denials", "", language).sub(" ", normalise(text).casefold())
    return _pattern("denials" if flatly else "negations", "", language).search(low) is not None


@cache
def _pattern(key: str, name: str, language: Language) -> re.Pattern[str]:
    words = _words()[key][name] if name else _words()[key]
    return re.compile("|".join(words[language.value]))


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).resolve().parent / "force_words.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))
