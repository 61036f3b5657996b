"""Vectors by content: an unchanged passage is never embedded twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, Engine, LargeBinary, String, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.columns import metadata
from assistant.store.transactions import reading, writing

Vector = NDArray[np.float32]

_vectors = Table(
    "vectors",
    metadata,
    Column("model", String(80), primary_key=True),
    Column("content", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)
_BATCH = 500
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class VectorCache:
    """Vectors of one embedding model in the database, keyed by the hash of the text embedded."""

    def __init__(self, engine: Engine, model: str) -> None:
        self._engine = engine
        self._model = model

    def get(self, contents: Iterable[str]) -> dict[str, Vector]:
        """Return the vectors known for these content hashes."""
        wanted = list(contents)
        found: dict[str, Vector] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), _BATCH):
                chosen = select(_vectors.c.content, _vectors.c.vector).where(
                    _vectors.c.model == self._model, _vectors.c.content.in_(wanted[start : start + _BATCH])
                )
                for content, raw in connection.execute(chosen):
                    found[content] = np.frombuffer(raw, dtype=np.float32)
        return found

    def remove(self, contents: Iterable[str]) -> None:
        """Forget the vectors of these texts."""
        wanted = list(contents)
        with writing(self._engine) as connection:
            for start in range(0, len(wanted), _BATCH):
                chosen = _vectors.c.content.in_(wanted[start : start + _BATCH])
                connection.execute(delete(_vectors).where(_vectors.c.model == self._model, chosen))

    def put(self, vectors: Mapping[str, Vector]) -> None:
        """Keep these vectors; known ones stay as they are."""
        rows = [
            {"model": self._model, "content": content, "vector": np.asarray(vector, dtype=np.float32).tobytes()}
            for content, vector in vectors.items()
        ]
        if rows:
            insert = _INSERTS[self._engine.dialect.name]
            with writing(self._engine) as connection:
                connection.execute(insert(_vectors).on_conflict_do_nothing(), rows)
