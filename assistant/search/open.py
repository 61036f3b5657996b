"""Opens the retriever: passages, embedder, cache and index put together once, at start."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, cached_embeddings
from assistant.search.index import VectorIndex, open_index
from assistant.search.passages import Passage, passages_of, phrases_of
from assistant.search.retrieval import Retriever
from assistant.search.served_index import UnreachableError, open_served
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.marks import Marks

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
    passages, phrases = [*passages_of(knowledge), *(wordings or [])], phrases_of(knowledge)
    embeddings = cached_embeddings(settings, progress)
    queries = cached_embeddings(settings, progress, as_queries=True)
    if embeddings is None or queries is None:
        if settings.embedding != "none":
            log.warning("The embedding model is not installed on this platform; searching by words alone.")
        return Retriever(knowledge, passages, None)
    try:
        vectors, asked = (
            _opened(settings, name, held, embedder, rebuild=rebuild) if held else None
            for name, held, embedder in (("provisions", passages, embeddings), ("asked", phrases, queries))
        )
    except UnreachableError as error:
        log.warning("%s", error)
        retriever = Retriever(knowledge, passages, None)
        retriever.index.lost = True
        return retriever
    return Retriever(knowledge, passages, vectors, asked)


def _opened(settings: Settings, name: str, held: list[Passage], embedder: CachedEmbeddings, *, rebuild: bool) -> VectorIndex:
    """Open one of the two indexes: in the data folder, or on the Chroma server that the settings name."""
    if settings.chroma_url:
        engine = open_database(settings.effective_database_url)
        try:
            return open_served(settings, Marks(engine), name, held, embedder, embedder.name, rebuild=rebuild)
        finally:
            engine.dispose()
    folder = settings.index_dir if name == "provisions" else settings.index_dir / name
    return open_index(folder, held, embedder, embedder.name, settings.lock_seconds, rebuild=rebuild)
