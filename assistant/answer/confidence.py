"""How sure the assistant is that what it found answers the question: a probability, in words, and when to refuse instead.

A logistic function of what search says of a question: how near the best phrase and summary are, how strongly the lanes
agree, which share of the words is known, whether a term is named. Its numbers are data, fitted on the development questions
and on questions about anything else (``evals/calibration.py``, figures in evals/README.md). It speaks of the provision found
first, not of the law.
"""

from __future__ import annotations

from functools import cache
from math import exp
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.search.retrieval import Retrieved
from assistant.types import Confidence

_MOST_TERMS = 2


class Calibration(BaseModel):
    """The fitted numbers: a weight a signal, and the probabilities from which an answer is given, and is medium or high."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    constant: float
    asked: float
    similarity: float
    coverage: float
    terms: float
    score: float
    answer_from: float
    medium_from: float
    high_from: float


@cache
def calibration() -> Calibration:
    """Return the numbers in ``confidence.yaml``."""
    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    return Calibration.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def signals(retrieved: Retrieved) -> dict[str, float] | None:
    """Return the signals of a search by name; nothing where nothing was found or vectors are not available."""
    if not retrieved.found or retrieved.similarity is None or retrieved.asked is None:
        return None
    return {
        "asked": retrieved.asked,
        "similarity": retrieved.similarity,
        "coverage": retrieved.coverage,
        "terms": float(min(len(retrieved.terms), _MOST_TERMS)),
        "score": retrieved.found[0].score,
    }


def probability(retrieved: Retrieved) -> float | None:
    """Return how likely the provision found first is about the question, from 0 to 1; nothing where that cannot be told."""
    told = signals(retrieved)
    if told is None:
        return None
    fitted = calibration()
    return 1 / (1 + exp(-fitted.constant - sum(getattr(fitted, name) * value for name, value in told.items())))


def in_words(likely: float | None) -> Confidence | None:
    """Return a probability as high, medium or low."""
    if likely is None:
        return None
    fitted = calibration()
    if likely >= fitted.high_from:
        return Confidence.HIGH
    return Confidence.MEDIUM if likely >= fitted.medium_from else Confidence.LOW
