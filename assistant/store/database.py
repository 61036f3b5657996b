"""The database: an engine by URL, tables made on first use."""

from __future__ import annotations

from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from assistant.types import AssistantError

metadata = MetaData()


def open_database(url: str) -> Engine:
    """Open the database at ``url`` and create missing tables.

    Raises:
        AssistantError: it cannot be opened.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_ahead_log)
    try:
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        raise AssistantError(
            f"The database {engine.url!r} cannot be opened ({_cause(error)}). "
            "Move the file aside to start afresh, or set ASSISTANT_DATABASE_URL."
        ) from error
    return engine


def _write_ahead_log(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA secure_delete=ON")  # what a user deletes is overwritten
    cursor.close()


def _cause(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", error))
