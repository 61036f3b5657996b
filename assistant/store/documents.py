"""The user's own documents: what is known of each, its passages and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from assistant.store import audit
from assistant.store.base import Store
from assistant.store.columns import ID, Words, metadata
from assistant.store.marks import moved
from assistant.store.transactions import acting_in, reading, writing

_documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("organisation", ID, nullable=False, index=True),
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


_contents = Table(
    "document_contents",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("piece", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

_PIECE = 1 << 20  # bytes of a file that are in memory at once
_SHOWN = [column for column in _documents.c if column.name != "organisation"]


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


class DocumentStore(Store):
    """Documents and passages in the database."""

    def add(self, document: StoredDocument, passages: Sequence[StoredPassage], content: Iterable[bytes]) -> None:
        """Keep a document with its passages and the pieces of its file, all or nothing."""
        with self._writing() as connection:
            connection.execute(insert(_documents).values(**document.__dict__, organisation=self.acting.organisation))
            connection.execute(insert(_passages), [passage.__dict__ for passage in passages])
            _keep(connection, document.id, content)
            self._note(connection, "document added", document.id, {"sha256": document.sha256})

    def all(self) -> list[StoredDocument]:
        """Return every document, by title."""
        with self._reading() as connection:
            chosen = select(*_SHOWN).where(_mine(connection)).order_by(_documents.c.title, _documents.c.id)
            return [StoredDocument(**row) for row in connection.execute(chosen).mappings()]

    def content(self, identity: str) -> Iterator[bytes]:
        """Yield the file of a document, piece by piece; nothing where there is no such document."""
        with self._reading() as connection:
            mine = select(_documents.c.id).where(_documents.c.id == identity, _mine(connection))
            chosen = select(_contents.c.content).where(_contents.c.document.in_(mine)).order_by(_contents.c.piece)
            yield from connection.execution_options(yield_per=1).execute(chosen).scalars()

    def take_content(self, identity: str, content: Iterable[bytes]) -> bool:
        """Keep the file of a document, whoever's, that an earlier build kept elsewhere; return whether the document is known."""
        with writing(self._engine) as connection:
            known = connection.execute(select(_documents.c.id).where(_documents.c.id == identity)).first()
            if known and not connection.execute(select(_contents.c.piece).where(_contents.c.document == identity)).first():
                _keep(connection, identity, content)
            return known is not None

    def get(self, identity: str) -> StoredDocument | None:
        """Return one document, or nothing."""
        return self._first(_documents.c.id == identity)

    def with_checksum(self, sha256: str) -> StoredDocument | None:
        """Return the document made from the same file, or nothing."""
        return self._first(_documents.c.sha256 == sha256)

    def passages(self, identity: str | None = None) -> list[StoredPassage]:
        """Return the passages of one document, or of all."""
        chosen = select(_passages).order_by(_passages.c.document, _passages.c.place)
        if identity is not None:
            chosen = chosen.where(_passages.c.document == identity)
        with self._reading() as connection:
            mine = chosen.where(_passages.c.document.in_(select(_documents.c.id).where(_mine(connection))))
            return [StoredPassage(**row) for row in connection.execute(mine).mappings()]

    def texts_besides(self, identity: str) -> Iterator[str]:
        """Yield the text of every passage of every organisation that is not of this document."""
        with reading(self._engine) as connection:
            yield from connection.execute(select(_passages.c.text).where(_passages.c.document != identity)).scalars()

    def change(self, identity: str, **values: str | bool | None) -> None:
        """Change what is known of a document: title, language, jurisdiction, local_only."""
        with self._writing() as connection:
            connection.execute(update(_documents).where(_documents.c.id == identity, _mine(connection)).values(**values))
            self._note(connection, "document changed", identity, values)

    def remove(self, identity: str) -> None:
        """Delete a document with its passages and its file."""
        with self._writing() as connection:
            mine = select(_documents.c.id).where(_documents.c.id == identity, _mine(connection))
            for part in (_passages, _contents):
                connection.execute(delete(part).where(part.c.document.in_(mine)))
            connection.execute(delete(_documents).where(_documents.c.id == identity, _mine(connection)))
            self._note(connection, "document removed", identity, {})

    def _first(self, condition: ColumnElement[bool]) -> StoredDocument | None:
        with self._reading() as connection:
            row = connection.execute(select(*_SHOWN).where(condition, _mine(connection))).mappings().first()
            return StoredDocument(**row) if row else None

    @property
    def mark(self) -> str:
        """The name of the mark that moves whenever a document of the organisation changes."""
        return f"documents:{self.acting.organisation}"

    def _note(self, connection: Connection, action: str, identity: str, detail: dict[str, Any]) -> None:
        moved(connection, self.mark)
        audit.note(connection, self._now(), action, f"document:{identity}", detail)


def pieces(file: Path) -> Iterator[bytes]:
    """Yield a file in pieces as they are kept."""
    with file.open("rb") as stream:
        yield from iter(lambda: stream.read(_PIECE), b"")


def _keep(connection: Connection, identity: str, content: Iterable[bytes]) -> None:
    for number, piece in enumerate(content):
        connection.execute(insert(_contents).values(document=identity, piece=number, content=piece))


def _mine(connection: Connection) -> ColumnElement[bool]:
    return _documents.c.organisation == acting_in(connection).organisation
