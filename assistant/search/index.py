"""The Chroma index: a cache that can always be rebuilt, never the only place where anything is.

One writer at a time under a file lock; a build goes to a new folder, then one small pointer file is replaced.
Readers see the old index or the new one, never a half of either. A folder that no pointer names is swept away.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import chromadb
import numpy as np
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from filelock import FileLock, Timeout
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from assistant.search.passages import Passage
from assistant.types import AssistantError

log = logging.getLogger(__name__)
_COLLECTION = "provisions"
_POINTER = "current.json"
_BATCH = 4000
_REMEMBERED = 64
# Searched so thoroughly that nothing near is missed, and built by one thread: the same passages give the same index, and the same
# question the same answer. With the defaults 1 of 75 of the 200 nearest is missed, another one in each build (evals/README.md).
HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 400,
    "ef_search": 1000,
    "max_neighbors": 32,
    "num_threads": 1,
}


@dataclass(frozen=True)
class IndexState:
    """What the pointer names: the folder in use and what was put into it."""

    folder: str
    fingerprint: str
    passages: int


class VectorIndex:
    """An open index: finds passages near a query."""

    def __init__(self, store: Chroma, state: IndexState, embeddings: Embeddings) -> None:
        self._collection = store._collection  # noqa: SLF001 - the wrapper fetches every text found, three times the work
        self._embeddings = embeddings
        self.state = state
        # One question is searched for as a whole, for each side and beside its parts.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._search)

    def nearest(self, query: str, k: int) -> tuple[tuple[str, float], ...]:
        """Return up to ``k`` (passage id, cosine similarity), nearest first."""
        return self._remembered(query, k)

    def _search(self, query: str, k: int) -> tuple[tuple[str, float], ...]:
        found = self._collection.query(
            query_embeddings=np.asarray([self._embeddings.embed_query(query)], dtype=np.float32),
            n_results=min(k, self.state.passages),
            include=["distances"],
        )
        distances = (found["distances"] or [[]])[0]
        return tuple((identity, 1.0 - distance) for identity, distance in zip(found["ids"][0], distances, strict=True))


def fingerprint(passages: list[Passage], model: str) -> str:
    """Return a hash over the passages and the model: equal means nothing to do."""
    digest = hashlib.sha256(model.encode())
    for passage in sorted(passages, key=lambda one: one.id):
        digest.update(f"{passage.id} {passage.content}".encode())
    return digest.hexdigest()[:16]


def open_index(
    root: Path, passages: list[Passage], embeddings: Embeddings, model: str, lock_seconds: float, *, rebuild: bool = False
) -> VectorIndex:
    """Open the index under ``root``, building it first where it is missing, outdated or damaged.

    Raises:
        AssistantError: another process is building it and does not finish in time.
    """
    wanted = fingerprint(passages, f"{model} {json.dumps(HNSW)}")
    if not rebuild and (index := _try_open(root, wanted, embeddings)):
        return index
    root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / "build.lock", timeout=lock_seconds):
            if not rebuild and (index := _try_open(root, wanted, embeddings)):
                return index
            return _build(root, passages, embeddings, wanted)
    except Timeout as error:
        raise AssistantError(
            f"Another process has been building the index in {root} for more than {lock_seconds:.0f} seconds. "
            "Wait for it, or stop it, and try again."
        ) from error


def read_state(root: Path) -> IndexState | None:
    """Return what the pointer names, or nothing where there is no readable pointer."""
    try:
        return IndexState(**json.loads((root / _POINTER).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _try_open(root: Path, wanted: str, embeddings: Embeddings) -> VectorIndex | None:
    state = read_state(root)
    if state is None or state.fingerprint != wanted:
        return None
    try:
        store = _chroma(root / state.folder, embeddings, create=False)
        if store._collection.count() == state.passages and store.get(limit=1)["ids"]:  # noqa: SLF001 - no public count
            return VectorIndex(store, state, embeddings)
        log.warning("The index is incomplete and will be rebuilt.")
    except BaseException as error:  # Chroma's engine panics outside Exception on damaged files
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        log.warning("The index cannot be read and will be rebuilt (%s).", type(error).__name__)
    return None


def _build(root: Path, passages: list[Passage], embeddings: Embeddings, wanted: str) -> VectorIndex:
    previous = read_state(root)
    folder = f"build-{uuid.uuid4().hex[:12]}"
    store = _chroma(root / folder, embeddings, create=True)
    fill(store, passages)
    state = IndexState(folder, wanted, len(passages))
    fresh = root / f"{_POINTER}.{folder}"
    fresh.write_text(json.dumps(state.__dict__), encoding="utf-8")
    fresh.replace(root / _POINTER)
    _sweep(root, keep={folder, previous.folder if previous else ""})
    return VectorIndex(store, state, embeddings)


def fill(store: Chroma, passages: list[Passage]) -> None:
    """Put every passage with its vector into a collection."""
    for start in range(0, len(passages), _BATCH):
        batch = passages[start : start + _BATCH]
        store.add_texts(
            [passage.text for passage in batch],
            metadatas=[{"provision": passage.provision} for passage in batch],
            ids=[passage.id for passage in batch],
        )


def _sweep(root: Path, keep: set[str]) -> None:
    """Remove builds that no pointer names; the one before stays for readers that still have it open."""
    for folder in root.glob("build-*"):
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _chroma(folder: Path, embeddings: Embeddings, *, create: bool) -> Chroma:
    if not create and not folder.is_dir():
        raise FileNotFoundError(folder)
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    return Chroma(
        collection_name=_COLLECTION,
        embedding_function=embeddings,
        client=client,
        collection_configuration={"hnsw": HNSW} if create else None,
        create_collection_if_not_exists=create,
    )
