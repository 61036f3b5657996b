"""Sets the weights of ranking on the development questions, one language at a time: ``python -m evals.tuning``.

Every lane's scores are taken once; then one weight after the other is moved while that helps. What counts is hit@1,
recall@10 and nDCG@10 together. Cross-validation tells how much of the gain is luck: each fold is ranked with
weights that never saw it. Prints the weights for ``assistant/search/ranking.yaml`` and the figures.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from assistant.answer.pipeline import Assistant
from assistant.answer.understand import understand
from assistant.search.ranking import Ranking, Weights, Wish, shipped_weights
from assistant.search.retrieval import Heard
from assistant.search.tokens import language_of
from assistant.settings import load_settings
from assistant.types import Language
from evals.cases import AS_OF
from evals.place import open_isolated
from evals.scorers.pinpoint import law_groups
from evals.scorers.ranking import ranking_verdicts
from evals.tasks import read_questions

_STEPS = (-0.3, -0.15, -0.05, 0.05, 0.15, 0.3)
_FOLDS = 4
_ROUNDS = 2
_COUNTS = {"hit@1": 0.35, "recall@10": 0.35, "ndcg@10": 0.3}
_DEPTH = 10
_FIRST_QUESTIONS = Path(__file__).resolve().parent.parent / "tests" / "cases" / "questions.yaml"


@dataclass(frozen=True)
class Asked:
    """A question with what the lanes say of it, the provisions it names, and its gold."""

    wish: Wish
    heard: Heard
    named: list[str]
    gold: list[list[str]]


def main() -> None:
    """Tune each language and print weights and figures."""
    assistant = open_isolated(load_settings())
    for language in Language:
        asked = [one for one in questions(assistant) if one.wish.language is language]
        ranking = assistant.retriever.ranking
        weights = climbed(shipped_weights()[language], asked, ranking)
        print(yaml.safe_dump({language.value: weights.model_dump()}, default_flow_style=True, sort_keys=False, width=1000)[1:-2])
        shown = ", ".join(f"{name} {value:.3f}" for name, value in figures(weights, asked, ranking).items())
        held = ", ".join(f"{name} {value:.3f}" for name, value in cross_validated(asked, ranking).items())
        print(f"# {len(asked)} questions: {shown}; on folds not seen: {held}")


def questions(assistant: Assistant) -> Iterable[Asked]:
    """Yield the development questions that have an answer in the law."""
    listed = [(case.question, case.as_of, law_groups(case)) for case in read_questions(assistant.knowledge) if case.answerable]
    first = yaml.safe_load(_FIRST_QUESTIONS.read_text(encoding="utf-8"))
    for text, given, gold in [*listed, *((case["ask"], None, [case["cites"]]) for case in first)]:
        if gold:
            question = understand(text, assistant.knowledge, assistant.router, language_of(text))
            retriever, day = assistant.retriever, question.day or given or AS_OF
            heard = retriever.heard(question.text, day, question.wish, retriever.terms_in(question.text))
            yield Asked(question.wish, heard, assistant.named(question), gold)


def climbed(weights: Weights, asked: Sequence[Asked], ranking: Ranking) -> Weights:
    """Move one weight after the other while the questions are ranked better."""
    best = _merit(weights, asked, ranking)
    for _ in range(_ROUNDS):
        for name in Weights.model_fields:
            for step in _STEPS:
                moved = weights.model_copy(update={name: round(max(0.0, getattr(weights, name) + step), 3)})
                merit = _merit(moved, asked, ranking)
                if merit > best + 1e-4:
                    weights, best = moved, merit
    return weights


def cross_validated(asked: Sequence[Asked], ranking: Ranking) -> dict[str, float]:
    """Return the figures over folds, each ranked with weights tuned on the others."""
    shuffled = random.Random(1).sample(list(asked), len(asked))  # noqa: S311 - a fixed split, no secret
    folds = []
    for fold in range(_FOLDS):
        others = [one for place, one in enumerate(shuffled) if place % _FOLDS != fold]
        weights = climbed(shipped_weights()[asked[0].wish.language], others, ranking)
        folds.append(figures(weights, shuffled[fold::_FOLDS], ranking))
    return {name: float(np.mean([one[name] for one in folds])) for name in folds[0]}


def figures(weights: Weights, asked: Sequence[Asked], ranking: Ranking) -> dict[str, float]:
    """Return the mean of every figure of ranking."""
    scored = [ranking_verdicts(_ranked(one, ranking, weights), one.gold) for one in asked]
    return {name: float(np.mean([one[name].score for one in scored])) for name in (*_COUNTS, "all_gold@10")}


def _ranked(one: Asked, ranking: Ranking, weights: Weights) -> list[str]:
    found = ranking.order(one.heard.lanes, one.heard.allowed, one.wish, _DEPTH, weights)
    return list(dict.fromkeys([*one.named, *(each.provision for each in found)]))[:_DEPTH]


def _merit(weights: Weights, asked: Sequence[Asked], ranking: Ranking) -> float:
    found = figures(weights, asked, ranking)
    return sum(share * found[name] for name, share in _COUNTS.items())


if __name__ == "__main__":
    main()
