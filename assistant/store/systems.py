"""Systems of the register: their answers, state and history. What the answers mean is the law's business, not the store's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, Integer, String, Table, delete, insert, select, update

from assistant.store import audit
from assistant.store.acting import Acting
from assistant.store.base import Store, of_mine
from assistant.store.columns import ID, LONGEST_NAME, NAME, Json, Moment, metadata
from assistant.store.rows import ConflictError, Event, events, limited, missing, new_id, record, same, utc_now
from assistant.store.transactions import StoreError, acting_in

Kept = dict[str, Any] | None  # an assessment to be kept with a change, if there is one
STATES = ("draft", "reviewed", "approved")
_COUNTED = ("answered", "renamed", "state", "deleted", "restored")  # the changes that a version counts
_BEFORE = {"reviewed": ("draft", "approved"), "approved": ("reviewed",), "draft": ("reviewed", "approved")}

_systems = Table(
    "systems",
    metadata,
    Column("id", ID, primary_key=True),
    Column("organisation", ID, nullable=False, index=True),
    Column("name", NAME, nullable=False),
    Column("owner", NAME, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reviewer", NAME),
    Column("version", Integer, nullable=False),
    Column("answers", Json, nullable=False),
    Column("copied_from", ID),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("deleted_at", Moment),
)
_snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("actor", NAME, nullable=False),
    Column("reason", NAME, nullable=False),
    Column("assessment", Json, nullable=False),
)


_SHOWN = [column for column in _systems.c if column.name != "organisation"]


@dataclass(frozen=True)
class StoredSystem:
    """One system: ``answers`` in the form of an answers file, ``state`` of its review, ``version`` counting its changes."""

    id: str
    name: str
    owner: str
    state: str
    reviewer: str | None
    version: int
    answers: dict[str, Any]
    copied_from: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class Snapshot:
    """An assessment as it was told on one day, and why it was kept."""

    id: int
    system: str
    at: datetime
    actor: str
    reason: str
    assessment: dict[str, Any]


class SystemStore(Store):
    """Systems in the database; every change and its line in the history are one transaction."""

    def create(
        self,
        answers: dict[str, Any],
        *,
        name: str,
        owner: str = "",
        actor: str = "",
        copied_from: str | None = None,
        complete: Kept = None,
    ) -> StoredSystem:
        """Keep a new system; ``complete`` is its assessment, where nothing remains to be asked."""
        moment = self._now()
        system = StoredSystem(
            new_id(), name[:LONGEST_NAME], owner[:LONGEST_NAME], "draft", None, 1, answers, copied_from, moment, moment, None
        )
        with self._writing() as connection:
            connection.execute(insert(_systems).values(**system.__dict__, organisation=self.acting.organisation))
            kind, detail = ("copied", {"from": copied_from}) if copied_from else ("created", {})
            record(connection, system.id, moment, actor, kind, {"name": system.name, **detail}, 1)
            self._keep(connection, system, complete, "complete", actor)
        return system

    def all(self, *, deleted: bool = False) -> list[StoredSystem]:
        """Return every system, the one changed last first; with ``deleted`` those that were deleted and not yet purged."""
        chosen = _systems.c.deleted_at.is_not(None) if deleted else _systems.c.deleted_at.is_(None)
        with self._reading() as connection:
            mine = select(*_SHOWN).where(chosen, _mine(connection))
            rows = connection.execute(mine.order_by(_systems.c.updated_at.desc(), _systems.c.id))
            return [StoredSystem(**row) for row in rows.mappings()]

    def get(self, identity: str, *, deleted: bool = False) -> StoredSystem:
        """Return one system.

        Raises:
            NotFoundError: there is none, or it was deleted (with ``deleted``: it was not).
        """
        with self._reading() as connection:
            return _get(connection, identity, deleted=deleted)

    def save_answers(
        self, identity: str, answers: dict[str, Any], *, name: str, expected: int, actor: str = "", complete: Kept = None
    ) -> StoredSystem:
        """Keep new answers; the history holds each that changed. A reviewed or approved system is a draft again.

        ``complete`` is the assessment to keep with them, where nothing remains to be asked.

        Raises:
            ConflictError: it was changed since version ``expected``.
            NotFoundError: there is no such system.
        """
        with self._writing() as connection:
            before = self._expected(connection, identity, expected)
            name = name[:LONGEST_NAME]
            if same(before.answers, answers) and before.name == name:
                self._keep(connection, before, complete, "complete", actor)
                return before
            detail: dict[str, Any] = {
                part: differences(before.answers.get(part) or {}, answers.get(part) or {}) for part in ("facts", "notes")
            }
            if before.name != name:
                detail["name"] = [before.name, name]
            if before.state != "draft":
                detail["state"] = [before.state, "draft"]
            values = {"answers": answers, "name": name, "state": "draft", "reviewer": None}
            detail = {key: one for key, one in detail.items() if one}
            after = self._changed(connection, before, actor, "answered", detail, values)
            self._keep(connection, after, complete, "complete", actor)
            return after

    def change(
        self, identity: str, *, expected: int, actor: str = "", name: str | None = None, owner: str | None = None
    ) -> StoredSystem:
        """Change name or owner.

        Raises:
            ConflictError: it was changed since version ``expected``.
            NotFoundError: there is no such system.
        """
        with self._writing() as connection:
            before = self._expected(connection, identity, expected)
            wanted = {"name": name, "owner": owner}
            values = {key: one[:LONGEST_NAME] for key, one in wanted.items() if one is not None and one != getattr(before, key)}
            detail = {key: [getattr(before, key), one] for key, one in values.items()}
            return self._changed(connection, before, actor, "renamed", detail, values) if values else before

    def set_state(
        self, identity: str, state: str, *, expected: int, actor: str, note: str = "", assessment: Kept = None
    ) -> StoredSystem:
        """Move the review on, or back to draft; who does it is the reviewer, and ``assessment`` what was looked at.

        Raises:
            StoreError: that step does not follow on the present state.
            ConflictError: it was changed since version ``expected``.
            NotFoundError: there is no such system.
        """
        with self._writing() as connection:
            before = self._expected(connection, identity, expected)
            if before.state not in _BEFORE.get(state, ()):
                raise StoreError(
                    f"A system that is {before.state} cannot become {state} at once: it is reviewed, then approved.", "step"
                )
            values = {"state": state, "reviewer": None if state == "draft" else actor[:LONGEST_NAME]}
            detail = {"state": [before.state, state], "note": limited(note, "note")}
            after = self._changed(connection, before, actor, "state", detail, values)
            self._keep(connection, after, assessment, state, actor)
            return after

    def delete(self, identity: str, *, actor: str = "") -> None:
        """Put a system aside; it can be restored until it is purged."""
        with self._writing() as connection:
            before = require(connection, identity)
            self._changed(connection, before, actor, "deleted", {}, {"deleted_at": self._now()})

    def restore(self, identity: str, *, actor: str = "") -> None:
        """Bring a deleted system back."""
        with self._writing() as connection:
            before = _get(connection, identity, deleted=True, hold=True)
            self._changed(connection, before, actor, "restored", {}, {"deleted_at": None})

    def purge(self, before: datetime) -> int:
        """Remove for good what was deleted before a moment, with all that hangs on it; return how many systems."""
        with self._writing() as connection:
            return remove_deleted(connection, (_systems.c.deleted_at < before) & _mine(connection))

    def history(self, identity: str, limit: int = 200, offset: int = 0) -> list[Event]:
        """Return what happened to a system, the newest first."""
        chosen = select(events).where(events.c.system == identity).order_by(events.c.id.desc()).limit(limit).offset(offset)
        with self._reading() as connection:
            rows = connection.execute(chosen.where(of_mine(connection, events.c.system)))
            return [Event(**row) for row in rows.mappings()]

    def keep(self, identity: str, assessment: dict[str, Any], *, reason: str, actor: str = "") -> None:
        """Keep an assessment as it stands, to compare later ones with."""
        with self._writing() as connection:
            self._keep(connection, require(connection, identity), assessment, reason, actor)

    def snapshots(self, identity: str, limit: int = 200) -> list[Snapshot]:
        """Return the assessments kept of a system, the newest first."""
        chosen = select(_snapshots).where(_snapshots.c.system == identity).order_by(_snapshots.c.id.desc()).limit(limit)
        with self._reading() as connection:
            rows = connection.execute(chosen.where(of_mine(connection, _snapshots.c.system)))
            return [Snapshot(**row) for row in rows.mappings()]

    def _expected(self, connection: Connection, identity: str, expected: int) -> StoredSystem:
        system = require(connection, identity)
        if system.version != expected:
            later = select(events).where(events.c.system == identity, events.c.version > expected, events.c.kind.in_(_COUNTED))
            found = connection.execute(later.order_by(events.c.id)).mappings()
            raise ConflictError(system, [Event(**row) for row in found])
        return system

    def _keep(self, connection: Connection, system: StoredSystem, assessment: Kept, reason: str, actor: str) -> None:
        """Keep an assessment, if there is one, in the transaction of what it belongs to."""
        if assessment is None:
            return
        values = {"system": system.id, "at": self._now(), "actor": actor[:LONGEST_NAME], "reason": reason[:LONGEST_NAME]}
        connection.execute(insert(_snapshots).values(**values, assessment=assessment))
        record(connection, system.id, self._now(), actor, "snapshot", {"reason": reason}, system.version)

    def _changed(
        self, connection: Connection, before: StoredSystem, actor: str, kind: str, detail: dict[str, Any], values: dict[str, Any]
    ) -> StoredSystem:
        moment, version = self._now(), before.version + 1
        values = {**values, "version": version, "updated_at": moment}
        connection.execute(update(_systems).where(_systems.c.id == before.id).values(**values))
        record(connection, before.id, moment, actor, kind, detail, version)
        return StoredSystem(**{**before.__dict__, **values})


def require(connection: Connection, identity: str) -> StoredSystem:
    """Return a system that is there, in the transaction of what is about to hang on it.

    Raises:
        NotFoundError: there is none, or it was deleted.
    """
    return _get(connection, identity, hold=True)


def _get(connection: Connection, identity: str, *, deleted: bool = False, hold: bool = False) -> StoredSystem:
    """Return a system; with ``hold`` nobody else can change it until the transaction ends."""
    chosen = select(*_SHOWN).where(_systems.c.id == identity, _mine(connection))
    row = connection.execute(chosen.with_for_update() if hold else chosen).mappings().first()
    if row is None or (row["deleted_at"] is not None) is not deleted:
        raise missing("system", identity)
    return StoredSystem(**row)


def remove_deleted(connection: Connection, gone: ColumnElement[bool]) -> int:
    """Remove for good the systems that a condition names, with all that hangs on them; return how many."""
    chosen = connection.execute(select(_systems.c.id, _systems.c.organisation).where(gone)).all()
    found = [identity for identity, _ in chosen]
    connection.execute(update(_systems).where(_systems.c.copied_from.in_(found)).values(copied_from=None))
    for identity, organisation in chosen:
        audit.note(connection, utc_now(), "system purged", f"system:{identity}", {}, Acting(organisation))
    return connection.execute(delete(_systems).where(_systems.c.id.in_(found))).rowcount  # what refers to them goes with them


def _mine(connection: Connection) -> ColumnElement[bool]:
    return _systems.c.organisation == acting_in(connection).organisation


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what changed as key → [before, after]; nothing stands for what was not there."""
    return {key: [before.get(key), after.get(key)] for key in {**before, **after} if not same(before.get(key), after.get(key))}
