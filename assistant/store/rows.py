"""What every store shares: identities, the history of changes, and the refusals."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, String, Table, insert

from assistant.store import audit
from assistant.store.columns import ID, LONGEST_NAME, LONGEST_TEXT, NAME, Json, Moment, metadata
from assistant.store.transactions import StoreError
from assistant.types import AssistantError

Now = Callable[[], datetime]


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
    """Write one change into the history and the audit log, in the transaction that makes it."""
    values = {"system": system, "at": at, "actor": actor[:LONGEST_NAME], "kind": kind, "detail": detail, "version": version}
    connection.execute(insert(events).values(**values))
    audit.note(connection, at, f"system {kind}", f"system:{system}", detail)


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
