"""Transactions: what is read or changed, for whom, and what is said where the database does not take part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from assistant.store import audit
from assistant.store.acting import Acting
from assistant.types import AssistantError


class StoreError(AssistantError):
    """What a store refuses; ``reason`` names it, and ``values`` fill it in, for those who say it in another language."""

    def __init__(self, message: str, reason: str, **values: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values


class NotSavedError(StoreError):
    """The database could not be written, and nothing of the change was kept: ``full``, ``busy``, ``gone`` or ``unwritable``."""


class NotReadError(StoreError):
    """The database could not be read: ``gone`` or ``unreadable``."""


@contextmanager
def reading(engine: Engine, who: Acting | None = None) -> Iterator[Connection]:
    """Open a connection to read, for somebody where it is about what belongs to somebody.

    Raises:
        NotReadError: the database cannot be reached or read.
    """
    try:
        with engine.connect().execution_options(acting=who) as connection:
            yield connection
    except (DBAPIError, NoneFreeError) as error:
        if _gone(error):
            raise NotReadError(
                "The database cannot be reached at the moment; what was saved is safe. Wait a moment and try again.", "gone"
            ) from error
        raise NotReadError(f"The database cannot be read ({cause(error)}). Mend that and try again.", "unreadable") from error


@contextmanager
def writing(engine: Engine, who: Acting | None = None) -> Iterator[Connection]:
    """Open a transaction for a change: all of it is kept with its lines in the audit log, or nothing.

    Raises:
        NotSavedError: the disk is full, or the database is locked, gone or cannot be written.
    """
    try:
        options: dict[str, Any] = {"writes": True, "acting": who, "audit": []}
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
            audit.write(connection)
    except (DBAPIError, NoneFreeError) as error:
        raise _not_saved(error) from error


def acting_in(connection: Connection) -> Acting:
    """Return for whom a connection was opened; a query for nobody is a fault of the program, and fails."""
    who = connection.get_execution_options()["acting"]
    if not isinstance(who, Acting):
        raise TypeError("a query about what belongs to somebody, for nobody")
    return who


def cause(error: SQLAlchemyError) -> str:
    """Return in one line what the database says."""
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]


def _not_saved(error: SQLAlchemyError) -> NotSavedError:
    told = cause(error)
    if "full" in told or "No space left" in told:
        return NotSavedError(
            "The disk is full: nothing of this was saved, what was saved before is safe. Free some space and try again.", "full"
        )
    if "locked" in told or "lock timeout" in told or "deadlock" in told:
        return NotSavedError("The database is busy: nothing of this was saved. Wait a moment and try again.", "busy")
    if _gone(error):
        return NotSavedError(
            "The database cannot be reached at the moment: nothing of this was saved. Wait a moment and try again.", "gone"
        )
    told = f"The database cannot be written ({told}): nothing of this was saved. Mend that and try again."
    return NotSavedError(told, "unwritable")


def _gone(error: SQLAlchemyError) -> bool:
    """Tell whether a database server is away, as when it is restarted, or has no connection free; a file is never away."""
    if isinstance(error, NoneFreeError):
        return True
    return isinstance(error, OperationalError) and not type(error.orig).__module__.startswith("sqlite3")
