"""Opens the retriever: passages, embedder, cache and index put together once, at start."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import CachedEmbeddings, EmbedderError, cached_embeddings
from assistant.search.index import VectorIndex, open_index, read_state
from assistant.search.passages import Passage, passages_of, phrases_of
from assistant.search.retrieval import Retriever
from assistant.search.served_index import UnreachableError, open_served, reachable, state_in_use
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.marks import Marks

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
_PROVISIONS, _ASKED = "provisions", "asked"


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
            for name, held, embedder in ((_PROVISIONS, passages, embeddings), (_ASKED, phrases, queries))
        )
    except (UnreachableError, EmbedderError) as error:
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
    return open_index(_folder(settings, name), held, embedder, embedder.name, settings.lock_seconds, rebuild=rebuild)


def may_be_back(settings: Settings) -> bool:
    """Tell whether it is worth opening an index again that did not answer."""
    return not settings.chroma_url or reachable(settings)


def replaced(settings: Settings, marks: Marks, retriever: Retriever) -> bool:
    """Tell whether another process built an index anew that the retriever has open, from the same passages.

    One from other passages is another release's, as while a new one is brought in: ours stays, or the two would build in turns.

    Raises:
        NotReadError: the database does not say which is in use.
    """
    for name, opened in ((_PROVISIONS, retriever.index.vectors), (_ASKED, retriever.asked.vectors)):
        used = state_in_use(marks, name) if settings.chroma_url else read_state(_folder(settings, name))
        if opened and used and used.fingerprint == opened.state.fingerprint and used.folder != opened.state.folder:
            return True
    return False


def _folder(settings: Settings, name: str) -> Path:
    return settings.index_dir if name == _PROVISIONS else settings.index_dir / name
