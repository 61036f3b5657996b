"""Rankings of outside sets: the product's own index over a corpus that nobody here wrote."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
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
LANES = {"ours": ("named", "words", "vectors"), "words alone (BM25)": ("words",), "vectors alone": ("vectors",)}
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


def measure(outside: OutsideSet, system: str, search: Search, named: Mapping[str, list[str]] | None = None) -> Ranked:
    """Rank every query of a set and average the figures.

    With ``named``, the provisions that queries name, hit@1 is given for the queries that name an article of their corpus
    too (``named hit@1``), and for those of them whose article is gold (``gold named hit@1``).
    """
    verdicts: dict[str, dict[str, Verdict]] = {}
    started = time.perf_counter()
    for query, text in outside.queries.items():
        verdicts[query] = ranking_verdicts(search(text), [[one] for one in outside.gold[query]], _same)
    elapsed = (time.perf_counter() - started) * 1000 / len(outside.queries)
    names = next(iter(verdicts.values())).keys()
    figures = {name: estimate([one[name].score for one in verdicts.values()]) for name in names}
    naming = {query: found for query, found in (named or {}).items() if found}
    gold = [query for query, found in naming.items() if set(found) & set(outside.gold[query])]
    for name, queries in (("named hit@1", list(naming)), ("gold named hit@1", gold)):
        if queries:
            figures[name] = estimate([verdicts[query]["hit@1"].score for query in queries])
    return Ranked(system, figures, elapsed)


def named_in(outside: OutsideSet, index: HybridIndex) -> dict[str, list[str]]:
    """Return the provisions that each query names, found without a look at what answers it."""
    return {query: index.named(text) for query, text in outside.queries.items()}


def lanes_of(index: HybridIndex) -> dict[str, Search]:
    """Return the searches to measure: both lanes together, and each alone; words alone where there are no vectors."""
    found = {name: _search(index, lanes) for name, lanes in LANES.items()}
    return found if index.vectors is not None else {"words alone (BM25)": found["words alone (BM25)"]}


def _search(index: HybridIndex, lanes: tuple[str, ...]) -> Search:
    return lambda text: [found.provision for found in index.rank(text, lanes)[:_DEPTH]]


def _same(found: str, gold: str) -> bool:
    return found == gold
