"""Duties of a system as people work on them: state, person, day, notes, and the files that show they are done."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from sqlalchemy import (
    Column,
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

from assistant.store.base import Store, of_mine
from assistant.store.columns import ABOUT, ID, LONGEST_NAME, NAME, Moment, Words, metadata
from assistant.store.rows import ConflictError, Event, events, limited, missing, new_id, record
from assistant.store.systems import require
from assistant.store.transactions import StoreError

STATES = ("todo", "doing", "done", "not_applicable")
LARGEST_EVIDENCE = 20 << 20  # bytes
_LONGEST_ENDING = 10
# How programs for Windows, Linux, macOS and Java, and scripts, begin, whatever they are called.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/\u202a-\u202e\u2066-\u2069]+')

_duties = Table(
    "duties",
    metadata,
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), primary_key=True),
    Column("duty", ABOUT, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("reason", Words, nullable=False),
    Column("person", NAME, nullable=False),
    Column("due", Date),
    Column("notes", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
_evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("duty", ABOUT, nullable=False),
    Column("name", NAME, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", NAME, nullable=False),
)
_contents = Table(
    "evidence_contents",
    metadata,
    Column("id", ID, ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class TrackedDuty:
    """How work on one duty stands; ``reason`` says why it does not apply, ``version`` counts the changes."""

    system: str
    duty: str
    state: str
    reason: str
    person: str
    due: date | None
    notes: str
    version: int
    updated_at: datetime


@dataclass(frozen=True)
class Evidence:
    """A file kept with a duty; ``size`` in bytes."""

    id: str
    system: str
    duty: str
    name: str
    sha256: str
    size: int
    added_at: datetime
    added_by: str


class DutyStore(Store):
    """Tracked duties and their evidence in the database."""

    def all(self, system: str) -> dict[str, TrackedDuty]:
        """Return the duties of a system that were worked on, by their id."""
        with self._reading() as connection:
            mine = select(_duties).where(_duties.c.system == system, of_mine(connection, _duties.c.system))
            return {row["duty"]: TrackedDuty(**row) for row in connection.execute(mine).mappings()}

    def everything(self) -> list[TrackedDuty]:
        """Return the tracked duties of all systems that are not deleted."""
        systems = metadata.tables["systems"]
        chosen = select(_duties).join(systems, systems.c.id == _duties.c.system).where(systems.c.deleted_at.is_(None))
        with self._reading() as connection:
            mine = chosen.where(of_mine(connection, _duties.c.system))
            return [TrackedDuty(**row) for row in connection.execute(mine).mappings()]

    def change(
        self,
        system: str,
        duty: str,
        *,
        expected: int,
        actor: str = "",
        state: str = "todo",
        reason: str = "",
        person: str = "",
        due: date | None = None,
        notes: str = "",
    ) -> TrackedDuty:
        """Keep how work on a duty stands; ``expected`` is 0 where it was not tracked yet.

        Raises:
            StoreError: the state is unknown, "not applicable" has no reason, or a text is too long.
            ConflictError: it was changed since version ``expected``.
            NotFoundError: there is no such system.
        """
        if state not in STATES:
            raise StoreError(f"'{state[:40]}' is no state of a duty; choose one of {', '.join(STATES)}.", "choice")
        if state == "not_applicable" and not reason.strip():
            raise StoreError("Say why the duty does not apply: without a reason nobody can review it.", "no_reason")
        moment = self._now()
        texts = {
            "reason": limited(reason, "reason"),
            "person": limited(person, "name of the person", LONGEST_NAME),
            "notes": limited(notes, "note"),
        }
        after = TrackedDuty(system, duty, state, due=due, version=expected + 1, updated_at=moment, **texts)
        with self._writing() as connection:
            holder = require(connection, system)
            mine = (_duties.c.system == system) & (_duties.c.duty == duty)
            row = connection.execute(select(_duties).where(mine)).mappings().first()
            before = TrackedDuty(**row) if row else None
            if (before.version if before else 0) != expected:
                raise ConflictError(before, _since(connection, system, duty, expected))
            detail = _changes(before, after)
            if before and not detail:
                return before
            statement = update(_duties).where(mine) if before else insert(_duties)
            connection.execute(statement.values(**after.__dict__))
            record(connection, system, moment, actor, "duty", {"duty": duty, **detail}, holder.version)
        return after

    def evidence(self, system: str) -> list[Evidence]:
        """Return the files kept with the duties of a system, oldest first."""
        chosen = select(_evidence).where(_evidence.c.system == system).order_by(_evidence.c.added_at, _evidence.c.id)
        with self._reading() as connection:
            mine = chosen.where(of_mine(connection, _evidence.c.system))
            return [Evidence(**row) for row in connection.execute(mine).mappings()]

    def add_evidence(self, system: str, duty: str, name: str, content: bytes, *, actor: str = "") -> Evidence:
        """Keep a file with a duty.

        Raises:
            StoreError: it is empty, too large, or a program.
            NotFoundError: there is no such system.
        """
        if not content:
            raise StoreError("The file is empty; choose another.", "empty")
        if content.startswith(_PROGRAMS):
            raise StoreError("The file is a program, which shows nothing of a duty; choose a document or picture.", "program")
        if len(content) > LARGEST_EVIDENCE:
            told = f"The file has more than {LARGEST_EVIDENCE >> 20} MiB; keep it elsewhere and note where."
            raise StoreError(told, "too_large", limit=LARGEST_EVIDENCE >> 20)
        digest = hashlib.sha256(content).hexdigest()
        one = Evidence(new_id(), system, duty, safe_name(name), digest, len(content), self._now(), actor[:LONGEST_NAME])
        with self._writing() as connection:
            holder = require(connection, system)
            connection.execute(insert(_evidence).values(**one.__dict__))
            connection.execute(insert(_contents).values(id=one.id, content=content))
            record(connection, system, one.added_at, actor, "evidence", {"duty": duty, "added": one.name}, holder.version)
        return one

    def evidence_content(self, system: str, identity: str) -> tuple[Evidence, bytes]:
        """Return a file of a system with its content.

        Raises:
            NotFoundError: there is none, or it belongs to another system.
        """
        with self._reading() as connection:
            require(connection, system)
            one = _one(connection, system, identity)
            return one, connection.execute(select(_contents.c.content).where(_contents.c.id == identity)).scalar_one()

    def remove_evidence(self, system: str, identity: str, *, actor: str = "") -> None:
        """Delete a file for good; that it was there stays in the history, by its id and checksum and no longer by its name.

        Raises:
            NotFoundError: there is none, or it belongs to another system.
        """
        with self._writing() as connection:
            holder = require(connection, system)
            one = _one(connection, system, identity)
            connection.execute(delete(_evidence).where(_evidence.c.id == identity))  # its content goes with it
            _forget_name(connection, one)
            detail = {"duty": one.duty, "removed": one.id, "sha256": one.sha256}
            record(connection, system, self._now(), actor, "evidence", detail, holder.version)


def _forget_name(connection: Connection, gone: Evidence) -> None:
    """Put the id in place of a file's name where the history tells of it, unless another file of that name is still there."""
    same_name = (_evidence.c.system == gone.system) & (_evidence.c.duty == gone.duty) & (_evidence.c.name == gone.name)
    if connection.execute(select(_evidence.c.id).where(same_name)).first():
        return
    told = select(events.c.id, events.c.detail).where(events.c.system == gone.system, events.c.kind == "evidence")
    for identity, detail in connection.execute(told).all():
        if detail.get("duty") == gone.duty and detail.get("added") == gone.name:
            connection.execute(update(events).where(events.c.id == identity).values(detail={**detail, "added": gone.id}))


def safe_name(name: str) -> str:
    """Return a file's name without folders and unsafe characters; one that is too long keeps its ending."""
    last = _UNSAFE.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .") or "file"
    ending = PurePosixPath(last).suffix[:_LONGEST_ENDING] if len(last) > LONGEST_NAME else ""
    return last[: LONGEST_NAME - len(ending)] + ending


def _one(connection: Connection, system: str, identity: str) -> Evidence:
    chosen = select(_evidence).where(_evidence.c.id == identity, _evidence.c.system == system)
    row = connection.execute(chosen).mappings().first()
    if row is None:
        raise missing("file", identity)
    return Evidence(**row)


def _since(connection: Connection, system: str, duty: str, version: int) -> list[Event]:
    chosen = select(events).where(events.c.system == system, events.c.kind == "duty").order_by(events.c.id)
    found = [Event(**row) for row in connection.execute(chosen).mappings()]
    return [one for one in found if one.detail["duty"] == duty][version:]  # one event a version


def _changes(before: TrackedDuty | None, after: TrackedDuty) -> dict[str, list[str | None]]:
    """Return what changed as field → [before, after], as text."""
    found = {}
    for name in ("state", "reason", "person", "due", "notes"):
        old, new = (str(value) if (value := getattr(one, name, None)) else None for one in (before, after))
        if old != new:
            found[name] = [old, new]
    return found
