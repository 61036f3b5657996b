"""The database: an engine by URL, brought to this release's form by migrations; every change in a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from assistant.types import AssistantError

metadata = MetaData()
HEAD = "0003"  # the newest migration; a test holds it to the files in migrations/versions
REVISIONS = ("0001", "0002", HEAD)
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK_SECONDS = 60
_LOCK_NUMBER = 7_216_400  # any number, the same in every process: PostgreSQL's lock for migrations


class StoreError(AssistantError):
    """What a store refuses; ``reason`` names it, and ``values`` fill it in, for those who say it in another language."""

    def __init__(self, message: str, reason: str, **values: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values


class NotSavedError(StoreError):
    """The database could not be written, and nothing of the change was kept: ``full``, ``busy`` or ``unwritable``."""


def open_database(url: str) -> Engine:
    """Open the database at ``url`` and bring it to this release's form.

    Raises:
        AssistantError: it cannot be opened, or belongs to a newer release.
    """
    engine = new_engine(url)
    try:
        with lock(engine):
            found = revision(engine)
            if found not in (None, *REVISIONS):
                raise AssistantError(
                    f"The database {engine.url!r} was written by a newer release (its form is '{found}'). "
                    "Install that release, or restore a backup."
                )
            if found != HEAD:
                with engine.connect().execution_options(writes=True) as connection, connection.begin():
                    migrate(connection, HEAD)
    except SQLAlchemyError as error:
        engine.dispose()
        raise AssistantError(
            f"The database {engine.url!r} cannot be opened ({_cause(error)}). "
            "Move the file aside to start afresh, or set ASSISTANT_DATABASE_URL."
        ) from error
    except AssistantError:
        engine.dispose()
        raise
    return engine


def new_engine(url: str | URL) -> Engine:
    """Return an engine for ``url`` without looking at what is there.

    Raises:
        AssistantError: the address does not fit.
    """
    try:
        engine = create_engine(url)
    except (SQLAlchemyError, ImportError) as error:
        raise AssistantError(
            f"The database address does not fit ({error}). Correct ASSISTANT_DATABASE_URL, or unset it."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database; nothing for one in memory or on a server."""
    name = engine.url.database
    in_file = engine.dialect.name == "sqlite" and name and not name.startswith((":memory:", "file:"))
    return Path(name) if in_file and name else None


@contextmanager
def lock(engine: Engine) -> Iterator[None]:
    """Keep other processes from opening the database: two that start at once must not both give it its form.

    Raises:
        AssistantError: another process holds it for too long, or the folder cannot be written.
    """
    file = file_of(engine)
    if file is None:
        yield
        return
    held = FileLock(f"{file}.lock", timeout=_LOCK_SECONDS)
    try:
        held.acquire()
    except Timeout as error:
        raise AssistantError(f"Another process is preparing the database {file}. Wait until it is done and try again.") from error
    except OSError as error:
        raise AssistantError(
            f"The folder of the database {file} cannot be written ({error.strerror}). "
            "Give yourself write permission, or set ASSISTANT_DATABASE_URL."
        ) from error
    try:
        yield
    finally:
        held.release()


def revision(engine: Engine) -> str | None:
    """Return which migration a database stands at; nothing for a new one or one from before there were migrations."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, target: str, *, down: bool = False) -> None:
    """Bring a database to one form, within the transaction of ``connection``: all or nothing."""
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    (command.downgrade if down else command.upgrade)(config, target)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction for a change: all of it is kept, or nothing.

    Raises:
        NotSavedError: the disk is full, or the database is locked or cannot be written.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise _not_saved(error) from error


def _not_saved(error: DBAPIError) -> NotSavedError:
    cause = _cause(error)
    if "full" in cause or "No space left" in cause:
        return NotSavedError(
            "The disk is full: nothing of this was saved, what was saved before is safe. Free some space and try again.", "full"
        )
    if "locked" in cause:
        return NotSavedError("The database is busy: nothing of this was saved. Wait a moment and try again.", "busy")
    told = f"The database cannot be written ({cause}): nothing of this was saved. Mend that and try again."
    return NotSavedError(told, "unwritable")


def _prepare(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun below
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a loss of power
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what a user deletes is overwritten
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction; one that writes takes the lock first, so that what it read is still so when it writes."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
