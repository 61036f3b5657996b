"""What every store shares: identities, moments, JSON columns, the history of changes, and the refusals."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, DateTime, ForeignKey, Integer, String, Table, Text, insert
from sqlalchemy.types import TypeDecorator

from assistant.store.database import StoreError, metadata
from assistant.types import AssistantError

Now = Callable[[], datetime]
LONGEST_NAME, LONGEST_ABOUT, LONGEST_TEXT = 200, 80, 4000


class Moment(TypeDecorator[datetime]):
    """A point in time in UTC, aware of it whichever database keeps it."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        """Return the moment as it is kept: UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        """Return the moment with its zone."""
        return value.replace(tzinfo=UTC) if value else None


class Words(TypeDecorator[str]):
    """Text as people type or paste it, but for what some databases cannot keep: zero characters, halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Return the text as every database can keep it."""
        return None if value is None else _keepable(value)


class Short(TypeDecorator[str]):
    """A text of limited length, such as an id or a name, kept as ``Words`` are."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Return the text as every database can keep it."""
        return None if value is None else _keepable(value)


class Json(TypeDecorator[Any]):
    """JSON as text: the order of keys stays, on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: object) -> str | None:
        """Return the value as JSON text."""
        return None if value is None else _keepable(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        """Return what the JSON text holds."""
        return None if value is None else json.loads(value)


@dataclass(frozen=True)
class Event:
    """One change of a system: who changed what, when; ``version`` is that of the system after it."""

    id: int
    system: str
    at: datetime
    actor: str
    kind: str
    detail: dict[str, Any]
    version: int


class NotFoundError(AssistantError):
    """What was asked for is not there, or was deleted."""


class ConflictError(AssistantError):
    """Somebody saved meanwhile; nothing was overwritten. ``current`` is what stands there now, ``since`` what happened."""

    def __init__(self, current: Any, since: list[Event]) -> None:
        super().__init__("It was changed meanwhile; nothing was overwritten. Load it again and make the change once more.")
        self.current = current
        self.since = since


ID, ABOUT, NAME = Short(12), Short(LONGEST_ABOUT), Short(LONGEST_NAME)
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("detail", Json, nullable=False),
    Column("version", Integer, nullable=False),
)


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an identity that nobody can guess from another."""
    return uuid.uuid4().hex[:12]


def record(
    connection: Connection, system: str, at: datetime, actor: str, kind: str, detail: dict[str, Any], version: int
) -> None:
    """Write one change into the history, in the transaction that makes it."""
    values = {"system": system, "at": at, "actor": actor[:LONGEST_NAME], "kind": kind, "detail": detail, "version": version}
    connection.execute(insert(events).values(**values))


def limited(text: str, what: str, limit: int = LONGEST_TEXT) -> str:
    """Return a text without the white space around it.

    Raises:
        StoreError: it is longer than ``limit`` characters.
    """
    text = text.strip()
    if len(text) > limit:
        told = f"The {what} has {len(text)} characters; the limit is {limit}. Shorten it and save again."
        raise StoreError(told, "too_long", length=len(text), limit=limit)
    return text


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same as JSON, where 1 and true are not."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def missing(what: str, identity: str) -> NotFoundError:
    """Return the refusal for something that is not there."""
    return NotFoundError(f"There is no {what} '{identity[:40]}'; it may have been deleted. Open the list again and choose one.")


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
