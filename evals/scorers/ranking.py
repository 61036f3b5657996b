"""How good is a ranked list of provisions? The usual measures, over groups of alternatives.

A rank counts where a group of gold is met for the first time: two alternatives of one group count once. With every group
of one id, the figures are the textbook ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

from evals.results import Verdict
from evals.scorers.pinpoint import meets

Met = Callable[[str, str], bool]


def ranking_verdicts(ranked: Sequence[str], groups: Sequence[Sequence[str]], met: Met = meets) -> dict[str, Verdict]:
    """Return hit@1, recall@5, recall@10, MAP@10, nDCG@10 and all-gold@10 of one ranking."""
    first = _first_ranks(ranked[:10], groups, met)
    ranks = sorted(rank for rank in first if rank is not None)
    why = ", ".join(f"{' or '.join(group)}: {rank or 'not in 10'}" for group, rank in zip(groups, first, strict=True))
    top = any(met(ranked[0], gold) for group in groups for gold in group) if ranked else False
    scores = {
        "hit@1": float(top),
        "recall@5": sum(rank <= 5 for rank in ranks) / len(groups),
        "recall@10": len(ranks) / len(groups),
        "map@10": sum(place / rank for place, rank in enumerate(ranks, start=1)) / len(groups),
        "ndcg@10": _gain(ranks) / _gain(range(1, min(len(groups), 10) + 1)),
        "all_gold@10": float(len(ranks) == len(groups)),
    }
    return {name: Verdict(score=score, why=why) for name, score in scores.items()}


def _first_ranks(ranked: Sequence[str], groups: Sequence[Sequence[str]], met: Met) -> list[int | None]:
    """Return the rank at which each group is met first; one rank meets one group only."""
    taken: set[int] = set()
    found: list[int | None] = []
    for group in groups:
        rank = next(
            (n for n, one in enumerate(ranked, start=1) if n not in taken and any(met(one, gold) for gold in group)), None
        )
        if rank is not None:
            taken.add(rank)
        found.append(rank)
    return found


def _gain(ranks: Sequence[int]) -> float:
    return sum(1 / log2(rank + 1) for rank in ranks)
