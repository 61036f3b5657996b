"""Provisions found for a query as the law stands on a day: words and vectors, the terms it names, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.law.knowledge import Knowledge
from assistant.law.schema import Term, Unsummarised
from assistant.search.hybrid import Found, HybridIndex, fuse
from assistant.search.index import VectorIndex, fingerprint
from assistant.search.lexical import LexicalIndex
from assistant.search.passages import Passage
from assistant.search.tokens import normalise, tokens
from assistant.types import Force, Jurisdiction

_DOCUMENT_LIFT = 0.3
_JURISDICTION_LIFT = 0.2
_EXPLANATION_DROP = 0.2
_CALENDAR_LIFTS = {"application": 0.4, "transition": 0.2}


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
        self.index = HybridIndex(passages, vectors)
        self._passages = passages
        self._ours = [
            index
            for index, passage in enumerate(passages)
            if not isinstance(knowledge.provisions[passage.provision], Unsummarised)
        ]
        # Whether a question is on topic is judged on our summaries, whatever texts are installed beside them.
        whole = len(self._ours) == len(passages)
        self._signal = self.index.lexical if whole else LexicalIndex([passages[i] for i in self._ours])
        self._names = _names(knowledge)

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors in use, if any."""
        return self.index.vectors

    @property
    def corpus(self) -> str:
        """Hash of everything that is searched."""
        return fingerprint(self._passages, "")

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
        dense = self.index.similarities(query)
        terms = self._terms_in(query)
        words = self.index.by_provision(self.index.word_scores(query), allowed)
        lanes = {"words": words, "terms": self._term_scores(terms, allowed)}
        if dense is not None:
            lanes["vectors"] = self.index.by_provision(dense, allowed)
        found = self._preferred(fuse(lanes), set(prefer), set(documents), calendar)
        similarity = None if dense is None else float(dense[self._ours].max(initial=0.0))
        return Retrieved(found[:k], self._coverage(tokens(query)), similarity, [term.id for term in terms])

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
