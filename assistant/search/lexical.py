"""BM25 over the passages of both languages, in memory."""

from __future__ import annotations

import logging
from collections import Counter
from math import log

import bm25s
import numpy as np
from numpy.typing import NDArray

from assistant.search.passages import Passage
from assistant.search.tokens import tokens

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it would report every step on stderr


class LexicalIndex:
    """Scores every passage against a query by its words."""

    def __init__(self, passages: list[Passage]) -> None:
        self._model = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        words = [tokens(passage.text) for passage in passages]
        if words:  # the library cannot index nothing
            self._model.index(words, show_progress=False)
        self._words = [frozenset(one) for one in words]
        self._frequency = Counter(word for one in self._words for word in one)

    def scores(self, query: list[str]) -> NDArray[np.float32]:
        """Return a BM25 score per passage (zeros where no word of the query is known)."""
        known = [token for token in query if token in self._frequency]
        if not known:
            return np.zeros(len(self._words), dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def coverage(self, query: list[str], position: int) -> float:
        """Return which share of a query's information one passage contains, from 0 to 1.

        Rare words weigh more than common ones and words that no passage has weigh most, so that a question
        on another subject stays low whatever the size of the index.
        """
        weights = {word: log(1 + len(self._words) / (0.5 + self._frequency[word])) for word in set(query)}
        matched = sum(weight for word, weight in weights.items() if word in self._words[position])
        return matched / sum(weights.values()) if weights else 0.0
