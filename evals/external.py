"""Rankings of outside sets: the product's own index over a corpus that nobody here wrote."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.search.embedding import cached_embeddings
from assistant.search.hybrid import HybridIndex
from assistant.search.index import open_index
from assistant.settings import Settings
from evals.beir import OutsideSet
from evals.results import Verdict
from evals.scorers.ranking import ranking_verdicts
from evals.statistics import Estimate, estimate

_DEPTH = 10
LANES = {"ours": ("words", "vectors"), "words alone (BM25)": ("words",), "vectors alone": ("vectors",)}
Progress = Callable[[int, int], None]
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Ranked:
    """Figures of one system on one set, and milliseconds a query."""

    system: str
    figures: dict[str, Estimate]
    milliseconds: float


def open_set(outside: OutsideSet, settings: Settings, progress: Progress | None = None) -> HybridIndex:
    """Index a set as the product indexes its own; vectors are kept, so that a second run is quick.

    Raises:
        AssistantError: the embedder or the data folder cannot be used.
    """
    embeddings = cached_embeddings(settings, progress)
    if embeddings is None:
        return HybridIndex(outside.passages, None)
    folder = settings.data_dir / "external" / outside.name
    vectors = open_index(folder, outside.passages, embeddings, embeddings.name, settings.lock_seconds)
    return HybridIndex(outside.passages, vectors)


def measure(outside: OutsideSet, system: str, search: Search) -> Ranked:
    """Rank every query of a set and average the figures."""
    verdicts: list[dict[str, Verdict]] = []
    started = time.perf_counter()
    for query, text in outside.queries.items():
        verdicts.append(ranking_verdicts(search(text), [[one] for one in outside.gold[query]], _same))
    elapsed = (time.perf_counter() - started) * 1000 / len(outside.queries)
    names = verdicts[0].keys()
    return Ranked(system, {name: estimate([one[name].score for one in verdicts]) for name in names}, elapsed)


def lanes_of(index: HybridIndex) -> dict[str, Search]:
    """Return the searches to measure: both lanes together, and each alone; words alone where there are no vectors."""
    found = {name: _search(index, lanes) for name, lanes in LANES.items()}
    return found if index.vectors is not None else {"words alone (BM25)": found["words alone (BM25)"]}


def _search(index: HybridIndex, lanes: tuple[str, ...]) -> Search:
    return lambda text: [found.provision for found in index.rank(text, lanes)[:_DEPTH]]


def _same(found: str, gold: str) -> bool:
    return found == gold
