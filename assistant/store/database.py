"""The database: an engine by URL, brought to this release's form by migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from assistant.store.transactions import cause
from assistant.types import AssistantError

Database = Engine  # an open database, for those who hand it on without knowing what it is made of
HEAD = "0004"  # the newest migration; a test holds it to the files in migrations/versions
REVISIONS = ("0001", "0002", "0003", HEAD)
_MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_LOCK_SECONDS = 60
# A connection that a restart of the server broke is replaced; nobody waits long for a server that is away or for a lock.
_SERVER: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 10,
    "connect_args": {"connect_timeout": 5, "options": "-c lock_timeout=10000"},
}
_LOCK_NUMBER = 7_216_400  # any number, the same in every process: PostgreSQL's lock for migrations


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
            f"The database {engine.url!r} cannot be opened ({cause(error)}). "
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
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")  # the driver that comes with this project
        server = address.get_backend_name() == "postgresql"
        engine = create_engine(address, hide_parameters=True, **(_SERVER if server else {}))  # errors quote nobody
    except (SQLAlchemyError, ImportError) as error:
        raise AssistantError(
            f"The database address does not fit ({error}). Correct ASSISTANT_DATABASE_URL, or unset it."
        ) from error
    if engine.dialect.name not in ("sqlite", "postgresql"):
        raise AssistantError(
            "The database address is of neither SQLite nor PostgreSQL. Correct ASSISTANT_DATABASE_URL, or unset it."
        )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def answers(engine: Engine) -> bool:
    """Tell whether the database is there and ours to read at the moment."""
    file = file_of(engine)
    if file is not None and not file.exists():  # what open connections go on to write into it would be found by nobody
        return False
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        return False
    return True


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database; nothing for one in memory or on a server."""
    name = engine.url.database
    in_file = engine.dialect.name == "sqlite" and name and not name.startswith((":memory:", "file:"))
    return Path(name) if in_file and name else None


def same_database(one: Engine, other: Engine) -> bool:
    """Tell whether two engines lead to the same database, whatever driver or user they name."""
    parts = [(engine.dialect.name, engine.url.host, engine.url.port, engine.url.database) for engine in (one, other)]
    return parts[0] == parts[1]


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
