"""Opens the retriever: passages, embedder, cache and index put together once, at start."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, load_embedder, shipped_vectors
from assistant.search.index import VectorIndex, open_index
from assistant.search.passages import Passage, passages_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.vectors import VectorCache

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


def open_retriever(
    knowledge: Knowledge,
    settings: Settings,
    progress: Progress | None = None,
    wordings: list[Passage] | None = None,
    *,
    rebuild: bool = False,
) -> Retriever:
    """Return a retriever over the summaries and the official ``wordings``, with vectors where an embedder is available.

    Raises:
        AssistantError: the database or the index cannot be used, or the chosen embedder cannot be loaded.
    """
    passages = [*passages_of(knowledge), *(wordings or [])]
    return Retriever(knowledge, passages, _open_vectors(passages, settings, progress, rebuild=rebuild))


def _open_vectors(passages: list[Passage], settings: Settings, progress: Progress | None, *, rebuild: bool) -> VectorIndex | None:
    chosen = load_embedder(settings)
    if chosen is None:
        if settings.embedding != "none":
            log.warning("The embedding model is not installed on this platform; searching by words alone.")
        return None
    embedder, name = chosen
    cache = VectorCache(open_database(settings.effective_database_url), name)
    embeddings = CachedEmbeddings(embedder, name, cache, shipped_vectors(settings.knowledge_dir, name), progress)
    return open_index(settings.index_dir, passages, embeddings, name, settings.lock_seconds, rebuild=rebuild)
