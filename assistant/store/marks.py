"""Marks that every process sees: which index is in use, when documents changed; and work that one process does at a time."""

from __future__ import annotations

import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Column, Connection, Engine, Table, Text, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.columns import Short, metadata
from assistant.store.database import file_of
from assistant.store.transactions import reading, writing

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_LOOK_EVERY = 0.2  # seconds

_marks = Table("marks", metadata, Column("name", Short(80), primary_key=True), Column("value", Text, nullable=False))


class Marks:
    """Marks in the database, by name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> str:
        """Return a mark; empty where there is none."""
        with reading(self._engine) as connection:
            return connection.execute(select(_marks.c.value).where(_marks.c.name == name)).scalar() or ""

    def set(self, name: str, value: str) -> None:
        """Set a mark, whether it was there or not."""
        with writing(self._engine) as connection:
            _set(connection, name, value)

    def swap(self, name: str, before: str, after: str) -> bool:
        """Set a mark where it still is ``before`` (empty: where there is none yet); return whether it was."""
        with writing(self._engine) as connection:
            change: Any = update(_marks).where(_marks.c.name == name, _marks.c.value == before).values(value=after)
            if not before:
                made = _INSERTS[connection.dialect.name](_marks).values(name=name, value=after)
                change = made.on_conflict_do_nothing(index_elements=[_marks.c.name])
            return connection.execute(change.returning(_marks.c.name)).first() is not None

    @contextmanager
    def alone(self, name: str, seconds: float) -> Iterator[None]:
        """Let one process at a time, of all that share the database, do what is named.

        Raises:
            TimeoutError: another one has been at it for more than ``seconds``.
        """
        file = file_of(self._engine)
        if file is not None:
            try:
                with FileLock(f"{file}.{name}.lock", timeout=seconds):
                    yield
            except Timeout as error:
                raise TimeoutError from error
        elif self._engine.dialect.name == "postgresql":
            with self._held(zlib.crc32(name.encode()), seconds):
                yield
        else:  # in memory: of this process alone
            yield

    @contextmanager
    def _held(self, number: int, seconds: float) -> Iterator[None]:
        """Hold a lock of the server's for as long as this connection lives, so that it goes with a process that is killed."""
        until = time.monotonic() + seconds
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar():
                if time.monotonic() > until:
                    raise TimeoutError
                time.sleep(_LOOK_EVERY)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})


def moved(connection: Connection, name: str) -> None:
    """Give a mark a value that it never had, in the transaction of what changed."""
    _set(connection, name, uuid.uuid4().hex)


def _set(connection: Connection, name: str, value: str) -> None:
    made = _INSERTS[connection.dialect.name](_marks).values(name=name, value=value)
    connection.execute(made.on_conflict_do_update(index_elements=[_marks.c.name], set_={"value": value}))
