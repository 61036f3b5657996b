"""The database: an engine by URL, brought to this release's form by migrations; every change in a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from assistant.types import AssistantError

metadata = MetaData()
HEAD = "0002"  # the newest migration; a test holds it to the files in migrations/versions
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK_SECONDS = 60


def open_database(url: str) -> Engine:
    """Open the database at ``url`` and bring it to this release's form.

    Raises:
        AssistantError: it cannot be opened, or belongs to a newer release.
    """
    try:
        engine = create_engine(url)
    except SQLAlchemyError as error:
        raise AssistantError(
            f"The database address does not fit ({_cause(error)}). Correct ASSISTANT_DATABASE_URL, or unset it."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_ahead_log)
        event.listen(engine, "begin", _begin)
    try:
        if revision(engine) != HEAD:
            _migrate(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise AssistantError(
            f"The database {engine.url!r} cannot be opened ({_cause(error)}). "
            "Move the file aside to start afresh, or set ASSISTANT_DATABASE_URL."
        ) from error
    return engine


def revision(engine: Engine) -> str | None:
    """Return which migration a database stands at; nothing for a new one or one from before there were migrations."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate_to(engine: Engine, target: str, *, down: bool = False) -> None:
    """Bring a database to one form, all or nothing; another process that starts meanwhile waits."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, target)


def _migrate(engine: Engine) -> None:
    from alembic.util import CommandError

    file = engine.url.database if engine.dialect.name == "sqlite" else None
    try:
        if file in (None, "", ":memory:"):
            migrate_to(engine, HEAD)
        else:
            with FileLock(f"{file}.lock", timeout=_LOCK_SECONDS):
                migrate_to(engine, HEAD)
    except CommandError as error:
        engine.dispose()
        raise AssistantError(
            f"The database {engine.url!r} was written by a newer release ({error}). Install that release, or restore a backup."
        ) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction for a change: all of it is kept, or nothing.

    Raises:
        AssistantError: the disk is full, or the database is locked or cannot be written; nothing was kept.
    """
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise AssistantError(_told(error)) from error


def _told(error: DBAPIError) -> str:
    cause = _cause(error)
    if "full" in cause:
        return "The disk is full: this was not saved, what was saved before is safe. Free some space and save again."
    if "locked" in cause:
        return "The database is busy: this was not saved. Wait a moment and save again."
    return f"The database could not be written ({cause}): this was not saved. Mend that and save again."


def _write_ahead_log(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # transactions are begun below
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a loss of power
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what a user deletes is overwritten
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction; one that writes takes the lock first, so that what it read is still so when it writes."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error)
