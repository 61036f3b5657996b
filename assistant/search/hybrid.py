"""Words and vectors together: passages scored by both, ranked by the unit they belong to.

Each lane gives every unit the score of its best passage. The lanes are put on one scale (share of the best score) and
added with a weight, measured on outside questions (evals/README.md). An article that a query names comes before all others.
Nothing here knows the law: the retriever adds that.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.search.embedding import EmbedderError
from assistant.search.index import VectorIndex
from assistant.search.lexical import LexicalIndex
from assistant.search.named import NamedArticles
from assistant.search.passages import Passage
from assistant.search.tokens import tokens

log = logging.getLogger(__name__)
# Vectors at half the weight of words: best or within noise of it on both outside exams, so for both languages (evals/README.md).
WEIGHTS = {"words": 1.0, "vectors": 0.5}
_DENSE_DEPTH = 200
_REST = 30.0  # seconds for which vectors that failed are left alone: nobody is to wait for them with every question


@dataclass(frozen=True)
class Found:
    """A provision with its fused score, its rank per lane, and how strongly each lane speaks for it."""

    provision: str
    score: float
    lanes: dict[str, int] = field(default_factory=dict)


class HybridIndex:
    """Passages that are searched by words, and by vectors where there are any."""

    def __init__(self, passages: list[Passage], vectors: VectorIndex | None) -> None:
        self.passages = passages
        self._position = {passage.id: index for index, passage in enumerate(passages)}
        self.lexical = LexicalIndex(passages)
        self.vectors = vectors
        self.lost = False  # there were vectors, or should be, and their index does not answer
        self._again: float | None = None  # when vectors that failed are tried again, on the monotonic clock

    @property
    def by_meaning(self) -> bool:
        """Tell whether there are vectors and they answered when last asked."""
        return self.vectors is not None and self._again is None

    def word_scores(self, query: str) -> NDArray[np.float32]:
        """Return the BM25 score of every passage."""
        return self.lexical.scores(tokens(query))

    def similarities(self, query: str) -> NDArray[np.float32] | None:
        """Return the cosine similarity of the passages nearest to a query, zero for the others; nothing without vectors."""
        if self.vectors is None or (self._again is not None and time.monotonic() < self._again):
            return None
        try:
            nearest = self.vectors.nearest(query, _DENSE_DEPTH)
        except Exception as error:  # noqa: BLE001 - whatever breaks in Chroma or the embedder, words still find
            log.warning("Vector search failed (%s); searching by words alone.", type(error).__name__)
            self._again, self.lost = time.monotonic() + _REST, not isinstance(error, EmbedderError)
            return None
        self._again, self.lost = None, False
        scores = np.zeros(len(self.passages), dtype=np.float32)
        for identity, similarity in nearest:
            if identity in self._position:
                scores[self._position[identity]] = similarity
        return scores

    def by_provision(self, scores: NDArray[np.float32], allowed: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """Return each provision's best passage score, of the passages ``allowed``."""
        best: dict[str, float] = {}
        for index in np.flatnonzero((scores > 0) & allowed if allowed is not None else scores > 0):
            provision = self.passages[index].provision
            best[provision] = max(best.get(provision, 0.0), float(scores[index]))
        return best

    def named(self, query: str) -> list[str]:
        """Return the provisions that ``query`` names as articles: in its order, of one article what holds most of it first."""
        words, places = tokens(query), self._articles.places(query)
        covered = self.lexical.coverages(words)
        ordered = sorted(places, key=lambda position: (places[position], -covered[position]))
        return list(dict.fromkeys(self.passages[position].provision for position in ordered))

    def rank(self, query: str, lanes: Iterable[str] = ("named", "words", "vectors")) -> list[Found]:
        """Return every provision that a lane finds, best first; without any knowledge of the law."""
        scores = {"words": self.word_scores(query)} if "words" in lanes else {}
        if "vectors" in lanes and (dense := self.similarities(query)) is not None:
            scores["vectors"] = dense
        found = fuse({lane: self.by_provision(one) for lane, one in scores.items()})
        return _first(found, self.named(query)) if "named" in lanes else found

    @cached_property
    def _articles(self) -> NamedArticles:
        return NamedArticles(self.passages)


def fuse(lanes: Mapping[str, Mapping[str, float]]) -> list[Found]:
    """Add the lanes on one scale, each provision's score as its place between a lane's floor and its best."""
    total: dict[str, float] = {}
    ranks: dict[str, dict[str, int]] = {}
    for lane, scores in lanes.items():
        top = max(scores.values(), default=1.0)
        floor = min(scores.values(), default=0.0) if lane == "vectors" else 0.0
        for rank, (provision, score) in enumerate(sorted(scores.items(), key=lambda one: -one[1]), start=1):
            share = (score - floor) / (top - floor) if top > floor else 1.0
            total[provision] = total.get(provision, 0.0) + WEIGHTS[lane] * share
            ranks.setdefault(provision, {})[lane] = rank
    ordered = sorted(total.items(), key=lambda one: (-one[1], one[0]))
    return [Found(provision, score, ranks[provision]) for provision, score in ordered]


def _first(found: list[Found], named: list[str]) -> list[Found]:
    """Put the provisions named before all others, in their order, whatever their scores."""
    by_provision = {one.provision: one for one in found}
    lifted = [by_provision.pop(provision, Found(provision, 0.0)) for provision in named]
    return [*(replace(one, lanes={**one.lanes, "named": n}) for n, one in enumerate(lifted, start=1)), *by_provision.values()]
