"""What every store is made of: a database, a clock, and who acts."""

from __future__ import annotations

from contextlib import AbstractContextManager

from sqlalchemy import ColumnElement, Connection, Engine, select

from assistant.store.acting import Acting, Who, only_one
from assistant.store.columns import metadata
from assistant.store.rows import Now, utc_now
from assistant.store.transactions import acting_in, reading, writing


class Store:
    """A store over one database; each of its queries is for whoever ``who`` says acts."""

    def __init__(self, engine: Engine, now: Now = utc_now, who: Who = only_one) -> None:
        self._engine = engine
        self._now = now
        self._who = who

    @property
    def acting(self) -> Acting:
        """Who acts.

        Raises:
            NobodyError: nobody is signed in where everybody must be.
        """
        return self._who()

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine, self._who())

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._engine, self._who())


def of_mine(connection: Connection, system: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a row hangs on a system of the organisation that the connection is for."""
    systems = metadata.tables["systems"]
    return system.in_(select(systems.c.id).where(systems.c.organisation == acting_in(connection).organisation))
