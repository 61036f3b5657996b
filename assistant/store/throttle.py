"""Attempts to sign in: after some that fail, each further one has to wait, longer every time."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from sqlalchemy import Column, Engine, Integer, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.columns import Moment, metadata
from assistant.store.rows import Now, utc_now
from assistant.store.transactions import StoreError, writing

_FREE, _FREE_OF_ADDRESS = 5, 30  # attempts that may fail before waiting begins: of one account, from one address
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_FORGOTTEN = timedelta(hours=1)
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_attempts = Table(
    "attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", Moment, nullable=False),
)


class Throttle:
    """Counts attempts in the database, so that it is the same for every process."""

    def __init__(self, engine: Engine, now: Now = utc_now) -> None:
        self._engine = engine
        self._now = now

    def begin(self, account: str, address: str) -> None:
        """Count an attempt before it is looked at, so that many at once gain nothing.

        Raises:
            StoreError: too many failed; it tells how many seconds to wait.
        """
        with writing(self._engine) as connection:
            moment = self._now()
            connection.execute(delete(_attempts).where(_attempts.c.until < moment - _FORGOTTEN))
            for key, free in ((_key("account", account), _FREE), (_key("address", connection_of(address)), _FREE_OF_ADDRESS)):
                row = connection.execute(select(_attempts).where(_attempts.c.key == key).with_for_update()).mappings().first()
                if row and row["until"] > moment:
                    seconds = int((row["until"] - moment).total_seconds()) + 1
                    told = f"Too many attempts failed. Wait {seconds} seconds and try again."
                    raise StoreError(told, "throttled", seconds=seconds)
                beyond = (row["failures"] if row else 0) + 1 - free
                wait = min(_FIRST_WAIT * 2 ** min(beyond, 10), _LONGEST_WAIT) if beyond >= 0 else timedelta()
                made = _INSERTS[self._engine.dialect.name](_attempts).values(key=key, failures=1, until=moment + wait)
                changed = {"failures": _attempts.c.failures + 1, "until": moment + wait}
                connection.execute(made.on_conflict_do_update(index_elements=[_attempts.c.key], set_=changed))

    def succeeded(self, account: str, address: str) -> None:
        """Forget what failed for an account; of the address only this attempt, which did not fail, is not counted."""
        with writing(self._engine) as connection:
            connection.execute(delete(_attempts).where(_attempts.c.key == _key("account", account)))
            mine = _attempts.c.key == _key("address", connection_of(address))
            connection.execute(update(_attempts).where(mine).values(failures=_attempts.c.failures - 1, until=self._now()))


def connection_of(address: str) -> str:
    """Return what stands for everything that one connection may call itself: in IPv6 that is 2^64 addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Network((int(found), 64), strict=False))


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()
