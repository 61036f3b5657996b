"""Provisions found for a query: words and vectors fused, ranked by provision.

Each lane gives every provision the score of its best passage. The lanes are put on one scale (share of the
best score) and added with a weight, measured on outside questions (evals/README.md).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.law.knowledge import Knowledge
from assistant.law.schema import Term, Unsummarised
from assistant.search.index import VectorIndex
from assistant.search.lexical import LexicalIndex
from assistant.search.passages import Passage
from assistant.search.tokens import normalise, tokens
from assistant.types import Force, Jurisdiction

log = logging.getLogger(__name__)
# Vectors at half the weight of words: best or within noise of it on both outside exams (evals/README.md).
_WEIGHTS = {"words": 1.0, "vectors": 0.5, "terms": 0.5}
_DENSE_DEPTH = 200
_DOCUMENT_LIFT = 0.3
_JURISDICTION_LIFT = 0.2
_EXPLANATION_DROP = 0.2
_CALENDAR_LIFTS = {"application": 0.4, "transition": 0.2}


@dataclass(frozen=True)
class Found:
    """A provision with its fused score, its rank per lane, and how strongly each lane speaks for it."""

    provision: str
    score: float
    lanes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Retrieved:
    """The provisions found for a query and signals of whether the query is on topic at all.

    ``coverage`` is the share of the query that the best passage by words contains; ``similarity`` the best cosine similarity
    (nothing where vectors are not available); ``terms`` are the glossary terms it names.
    """

    found: list[Found]
    coverage: float
    similarity: float | None
    terms: list[str] = field(default_factory=list)


class Retriever:
    """Searches the passages of the knowledge base."""

    def __init__(self, knowledge: Knowledge, passages: list[Passage], vectors: VectorIndex | None) -> None:
        self._knowledge = knowledge
        self._passages = passages
        self._position = {passage.id: index for index, passage in enumerate(passages)}
        self._lexical = LexicalIndex(passages)
        self._ours = [
            index
            for index, passage in enumerate(passages)
            if not isinstance(knowledge.provisions[passage.provision], Unsummarised)
        ]
        # Whether a question is on topic is judged on our summaries, whatever texts are installed beside them.
        self._signal = self._lexical if len(self._ours) == len(passages) else LexicalIndex([passages[i] for i in self._ours])
        self.vectors = vectors
        self._names = _names(knowledge)

    def retrieve(
        self,
        query: str,
        day: date,
        k: int = 10,
        *,
        prefer: Iterable[Jurisdiction] = (),
        documents: Iterable[str] = (),
        within: Iterable[str] = (),
        calendar: bool = False,
    ) -> Retrieved:
        """Return the ``k`` provisions that fit ``query`` best as the law stands on ``day``.

        Provisions of the jurisdictions in ``prefer`` and of ``documents`` come first among equals; ``within``
        (provision ids) restricts what may be found, empty means everything. ``calendar`` lifts the entries about dates.
        """
        allowed = self._allowed(day, set(within))
        words = tokens(query)
        lexical = self._lexical.scores(words)
        dense = self._dense_scores(query)
        terms = self._terms_in(query)
        lanes = {"words": self._by_provision(lexical, allowed), "terms": self._term_scores(terms, allowed)}
        if dense is not None:
            lanes["vectors"] = self._by_provision(dense, allowed)
        found = self._preferred(_fuse(lanes, _WEIGHTS), set(prefer), set(documents), calendar)
        similarity = None if dense is None else float(dense[self._ours].max(initial=0.0))
        return Retrieved(found[:k], self._coverage(words), similarity, [term.id for term in terms])

    def _coverage(self, words: list[str]) -> float:
        scores = self._signal.scores(words)
        return self._signal.coverage(words, int(scores.argmax())) if scores.any() else 0.0

    def _allowed(self, day: date, within: set[str]) -> NDArray[np.bool_]:
        return np.array([one.holds_on(day) and (not within or one.provision in within) for one in self._passages])

    def _preferred(
        self, found: list[Found], jurisdictions: set[Jurisdiction], documents: set[str], calendar: bool
    ) -> list[Found]:
        """Lift the provisions of the jurisdictions and documents that the question names, and dates where it asks for them.

        What only explains a binding act (its recitals) comes after what rules.
        """

        def lifted(one: Found) -> Found:
            document, entry = self._knowledge.document_of(one.provision), self._knowledge.provisions[one.provision]
            lift = _DOCUMENT_LIFT * (document.id in documents) + _JURISDICTION_LIFT * (document.jurisdiction in jurisdictions)
            if document.force is Force.BINDING and self._knowledge.force(entry) is Force.GUIDANCE:
                lift -= _EXPLANATION_DROP
            if calendar:
                lift += _CALENDAR_LIFTS.get(entry.calendar or "", 0.0)
            return Found(one.provision, one.score + lift, one.lanes)

        return sorted(map(lifted, found), key=lambda one: (-one.score, one.provision))

    def _dense_scores(self, query: str) -> NDArray[np.float32] | None:
        if self.vectors is None:
            return None
        try:
            nearest = self.vectors.nearest(query, _DENSE_DEPTH)
        except Exception as error:  # noqa: BLE001 - whatever breaks in Chroma, words still find
            log.warning("Vector search failed (%s); searching by words alone.", type(error).__name__)
            self.vectors = None
            return None
        scores = np.zeros(len(self._passages), dtype=np.float32)
        for identity, similarity in nearest:
            scores[self._position[identity]] = similarity
        return scores

    def _by_provision(self, scores: NDArray[np.float32], allowed: NDArray[np.bool_]) -> dict[str, float]:
        best: dict[str, float] = {}
        for index in np.flatnonzero((scores > 0) & allowed):
            provision = self._passages[index].provision
            best[provision] = max(best.get(provision, 0.0), float(scores[index]))
        return best

    def _terms_in(self, query: str) -> list[Term]:
        """Return the glossary terms that a query names, by any of their names in either language, longest name first."""
        text = normalise(query).casefold()
        named: dict[str, Term] = {}
        for pattern, term in self._names:
            if term.id not in named and pattern.search(text):
                named[term.id] = term
        return list(named.values())

    def _term_scores(self, terms: list[Term], allowed: NDArray[np.bool_]) -> dict[str, float]:
        """Score the provisions that define or govern the terms named: the first of each term most."""
        known = {self._passages[index].provision for index in np.flatnonzero(allowed)}
        scores: dict[str, float] = {}
        for term in terms:
            for place, provision in enumerate(term.provisions, start=1):
                if provision in known:
                    scores[provision] = max(scores.get(provision, 0.0), 1 / place**0.5)
        return scores


def _names(knowledge: Knowledge) -> list[tuple[re.Pattern[str], Term]]:
    """Return a pattern per name of each term; Latin names count as whole words, singular or plural."""
    found = []
    for term in knowledge.terms.values():
        for name in {term.term.en, term.term.ja, *term.synonyms.all}:
            plain = normalise(name).casefold()
            spelling = rf"(?<![a-z0-9]){re.escape(plain)}s?(?![a-z0-9])" if plain.isascii() else re.escape(plain)
            found.append((plain, re.compile(spelling), term))
    found.sort(key=lambda one: -len(one[0]))
    return [(pattern, term) for _, pattern, term in found]


def _fuse(lanes: dict[str, dict[str, float]], weights: dict[str, float]) -> list[Found]:
    """Add the lanes on one scale, each provision's score as its place between a lane's floor and its best."""
    total: dict[str, float] = {}
    ranks: dict[str, dict[str, int]] = {}
    for lane, scores in lanes.items():
        top = max(scores.values(), default=1.0)
        floor = min(scores.values(), default=0.0) if lane == "vectors" else 0.0
        for rank, (provision, score) in enumerate(sorted(scores.items(), key=lambda one: -one[1]), start=1):
            share = (score - floor) / (top - floor) if top > floor else 1.0
            total[provision] = total.get(provision, 0.0) + weights[lane] * share
            ranks.setdefault(provision, {})[lane] = rank
    ordered = sorted(total.items(), key=lambda one: (-one[1], one[0]))
    return [Found(provision, score, ranks[provision]) for provision, score in ordered]
