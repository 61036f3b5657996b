"""People of an organisation, with their roles; an admin changes them, and one admin always remains."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, ForeignKey, String, Table, Text, delete, func, select, update

from assistant.store import audit
from assistant.store.acting import Acting
from assistant.store.base import Store
from assistant.store.columns import ID, LONGEST_NAME, NAME, Moment, Short, metadata
from assistant.store.rows import missing
from assistant.store.transactions import StoreError, acting_in

ROLES = ("admin", "assessor", "reviewer", "reader")
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,189}")

organisations = Table(
    "organisations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", NAME, nullable=False),
    Column("created_at", Moment, nullable=False),
)
people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("organisation", ID, ForeignKey("organisations.id"), nullable=False, index=True),
    Column("email", Short(LONGEST_EMAIL), nullable=False, unique=True),
    Column("name", NAME, nullable=False),
    Column("role", String(12), nullable=False),
    Column("password", Text),
    Column("subject", String(400), unique=True),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)
SHOWN = [column for column in people.c if column.name not in ("password", "subject")]


@dataclass(frozen=True)
class Person:
    """Somebody with an account, of one organisation; ``disabled_at`` says since when it cannot be used."""

    id: str
    organisation: str
    email: str
    name: str
    role: str
    created_at: datetime
    disabled_at: datetime | None

    @property
    def acting(self) -> Acting:
        """Whom this person acts as."""
        return Acting(self.organisation, self.id, self.role)


class PeopleStore(Store):
    """The people of the organisation of whoever acts."""

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        with self._reading() as connection:
            chosen = select(*SHOWN).where(_mine(connection)).order_by(people.c.name, people.c.id)
            return [Person(**row) for row in connection.execute(chosen).mappings()]

    def get(self, identity: str) -> Person:
        """Return one person.

        Raises:
            NotFoundError: there is none of that id in the organisation.
        """
        with self._reading() as connection:
            return _get(connection, identity)

    def organisation(self) -> str:
        """Return the name of the organisation."""
        with self._reading() as connection:
            mine = organisations.c.id == acting_in(connection).organisation
            return connection.execute(select(organisations.c.name).where(mine)).scalar() or ""

    def set_role(self, identity: str, role: str) -> None:
        """Give a person another role; it counts from the next request on.

        Raises:
            StoreError: there is no such role, or no admin would remain.
            NotFoundError: there is no such person.
        """
        if role not in ROLES:
            raise StoreError(f"'{role[:40]}' is no role; choose one of {', '.join(ROLES)}.", "choice")
        self._change(identity, "role changed", {"role": role})

    def disable(self, identity: str) -> None:
        """Close an account: its sessions and tokens end at once, what the person did stays.

        Raises:
            StoreError, NotFoundError: as for ``set_role``.
        """
        self._change(identity, "account closed", {"disabled_at": self._now()})

    def enable(self, identity: str) -> None:
        """Open a closed account again."""
        self._change(identity, "account opened", {"disabled_at": None})

    def rename(self, identity: str, name: str) -> None:
        """Change the name under which a person works.

        Raises:
            StoreError: it is empty.
        """
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise StoreError("The name is empty; write one.", "empty")
        self._change(identity, "renamed", {"name": name})

    def _change(self, identity: str, action: str, values: dict[str, object]) -> None:
        with self._writing() as connection:
            _alone(connection)
            person = _get(connection, identity)
            connection.execute(update(people).where(people.c.id == identity).values(**values))
            if not connection.execute(select(func.count()).select_from(people).where(_mine(connection), _leads())).scalar():
                raise StoreError("An organisation needs one admin; make somebody else admin first.", "last_admin")
            _end_what_was_held(connection, person, values)
            audit.note(connection, self._now(), action, f"person:{identity}", values)


def address(email: str) -> str:
    """Return an e-mail address as it is kept: without white space, in small letters.

    Raises:
        StoreError: it is none.
    """
    email = email.strip().casefold()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise StoreError("This is no e-mail address; write it like name@company.example.", "email")
    return email


def _alone(connection: Connection) -> None:
    """Let the changes of an organisation's people wait for each other, or two admins could each make the other none at once."""
    mine = organisations.c.id == acting_in(connection).organisation
    connection.execute(select(organisations.c.id).where(mine).with_for_update(key_share=True))


def _end_what_was_held(connection: Connection, person: Person, values: dict[str, object]) -> None:
    """End what a closed account could be used with, and the links of somebody who may make none any more."""
    if closed := values.get("disabled_at"):
        for table in ("sessions", "tokens"):
            held = metadata.tables[table]
            connection.execute(delete(held).where(held.c.person == person.id))
        end_resets(connection, person.email)
    if closed or values.get("role", "admin") != "admin":
        links = metadata.tables["links"]
        connection.execute(delete(links).where(links.c.made_by == person.id))


def end_resets(connection: Connection, email: str) -> None:
    """End the links with which the account of an address may be given a new password."""
    links = metadata.tables["links"]
    connection.execute(delete(links).where(links.c.email == email, links.c.kind == "reset"))


def _get(connection: Connection, identity: str) -> Person:
    row = connection.execute(select(*SHOWN).where(people.c.id == identity, _mine(connection))).mappings().first()
    if row is None:
        raise missing("person", identity)
    return Person(**row)


def _leads() -> ColumnElement[bool]:
    return (people.c.role == "admin") & people.c.disabled_at.is_(None)


def _mine(connection: Connection) -> ColumnElement[bool]:
    return people.c.organisation == acting_in(connection).organisation
