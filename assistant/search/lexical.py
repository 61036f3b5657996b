"""BM25 over the passages of both languages, in memory.

English is searched by pairs of neighbouring words too: "inside information" says more than its words. Japanese is pairs of
characters already, and longer runs of them found less. All this was measured on outside exams (evals/README.md).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Protocol

import bm25s
import numpy as np
from numpy.typing import NDArray

from assistant.search.tokens import tokens

_SATURATION, _LENGTH = 0.5, 0.6  # a word said twice counts little more than once, a long passage loses a little
_NOWHERE: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
logging.getLogger("bm25s").setLevel(logging.WARNING)  # it would report every step on stderr


class Worded(Protocol):
    """Whatever has a text to be found by."""

    @property
    def text(self) -> str:
        """The text."""
        ...


class LexicalIndex:
    """Scores every passage against a query by its words."""

    def __init__(self, passages: Sequence[Worded]) -> None:
        self._model = bm25s.BM25(method="lucene", k1=_SATURATION, b=_LENGTH)
        self._size = len(passages)
        self._numbers: dict[str, int] = {}
        # Numbers, not words: the pairs of a hundred thousand passages would fill a gigabyte as strings.
        indexed = [self._numbered(passage.text) for passage in passages]
        if self._numbers:  # the library cannot index nothing
            self._model.index((indexed, self._numbers), create_empty_token=False, show_progress=False)

    def scores(self, query: list[str]) -> NDArray[np.float32]:
        """Return a BM25 score per passage (zeros where no word of the query is known)."""
        known = [term for term in query + _pairs(query) if term in self._numbers]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)

    def coverage(self, query: list[str], position: int) -> float:
        """Return which share of a query's information one passage contains, from 0 to 1.

        Rare words weigh more than common ones and words that no passage has weigh most, so that a question
        on another subject stays low whatever the size of the index.
        """
        return float(self.coverages(query)[position])

    def coverages(self, query: list[str]) -> NDArray[np.float64]:
        """Return the coverage of a query by every passage."""
        matched: NDArray[np.float64] = np.zeros(self._size)
        total = 0.0
        for word in dict.fromkeys(query):
            holding = self._holding(word)
            weight = log(1 + self._size / (0.5 + len(holding)))
            matched[holding] += weight
            total += weight
        return matched / total if total else matched

    def _holding(self, word: str) -> NDArray[np.int32]:
        """Return the positions of the passages that hold a word, each once: the library keeps them word by word."""
        number = self._numbers.get(word)
        if number is None:
            return _NOWHERE
        starts = self._model.scores["indptr"]
        holding: NDArray[np.int32] = self._model.scores["indices"][starts[number] : starts[number + 1]]
        return holding

    def _numbered(self, text: str) -> list[int]:
        words = tokens(text)
        return [self._numbers.setdefault(term, len(self._numbers)) for term in words + _pairs(words)]


def _pairs(words: list[str]) -> list[str]:
    """Return the pairs of neighbouring English words, stop words left out."""
    return [f"{one} {other}" for one, other in pairwise(words) if one.isascii() and other.isascii()]
