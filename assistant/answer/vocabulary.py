"""The words by which a question is read, from ``cues.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.law.cues import any_in, folded

_HERE = Path(__file__).resolve().parent


def cues(kind: str) -> dict[str, Any]:
    """Return the cues of one kind."""
    return dict(_all()[kind])


def shows(kind: str, text: str) -> bool:
    """Tell whether a normalised text has a cue of one kind, in either language."""
    return any_of(cues(kind), folded(text))


def any_of(words: dict[str, list[str]], text: str) -> bool:
    """Tell whether a folded text has one of these words, in either language."""
    return any(any_in(language, text) for language in words.values())


@cache
def _all() -> dict[str, Any]:
    return dict(yaml.load((_HERE / "cues.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
