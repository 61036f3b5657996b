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
from assistant.search.hybrid import Found, HybridIndex
from assistant.search.index import VectorIndex, fingerprint
from assistant.search.lexical import LexicalIndex
from assistant.search.passages import Passage, phrases_of
from assistant.search.ranking import Ranking, Scores, Wish
from assistant.search.tokens import language_of, normalise, tokens


@dataclass(frozen=True)
class Retrieved:
    """The provisions found for a query and signals of whether the query is on topic at all.

    ``coverage`` is the share of the query that the best passage by words contains; ``similarity`` the best cosine similarity
    (nothing where vectors are not available); ``terms`` are the glossary terms it names; ``asked`` the best similarity
    to a phrase in which people ask.
    """

    found: list[Found]
    coverage: float
    similarity: float | None
    terms: list[str] = field(default_factory=list)
    asked: float | None = None


@dataclass(frozen=True)
class Heard:
    """How well each provision fits by every lane, which may be found, and how near the best summary and phrase are."""

    lanes: dict[str, Scores]
    allowed: NDArray[np.bool_]
    similarity: float | None
    asked: float | None


class Retriever:
    """Searches the passages of the knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        passages: list[Passage],
        vectors: VectorIndex | None,
        asked: VectorIndex | None = None,
    ) -> None:
        """``vectors`` are those of ``passages``, ``asked`` those of the phrases in which people ask."""
        self._knowledge = knowledge
        self.ranking = Ranking(knowledge)
        self.index = HybridIndex(passages, vectors)
        self.asked = HybridIndex(phrases_of(knowledge), asked)
        self._passages = passages
        self._place_of = self._places(passages)
        self._asked_place_of = self._places(self.asked.passages)
        self._starts = np.array([one.start.toordinal() for one in passages])
        self._ends = np.array([one.end.toordinal() if one.end else date.max.toordinal() for one in passages])
        ours = [not isinstance(knowledge.provisions[passage.provision], Unsummarised) for passage in passages]
        self._ours = np.flatnonzero(ours)
        # Whether a question is on topic is judged on our summaries, whatever texts are installed beside them.
        self._signal = self.index.lexical if all(ours) else LexicalIndex([passages[i] for i in self._ours])
        self._names = _names(knowledge)

    @property
    def by_meaning(self) -> bool:
        """Tell whether passages are found by vectors as well as by words."""
        return self.index.by_meaning

    @property
    def lost(self) -> bool:
        """Tell whether vectors should be there but their index does not answer: it may be opened again."""
        return self.index.lost or self.asked.lost

    @property
    def corpus(self) -> str:
        """Hash of everything that is searched."""
        return fingerprint(self._passages, "")

    def retrieve(self, query: str, day: date, k: int = 10, *, wish: Wish | None = None, within: Iterable[str] = ()) -> Retrieved:
        """Return the ``k`` provisions that fit ``query`` best as the law stands on ``day``.

        ``wish`` says what the question asks for; ``within`` (provision ids) restricts what may be found, empty means everything.
        """
        wish = wish or Wish(language_of(query))
        terms = self.terms_in(query)
        heard = self.heard(query, day, wish, terms, within)
        found = self.ranking.order(heard.lanes, heard.allowed, wish, k)
        named = [term.id for term in terms]
        return Retrieved(found, self._coverage(tokens(query)), heard.similarity, named, heard.asked)

    def heard(self, query: str, day: date, wish: Wish, terms: Iterable[Term], within: Iterable[str] = ()) -> Heard:
        """Return what every lane says of a query, before anything is weighed."""
        holds = (self._starts <= day.toordinal()) & (day.toordinal() < self._ends)
        allowed = self._allowed(holds, set(within))
        dense = self.index.similarities(query)
        lanes = {
            "words": self._best(np.where(holds, self.index.word_scores(query), 0.0), self._place_of),
            "terms": self._term_scores(terms),
            "asked_words": self._best(self.asked.word_scores(query), self._asked_place_of),
        }
        if dense is not None:
            lanes["vectors"] = self._best(np.where(holds, dense, 0.0), self._place_of)
            lanes |= self._dense_lanes(query, holds, wish)
        asked = float(lanes["asked_vectors"].max(initial=0.0)) if "asked_vectors" in lanes else None
        lanes = {name: np.where(allowed, scores, 0.0).astype(np.float32) for name, scores in lanes.items()}
        return Heard(lanes, allowed, None if dense is None else float(dense[self._ours].max(initial=0.0)), asked)

    def _dense_lanes(self, query: str, holds: NDArray[np.bool_], wish: Wish) -> dict[str, Scores]:
        """Return the lanes by meaning beyond the passages: the phrases in which people ask, and the question's parts."""
        lanes = {}
        if (near := self.asked.similarities(query)) is not None:
            lanes["asked_vectors"] = self._best(near, self._asked_place_of)
        parts = [near for part in wish.parts if (near := self.index.similarities(part)) is not None]
        if parts:
            each = [self._best(np.where(holds, near, 0.0), self._place_of) for near in parts]
            lanes["parts"] = np.mean(each, axis=0)
        return lanes

    def _best(self, scores: Scores, places: NDArray[np.int64]) -> Scores:
        """Return each provision's best score over its passages."""
        best = np.zeros(len(self.ranking.provisions), dtype=np.float32)
        np.maximum.at(best, places, scores)
        return best

    def _places(self, passages: list[Passage]) -> NDArray[np.int64]:
        return np.array([self.ranking.place[one.provision] for one in passages], dtype=np.int64)

    def _coverage(self, words: list[str]) -> float:
        scores = self._signal.scores(words)
        return self._signal.coverage(words, int(scores.argmax())) if scores.any() else 0.0

    def _allowed(self, holds: NDArray[np.bool_], within: set[str]) -> NDArray[np.bool_]:
        """Tell of each provision whether it is the law then, and whether it may be found."""
        allowed = np.zeros(len(self.ranking.provisions), dtype=bool)
        allowed[self._place_of[holds]] = True
        if within:
            allowed &= np.array([provision in within for provision in self.ranking.provisions])
        return allowed

    def terms_in(self, query: str) -> list[Term]:
        """Return the glossary terms that a query names, by any of their names in either language, longest name first."""
        text = normalise(query).casefold()
        named: dict[str, Term] = {}
        for name, pattern, term in self._names:
            if term.id not in named and name in text and pattern.search(text):
                named[term.id] = term
        return list(named.values())

    def _term_scores(self, terms: Iterable[Term]) -> Scores:
        """Score the provisions that define or govern the terms named: the first of each term most."""
        scores = np.zeros(len(self.ranking.provisions), dtype=np.float32)
        for term in terms:
            for rank, provision in enumerate(term.provisions, start=1):
                if (place := self.ranking.place.get(provision)) is not None:
                    scores[place] = max(scores[place], 1 / rank**0.5)
        return scores


def _names(knowledge: Knowledge) -> list[tuple[str, re.Pattern[str], Term]]:
    """Return each name of each term with its pattern; Latin names count as whole words, singular or plural."""
    found = []
    for term in knowledge.terms.values():
        for name in {term.term.en, term.term.ja, *term.synonyms.all}:
            plain = normalise(name).casefold()
            spelling = rf"(?<![a-z0-9]){re.escape(plain)}s?(?![a-z0-9])" if plain.isascii() else re.escape(plain)
            found.append((plain, re.compile(spelling), term))
    return sorted(found, key=lambda one: -len(one[0]))
