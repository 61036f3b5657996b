"""The audit log: who did what to which thing, when. Ids, actions and hashes, never content; entries are only ever added.

Each entry holds a hash over itself and the one before: whoever changes or removes one breaks the chain from there on. Only
where the last ones are cut off nothing is left that would not fit: an earlier copy of the log shows that.
The database itself refuses to change or delete an entry (see the migration that makes the table).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, insert, select, text

from assistant.store.acting import Acting
from assistant.store.columns import ID, Moment, metadata

_LOCK_NUMBER = 7_216_401  # any number, the same in every process: PostgreSQL's lock for the end of the chain
_BATCH = 1000
_START = "0" * 64

_audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("organisation", ID, nullable=False, index=True),
    Column("person", ID, nullable=False),
    Column("action", String(40), nullable=False),
    Column("object", String(80), nullable=False),
    Column("content", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
)


@dataclass(frozen=True)
class Entry:
    """One line: ``object`` as kind:id, ``content`` the SHA-256 of what the action was about, as canonical JSON."""

    at: datetime
    organisation: str
    person: str
    action: str
    object: str
    content: str


@dataclass(frozen=True)
class Kept(Entry):
    """A line as the log keeps it, with its number and its link of the chain."""

    id: int
    chain: str


def note(connection: Connection, at: datetime, action: str, about: str, detail: Any, who: Acting | None = None) -> None:
    """Add a line to those that the transaction writes at its end; ``who`` is given where the connection is for nobody."""
    options = connection.get_execution_options()
    acting: Acting = who or options["acting"]
    options["audit"].append(Entry(at, acting.organisation, acting.person, action, about, digest(detail)))


def digest(detail: Any) -> str:
    """Return the SHA-256 of a value as JSON, its keys sorted."""
    return hashlib.sha256(
        json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str).encode(errors="replace")
    ).hexdigest()


def write(connection: Connection) -> None:
    """Write the lines of a transaction, last of all, so that nobody waits long for the end of the chain."""
    entries: list[Entry] = connection.get_execution_options()["audit"]
    if not entries:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    chain = connection.execute(select(_audit.c.chain).order_by(_audit.c.id.desc()).limit(1)).scalar() or _START
    for entry in entries:
        chain = _link(chain, entry)
        connection.execute(insert(_audit).values(**asdict(entry), chain=chain))


def entries(connection: Connection, organisation: str, limit: int = 200, before: int | None = None) -> list[Kept]:
    """Return the lines of an organisation, the newest first; of those below ``before``, where that is given."""
    chosen = select(_audit).where(_audit.c.organisation == organisation).order_by(_audit.c.id.desc()).limit(limit)
    if before is not None:
        chosen = chosen.where(_audit.c.id < before)
    return [Kept(**row) for row in connection.execute(chosen).mappings()]


def first_broken(connection: Connection) -> int | None:
    """Return the number of the first line that does not follow on the one before; nothing where all do."""
    chain = _START
    for kept in _all(connection):
        chain = _link(chain, kept)
        if chain != kept.chain:
            return kept.id
    return None


def _all(connection: Connection) -> Iterator[Kept]:
    last, ordered = 0, select(_audit).order_by(_audit.c.id).limit(_BATCH)
    while rows := connection.execute(ordered.where(_audit.c.id > last)).mappings().all():
        yield from (Kept(**row) for row in rows)
        last = rows[-1]["id"]


def _link(before: str, entry: Entry) -> str:
    parts = (before, entry.at.isoformat(), entry.organisation, entry.person, entry.action, entry.object, entry.content)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
