"""Systems that come in from a file: all of them with what hangs on them are taken in together, or none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from assistant.store.base import Store
from assistant.store.columns import metadata
from assistant.store.rows import ConflictError, new_id, record, same
from assistant.store.systems import StoredSystem, differences, require
from assistant.store.transactions import acting_in


@dataclass(frozen=True)
class IncomingDuty:
    """How work on a duty stands by the file; ``expected`` is the version it replaces, 0 where it was not tracked."""

    duty: str
    state: str
    reason: str
    person: str
    due: date | None
    notes: str
    expected: int = 0


@dataclass(frozen=True)
class IncomingComment:
    """A comment with who made it, and when."""

    about: str | None
    actor: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Incoming:
    """One system by the file; ``expected`` is the version it replaces, nothing for a new one, whose ``id`` must be free.

    ``state`` and ``reviewer`` count for a new system only. Duties and comments are those to be added or changed.
    """

    id: str
    name: str
    owner: str
    answers: dict[str, Any]
    state: str = "draft"
    reviewer: str | None = None
    copied_from: str | None = None
    duties: tuple[IncomingDuty, ...] = field(default=())
    comments: tuple[IncomingComment, ...] = field(default=())
    expected: int | None = None


class ExchangeStore(Store):
    """Takes systems into the database."""

    def take_in(self, incoming: list[Incoming], *, actor: str = "") -> None:
        """Keep all of these systems, or none; every change is told in their histories.

        Raises:
            ConflictError: one was changed since the version that it replaces.
            NotFoundError: one to be replaced is not there any more.
        """
        moment = self._now()
        with self._writing() as connection:
            for one in _of_our_own(connection, incoming):
                version = _system(connection, one, actor, moment)
                for duty in one.duties:
                    _duty(connection, one.id, duty, actor, moment, version)
                for comment in one.comments:
                    _comment(connection, one.id, comment, actor, moment, version)


def _of_our_own(connection: Connection, incoming: list[Incoming]) -> list[Incoming]:
    """Give systems that another organisation has here, and whose file we were given, ids of our own."""
    systems = metadata.tables["systems"]
    mine = acting_in(connection).organisation
    taken = select(systems.c.id).where(systems.c.id.in_([one.id for one in incoming]), systems.c.organisation != mine)
    ours = {identity: new_id() for identity in connection.execute(taken).scalars()}
    return [
        replace(one, id=ours.get(one.id, one.id), copied_from=ours.get(one.copied_from or "", one.copied_from))
        for one in incoming
    ]


def _system(connection: Connection, one: Incoming, actor: str, moment: datetime) -> int:
    """Keep the system itself and return its version."""
    systems = metadata.tables["systems"]
    values: dict[str, Any] = {"name": one.name, "owner": one.owner, "answers": one.answers}
    if one.expected is None:
        if connection.execute(select(systems.c.id).where(systems.c.id == one.id)).first():
            raise ConflictError(None, [])
        made = {"created_at": moment, "updated_at": moment, "deleted_at": None, "version": 1}
        rest = {"state": one.state, "reviewer": one.reviewer, "copied_from": one.copied_from}
        mine = {"organisation": acting_in(connection).organisation}
        connection.execute(insert(systems).values(id=one.id, **mine, **values, **rest, **made))
        reviewed = {"state": ["draft", one.state]} if one.state != "draft" else {}
        record(connection, one.id, moment, actor, "imported", {"name": one.name, **reviewed}, 1)
        return 1
    before = require(connection, one.id)
    if before.version != one.expected:
        raise ConflictError(before, [])
    answered = not same(before.answers, one.answers)
    if not answered and (before.name, before.owner) == (one.name, one.owner):
        return before.version
    version = before.version + 1
    if answered:  # as with every answer that is changed, what was reviewed must be reviewed again
        values |= {"state": "draft", "reviewer": None}
    connection.execute(update(systems).where(systems.c.id == one.id).values(**values, version=version, updated_at=moment))
    _told(connection, before, one, actor, moment, version)
    return version


def _told(connection: Connection, before: StoredSystem, one: Incoming, actor: str, moment: datetime, version: int) -> None:
    detail: dict[str, Any] = {
        part: differences(before.answers.get(part) or {}, one.answers.get(part) or {}) for part in ("facts", "notes")
    }
    if not same(before.answers, one.answers):
        if before.state != "draft":
            detail["state"] = [before.state, "draft"]
        record(connection, one.id, moment, actor, "answered", {key: part for key, part in detail.items() if part}, version)
    names = {key: [getattr(before, key), getattr(one, key)] for key in ("name", "owner")}
    if renamed := {key: pair for key, pair in names.items() if pair[0] != pair[1]}:
        record(connection, one.id, moment, actor, "renamed", renamed, version)


def _duty(connection: Connection, system: str, one: IncomingDuty, actor: str, moment: datetime, version: int) -> None:
    duties = metadata.tables["duties"]
    mine = (duties.c.system == system) & (duties.c.duty == one.duty)
    before = connection.execute(select(duties).where(mine)).mappings().first()
    if (before["version"] if before else 0) != one.expected:
        raise ConflictError(before, [])
    values = {key: getattr(one, key) for key in ("state", "reason", "person", "due", "notes")}
    kept = {**values, "version": one.expected + 1, "updated_at": moment}
    if before:
        connection.execute(update(duties).where(mine).values(**kept))
    else:
        connection.execute(insert(duties).values(system=system, duty=one.duty, **kept))
    pairs = {key: [_text(before[key]) if before else None, _text(after)] for key, after in values.items()}
    detail = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
    record(connection, system, moment, actor, "duty", {"duty": one.duty, **detail}, version)


def _comment(connection: Connection, system: str, one: IncomingComment, actor: str, moment: datetime, version: int) -> None:
    values = {
        "id": new_id(),
        "system": system,
        "about": one.about,
        "actor": one.actor,
        "text": one.text,
        "at": one.at,
        "person": acting_in(connection).person,
    }
    connection.execute(insert(metadata.tables["comments"]).values(**values))
    record(connection, system, moment, actor, "comment", {"about": one.about, "added": values["id"]}, version)


def _text(value: object) -> str | None:
    return str(value) if value else None
