"""Links that are handed over once: an invitation to make an account, or leave to choose a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Engine, ForeignKey, String, Table, delete, insert, select

from assistant.store import audit
from assistant.store.acting import Acting
from assistant.store.columns import ID, Moment, Short, metadata
from assistant.store.people import LONGEST_EMAIL, ROLES, address
from assistant.store.rows import NotFoundError, Now, utc_now
from assistant.store.secrets import kept_as, new_secret
from assistant.store.transactions import StoreError, reading, writing

LASTS = {"invitation": timedelta(days=7), "reset": timedelta(days=1)}

_links = Table(
    "links",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("organisation", ID, ForeignKey("organisations.id"), nullable=False),
    Column("email", Short(LONGEST_EMAIL), nullable=False),
    Column("role", String(12), nullable=False),
    Column("made_by", ID, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Link:
    """What a link allows: to whom, in which organisation, in which role, until when."""

    kind: str
    organisation: str
    email: str
    role: str
    made_by: str
    created_at: datetime
    expires_at: datetime


_SHOWN = [column for column in _links.c if column.name != "token"]


class LinkStore:
    """Links in the database, by the hash of their secret."""

    def __init__(self, engine: Engine, now: Now = utc_now) -> None:
        self._engine = engine
        self._now = now

    def make(self, who: Acting, kind: str, email: str, role: str) -> str:
        """Make a link and return its secret; an earlier one of the kind for the same address ends.

        Raises:
            StoreError: the address or the role is none.
        """
        if role not in ROLES:
            raise StoreError(f"'{role[:40]}' is no role; choose one of {', '.join(ROLES)}.", "choice")
        email, moment, secret = address(email), self._now(), new_secret()
        link = Link(kind, who.organisation, email, role, who.person, moment, moment + LASTS[kind])
        with writing(self._engine, who) as connection:
            earlier = (_links.c.email == email) & (_links.c.kind == kind) & (_links.c.organisation == who.organisation)
            connection.execute(delete(_links).where(earlier | (_links.c.expires_at <= moment)))
            connection.execute(insert(_links).values(token=kept_as(secret), **link.__dict__))
            audit.note(connection, moment, f"{kind} made", f"organisation:{who.organisation}", {"email": email, "role": role})
        return secret

    def open(self, who: Acting) -> list[Link]:
        """Return the invitations of an organisation that nobody used yet, the newest first."""
        mine = (_links.c.organisation == who.organisation) & (_links.c.expires_at > self._now()) & (_links.c.kind == "invitation")
        with reading(self._engine) as connection:
            rows = connection.execute(select(*_SHOWN).where(mine).order_by(_links.c.created_at.desc())).mappings()
            return [Link(**row) for row in rows]

    def look(self, secret: str) -> Link:
        """Return what a link allows, and leave it as it is.

        Raises:
            NotFoundError: there is none, it was used, or it ended.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(*_SHOWN).where(_valid(secret, self._now()))).mappings().first()
        if row is None:
            raise _gone()
        return Link(**row)

    def for_email(self, email: str) -> Link | None:
        """Return an open invitation to an e-mail address that somebody else vouches for."""
        mine = (
            (_links.c.email == email.strip().casefold()) & (_links.c.kind == "invitation") & (_links.c.expires_at > self._now())
        )
        with reading(self._engine) as connection:
            row = connection.execute(select(*_SHOWN).where(mine).order_by(_links.c.created_at.desc())).mappings().first()
            return Link(**row) if row else None

    def withdraw(self, who: Acting, email: str) -> None:
        """End the invitations of an organisation to an address, used or not."""
        with writing(self._engine, who) as connection:
            mine = (_links.c.organisation == who.organisation) & (_links.c.email == email.strip().casefold())
            connection.execute(delete(_links).where(mine))
            audit.note(connection, self._now(), "invitation withdrawn", f"organisation:{who.organisation}", {"email": email})


def end(connection: Connection, secret: str, moment: datetime) -> None:
    """End a link in the transaction that does what it allows: of two who use it at once one succeeds, the other changes nothing.

    Raises:
        NotFoundError: as for ``LinkStore.look``.
    """
    if connection.execute(delete(_links).where(_valid(secret, moment))).rowcount == 0:
        raise _gone()


def _valid(secret: str, moment: datetime) -> ColumnElement[bool]:
    return (_links.c.token == kept_as(secret)) & (_links.c.expires_at > moment)


def _gone() -> NotFoundError:
    return NotFoundError("This link was used already or has ended. Ask an admin of your organisation for a new one.")
