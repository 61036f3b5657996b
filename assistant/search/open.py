"""Opens the retriever: passages, embedder, cache and index put together once, at start."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import cached_embeddings
from assistant.search.index import open_index
from assistant.search.passages import Passage, passages_of, phrases_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings

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
    embeddings = cached_embeddings(settings, progress)
    if embeddings is None:
        if settings.embedding != "none":
            log.warning("The embedding model is not installed on this platform; searching by words alone.")
        return Retriever(knowledge, passages, None)
    indexed = ((settings.index_dir, passages), (settings.index_dir / "asked", phrases_of(knowledge)))
    vectors, asked = (
        open_index(folder, held, embeddings, embeddings.name, settings.lock_seconds, rebuild=rebuild) if held else None
        for folder, held in indexed
    )
    return Retriever(knowledge, passages, vectors, asked)
