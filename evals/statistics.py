"""Intervals and tests for means over cases: how sure a figure, or a difference between two runs, is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

_RESAMPLES = 10_000
_SEED = 20261126
_TAILS = (2.5, 97.5)


@dataclass(frozen=True)
class Estimate:
    """A mean over ``n`` cases with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Difference:
    """How much B differs from A on the same cases: the mean of B - A with its paired 95 % bootstrap interval.

    ``gained`` and ``lost`` count the cases that rose and fell; ``p`` is McNemar's exact two-sided p over those two counts:
    how often a coin would split them so unevenly.
    """

    a: float
    b: float
    mean: float
    low: float
    high: float
    n: int
    gained: int
    lost: int
    p: float


def estimate(scores: Sequence[float]) -> Estimate:
    """Return the mean with its percentile bootstrap interval.

    Raises:
        ValueError: there are no scores.
    """
    if not scores:
        raise ValueError("no scores")
    low, high = _interval(np.asarray(scores, dtype=float))
    return Estimate(float(np.mean(scores)), low, high, len(scores))


def difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Compare two runs case by case; ``a`` and ``b`` hold the scores of the same cases in the same order.

    Raises:
        ValueError: there are no scores, or not equally many.
    """
    if not a or len(a) != len(b):
        raise ValueError("scores of the same cases are needed")
    change = np.asarray(b, dtype=float) - np.asarray(a, dtype=float)
    low, high = _interval(change)
    gained, lost = int((change > 0).sum()), int((change < 0).sum())
    return Difference(
        float(np.mean(a)), float(np.mean(b)), float(change.mean()), low, high, len(a), gained, lost, mcnemar(gained, lost)
    )


def mcnemar(gained: int, lost: int) -> float:
    """Return McNemar's exact two-sided p-value (binomial, one half) for so many gained and lost cases."""
    n = gained + lost
    if n == 0:
        return 1.0
    tail = float(sum(comb(n, k) for k in range(min(gained, lost) + 1))) / float(2**n)
    return min(1.0, 2 * tail)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of the values lie."""
    return float(np.percentile(np.asarray(values, dtype=float), 100 * share))


def _interval(values: np.ndarray) -> tuple[float, float]:
    """Return the middle 95 % of the means of resamples; the seed is fixed, so that a run can be repeated."""
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    random = np.random.default_rng(_SEED)
    means = values[random.integers(0, len(values), size=(_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, _TAILS)
    return float(low), float(high)
