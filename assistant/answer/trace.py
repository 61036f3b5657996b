"""What the trace of an answer holds, so that a complaint can be reproduced: what was understood, found, cited, removed.

It holds ids, ranks, numbers and our own words; of the question only what was understood of it.
"""

from __future__ import annotations

import time
from typing import Any

from assistant.answer.drafting import Draft
from assistant.answer.understand import Question
from assistant.types import Citation
from assistant.version import __version__

_DIGITS = 3


class Stopwatch:
    """Times the steps of one answer, in milliseconds."""

    def __init__(self) -> None:
        self._last = self._start = time.perf_counter()
        self.steps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """Note how long a step took that ends now."""
        now = time.perf_counter()
        self.steps[step] = round((now - self._last) * 1000, 1)
        self._last = now

    @property
    def total(self) -> float:
        """Milliseconds since the start."""
        return round((time.perf_counter() - self._start) * 1000, 1)


def versions(knowledge: str, corpus: str, embedding: str | None) -> dict[str, Any]:
    """Return what an answer was made with."""
    return {"version": __version__, "knowledge": knowledge, "corpus": corpus, "embedding": embedding}


def understood(question: Question | None) -> dict[str, Any]:
    """Return what was understood of a question."""
    if question is None:
        return {"kind": None, "references": []}
    return {
        "kind": question.kind,
        "references": [list(one.candidates[:1]) for one in question.references],
        "documents": question.documents,
        "jurisdictions": sorted(one.value for one in question.jurisdictions),
        "roles": sorted(question.roles),
        "topics": question.topics,
        "parts": list(question.parts),
        "day": question.day.isoformat() if question.day else None,
    }


def found(draft: Draft, removed: list[str], citations: list[Citation]) -> dict[str, Any]:
    """Return what was found, with ranks by lane, how sure that is, what was cited in the end and what was removed."""
    retrieved = draft.retrieved
    signals: dict[str, float | None] = {}
    if retrieved is not None:
        signals = {"coverage": retrieved.coverage, "similarity": retrieved.similarity, "asked": retrieved.asked}
    return {
        "way": draft.way,
        "retrieved": [one.__dict__ for one in retrieved.found] if retrieved else [],
        "coverage": None,
        "similarity": None,
        **{name: round(value, _DIGITS) if value is not None else None for name, value in signals.items()},
        "probability": round(draft.likely, _DIGITS) if draft.likely is not None else None,
        "cited": [one.provision for one in citations],
        "removed": removed,
    }
