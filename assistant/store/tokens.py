"""Tokens with which programs act for a person: shown once, limited in what they may, ending by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, insert, select, update

from assistant.store import audit
from assistant.store.base import Store
from assistant.store.columns import ID, LONGEST_NAME, NAME, Moment, metadata
from assistant.store.people import SHOWN, Person, people
from assistant.store.rows import missing, new_id
from assistant.store.secrets import kept_as, new_secret
from assistant.store.transactions import StoreError, reading, writing

SCOPES = ("read", "write")
LONGEST_DAYS = 365
_MOST = 20  # tokens of one person
_PREFIX = "gat_"  # so that whoever finds one in a file knows what it is
_USED_EVERY = timedelta(minutes=1)

_tokens = Table(
    "tokens",
    metadata,
    Column("id", ID, primary_key=True),
    Column("secret", String(64), nullable=False, unique=True),
    Column("person", ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", NAME, nullable=False),
    Column("scope", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)


@dataclass(frozen=True)
class Token:
    """A token without its secret; ``scope`` is read, or write for both."""

    id: str
    person: str
    name: str
    scope: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


_SHOWN = [column for column in _tokens.c if column.name != "secret"]


class TokenStore(Store):
    """The tokens of the person who acts."""

    def all(self) -> list[Token]:
        """Return mine, the newest first."""
        with self._reading() as connection:
            chosen = select(*_SHOWN).where(_tokens.c.person == self.acting.person).order_by(_tokens.c.created_at.desc())
            return [Token(**row) for row in connection.execute(chosen).mappings()]

    def make(self, name: str, scope: str, days: int) -> str:
        """Make a token for me and return its secret.

        Raises:
            StoreError: it has no name, the scope or the number of days does not fit, or I have too many.
        """
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            raise StoreError("The token has no name; say what it is for.", "empty")
        if scope not in SCOPES or not 1 <= days <= LONGEST_DAYS:
            raise StoreError(f"A token is for read or write and lasts 1 to {LONGEST_DAYS} days; choose again.", "choice")
        secret, moment = _PREFIX + new_secret(), self._now()
        one = Token(new_id(), self.acting.person, name, scope, moment, moment + timedelta(days=days), None)
        with self._writing() as connection:
            mine = select(func.count()).select_from(_tokens).where(_tokens.c.person == one.person)
            if connection.execute(mine).scalar_one() >= _MOST:
                raise StoreError(f"You have {_MOST} tokens; remove one first.", "too_many", limit=_MOST)
            connection.execute(insert(_tokens).values(**one.__dict__, secret=kept_as(secret)))
            audit.note(connection, moment, "token made", f"token:{one.id}", {"scope": scope, "days": days})
        return secret

    def remove(self, identity: str) -> None:
        """End one of my tokens.

        Raises:
            NotFoundError: I have none of that id.
        """
        with self._writing() as connection:
            mine = (_tokens.c.id == identity) & (_tokens.c.person == self.acting.person)
            if connection.execute(delete(_tokens).where(mine)).rowcount == 0:
                raise missing("token", identity)
            audit.note(connection, self._now(), "token removed", f"token:{identity}", {})

    def opens(self, secret: str) -> tuple[Person, str] | None:
        """Return for whom a secret acts and with which scope; nothing where it is none, ended, or the account was closed."""
        moment = self._now()
        chosen = select(*SHOWN, _tokens.c.scope, _tokens.c.used_at).join(people, people.c.id == _tokens.c.person)
        valid = (_tokens.c.secret == kept_as(secret)) & (_tokens.c.expires_at > moment) & people.c.disabled_at.is_(None)
        with reading(self._engine) as connection:
            row = connection.execute(chosen.where(valid)).mappings().first()
        if row is None:
            return None
        if row["used_at"] is None or moment - row["used_at"] > _USED_EVERY:
            with writing(self._engine) as connection:
                connection.execute(update(_tokens).where(_tokens.c.secret == kept_as(secret)).values(used_at=moment))
        return Person(**{name: value for name, value in row.items() if name not in ("scope", "used_at")}), row["scope"]
