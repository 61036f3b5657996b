"""Sessions of people who signed in: they end by themselves, by signing out, and with the account."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, Engine, ForeignKey, String, Table, delete, insert, select, update

from assistant.store import audit
from assistant.store.columns import ID, Moment, metadata
from assistant.store.people import SHOWN, Person, people
from assistant.store.rows import Now, utc_now
from assistant.store.secrets import kept_as, new_secret
from assistant.store.transactions import reading, writing

_SEEN_EVERY = timedelta(minutes=1)  # how exactly it is kept when somebody was there last

_sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("person", ID, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)


class SessionStore:
    """Sessions in the database; each ends ``hours`` after signing in, or after ``idle`` minutes without a request."""

    def __init__(self, engine: Engine, hours: float, idle: float, now: Now = utc_now) -> None:
        self._engine = engine
        self._whole = timedelta(hours=hours)
        self._idle = timedelta(minutes=idle)
        self._now = now

    def open(self, person: Person) -> str:
        """Begin a session and return its secret, for the browser alone."""
        secret, moment = new_secret(), self._now()
        values = {"person": person.id, "created_at": moment, "seen_at": moment, "expires_at": moment + self._whole}
        with writing(self._engine, person.acting) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.expires_at <= moment))
            connection.execute(insert(_sessions).values(token=kept_as(secret), **values))
            audit.note(connection, moment, "signed in", f"person:{person.id}", {})
        return secret

    def person(self, secret: str) -> Person | None:
        """Return whose session a secret opens; nothing where there is none, it ended, or the account was closed."""
        moment, token = self._now(), kept_as(secret)
        chosen = select(*SHOWN, _sessions.c.seen_at).join(people, people.c.id == _sessions.c.person)
        valid = (_sessions.c.token == token) & (_sessions.c.expires_at > moment) & (_sessions.c.seen_at > moment - self._idle)
        with reading(self._engine) as connection:
            row = connection.execute(chosen.where(valid, people.c.disabled_at.is_(None))).mappings().first()
        if row is None:
            return None
        if moment - row["seen_at"] > _SEEN_EVERY:
            self._seen(token, moment)
        return Person(**{name: value for name, value in row.items() if name != "seen_at"})

    def close(self, secret: str) -> None:
        """End one session."""
        person = self.person(secret)
        with writing(self._engine, person.acting if person else None) as connection:
            ended = connection.execute(delete(_sessions).where(_sessions.c.token == kept_as(secret))).rowcount
            if person and ended:
                audit.note(connection, self._now(), "signed out", f"person:{person.id}", {})

    def close_all(self, person: Person) -> None:
        """End every session of a person."""
        with writing(self._engine, person.acting) as connection:
            connection.execute(delete(_sessions).where(_sessions.c.person == person.id))
            audit.note(connection, self._now(), "signed out everywhere", f"person:{person.id}", {})

    def _seen(self, token: str, moment: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(_sessions).where(_sessions.c.token == token).values(seen_at=moment))
