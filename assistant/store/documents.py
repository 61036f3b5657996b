"""The user's own documents: what is known of each, and its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Boolean, Column, Date, Engine, ForeignKey, Integer, String, Table, delete, insert, select, update

from assistant.store.database import metadata, writing
from assistant.store.rows import Words

_documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("title", Words, nullable=False),
    Column("language", String(8), nullable=False),
    Column("jurisdiction", String(16)),
    Column("local_only", Boolean, nullable=False),
    Column("file", Words, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", Integer),
    Column("empty_pages", Integer, nullable=False),
    Column("added_on", Date, nullable=False),
)
_passages = Table(
    "document_passages",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("page", Integer),
    Column("text", Words, nullable=False),
)


@dataclass(frozen=True)
class StoredDocument:
    """One document of the user's: ``size`` in bytes, ``pages`` where it has pages, ``empty_pages`` how many hold no text."""

    id: str
    title: str
    language: str
    jurisdiction: str | None
    local_only: bool
    file: str
    sha256: str
    size: int
    pages: int | None
    empty_pages: int
    added_on: date


@dataclass(frozen=True)
class StoredPassage:
    """A run of paragraphs of a document, on one page."""

    document: str
    place: int
    page: int | None
    text: str


class DocumentStore:
    """Documents and passages in the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, document: StoredDocument, passages: Sequence[StoredPassage]) -> None:
        """Keep a document with its passages, all or nothing."""
        with writing(self._engine) as connection:
            connection.execute(insert(_documents).values(**document.__dict__))
            connection.execute(insert(_passages), [passage.__dict__ for passage in passages])

    def all(self) -> list[StoredDocument]:
        """Return every document, by title."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_documents).order_by(_documents.c.title, _documents.c.id)).mappings()
            return [StoredDocument(**row) for row in rows]

    def get(self, identity: str) -> StoredDocument | None:
        """Return one document, or nothing."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_documents).where(_documents.c.id == identity)).mappings().first()
            return StoredDocument(**row) if row else None

    def with_checksum(self, sha256: str) -> StoredDocument | None:
        """Return the document made from the same file, or nothing."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_documents).where(_documents.c.sha256 == sha256)).mappings().first()
            return StoredDocument(**row) if row else None

    def passages(self, identity: str | None = None) -> list[StoredPassage]:
        """Return the passages of one document, or of all."""
        chosen = select(_passages).order_by(_passages.c.document, _passages.c.place)
        if identity is not None:
            chosen = chosen.where(_passages.c.document == identity)
        with self._engine.connect() as connection:
            return [StoredPassage(**row) for row in connection.execute(chosen).mappings()]

    def change(self, identity: str, **values: str | bool | None) -> None:
        """Change what is known of a document: title, language, jurisdiction, local_only."""
        with writing(self._engine) as connection:
            connection.execute(update(_documents).where(_documents.c.id == identity).values(**values))

    def remove(self, identity: str) -> None:
        """Delete a document and its passages."""
        with writing(self._engine) as connection:
            connection.execute(delete(_passages).where(_passages.c.document == identity))
            connection.execute(delete(_documents).where(_documents.c.id == identity))
