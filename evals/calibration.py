"""Fits the confidence of answers on the development questions, and says how well it holds: ``python -m evals.calibration``.

A question counts as met where the provision found first is gold or related. Questions to refuse for their subject, and questions
about anything else (``tests/cases/off_topic.yaml``), are never met. Prints the numbers for ``assistant/answer/confidence.yaml``,
and, on folds that the fit never saw, how often each level of confidence was right and what the threshold gets wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.answer import refusals
from assistant.answer.confidence import calibration, signals
from assistant.answer.pipeline import Assistant
from assistant.search.tokens import language_of
from assistant.settings import load_settings
from assistant.types import Language
from evals.cases import AS_OF, Case
from evals.place import open_isolated
from evals.scorers.pinpoint import law_groups, meets
from evals.tasks import read_questions

Matrix = NDArray[np.float64]
_CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
_FOLDS = 5
_RIDGE = 1.0
_STEPS = 50


@dataclass(frozen=True)
class Searched:
    """A question that search decides: its signals, whether the law answers it at all, whether the first found is right."""

    signals: dict[str, float]
    answerable: bool
    met: bool


def main() -> None:
    """Fit, and print numbers and reliability."""
    searched = list(questions(open_isolated(load_settings())))
    names = list(searched[0].signals)
    rows = np.array([[1.0, *one.signals.values()] for one in searched])
    met = np.array([one.met for one in searched], dtype=np.float64)
    fitted = dict(zip(["constant", *names], fit(rows, met).round(3).tolist(), strict=True))
    levels = {name: getattr(calibration(), name) for name in ("answer_from", "medium_from", "high_from")}
    print(yaml.safe_dump(fitted | levels, default_flow_style=True, sort_keys=False, width=1000).strip())
    for line in reliability(unseen(rows, met), searched):
        print(f"# {line}")


def questions(assistant: Assistant) -> Iterator[Searched]:
    """Yield the questions that are answered, or refused, by what search finds."""
    for case in read_questions(assistant.knowledge):
        if case.answerable == bool(law_groups(case)):
            yield from _searched(assistant, case.question, case)
    for name in ("questions", "off_topic"):
        for one in yaml.safe_load((_CASES / f"{name}.yaml").read_text(encoding="utf-8")):
            text, right = (one, []) if isinstance(one, str) else (one["ask"], one["cites"])
            yield from _searched(assistant, text, None, right)


def _searched(assistant: Assistant, text: str, case: Case | None, right: list[str] | None = None) -> Iterator[Searched]:
    history, given = (case.history, case.as_of) if case else ([], None)
    language = Language(case.language) if case else language_of(text)
    question, retrieved = assistant.retrieve(text, language, given or AS_OF, history)
    told = signals(retrieved)
    decided = refusals.by_scope(question) or refusals.without_subject(question, assistant.knowledge) or question.references
    if decided or told is None:
        return
    gold = [*(one for group in law_groups(case) for one in group), *case.related] if case and case.answerable else right or []
    yield Searched(told, bool(gold), any(meets(retrieved.found[0].provision, one) for one in gold))


def fit(rows: Matrix, met: Matrix) -> Matrix:
    """Return the weights of a logistic regression with a small ridge on standardised signals, for the signals as they are."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    mean[0], spread[0] = 0.0, 1.0
    scaled = (rows - mean) / spread
    weights = np.zeros(rows.shape[1])
    ridge = _RIDGE * np.eye(len(weights))
    ridge[0, 0] = 1e-6
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        slope = scaled.T @ (met - likely) - ridge @ weights
        curve = (scaled.T * (likely * (1 - likely))) @ scaled + ridge
        weights = weights + np.linalg.solve(curve, slope)
    plain: Matrix = weights / spread
    plain[0] = weights[0] - float((weights[1:] * mean[1:] / spread[1:]).sum())
    return plain


def unseen(rows: Matrix, met: Matrix) -> Matrix:
    """Return each question's probability from a fit on the other folds."""
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(met))
    likely = np.zeros(len(met))
    for one in range(_FOLDS):
        held = fold == one
        likely[held] = 1 / (1 + np.exp(-rows[held] @ fit(rows[~held], met[~held])))
    return likely


def reliability(likely: Matrix, searched: list[Searched]) -> Iterator[str]:
    """Yield what each level of confidence is worth, and the errors of the threshold."""
    levels = calibration()
    met = np.array([one.met for one in searched])
    answerable = np.array([one.answerable for one in searched])
    bounds = {"high": (levels.high_from, 2.0), "medium": (levels.medium_from, levels.high_from)}
    bounds["low"] = (levels.answer_from, levels.medium_from)
    for name, (low, high) in bounds.items():
        chosen = (likely >= low) & (likely < high)
        yield f"{name}: {chosen.sum()} questions, first provision right in {met[chosen].mean() if chosen.any() else 0:.3f}"
    refused = (likely < levels.answer_from) & answerable
    let_pass = (likely >= levels.answer_from) & ~answerable
    yield f"answered from {levels.answer_from}: refuses {refused.sum()} of {answerable.sum()} that have an answer"
    yield f"and answers {let_pass.sum()} of {(~answerable).sum()} that have none"


if __name__ == "__main__":
    main()
