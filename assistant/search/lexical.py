"""BM25 over the passages of both languages, in memory."""

from __future__ import annotations

import bm25s
import numpy as np
from numpy.typing import NDArray

from assistant.search.passages import Passage
from assistant.search.tokens import tokens


class LexicalIndex:
    """Scores every passage against a query by its words."""

    def __init__(self, passages: list[Passage]) -> None:
        self._model = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self._model.index([tokens(passage.text) for passage in passages], show_progress=False)
        self._size = len(passages)

    def scores(self, query: list[str]) -> NDArray[np.float32]:
        """Return a BM25 score per passage (zeros where no word of the query is known)."""
        known = [token for token in query if token in self._model.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)
