"""Comments on a system, one of its duties or answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, delete, insert, select

from assistant.store.base import Store, of_mine
from assistant.store.columns import ABOUT, ID, LONGEST_NAME, NAME, Moment, Words, metadata
from assistant.store.rows import limited, missing, new_id, record
from assistant.store.systems import require
from assistant.store.transactions import StoreError

_comments = Table(
    "comments",
    metadata,
    Column("id", ID, primary_key=True),
    Column("system", ID, ForeignKey("systems.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("about", ABOUT),
    Column("actor", NAME, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Comment:
    """What somebody said; ``about`` names a duty or a fact, nothing means the system as a whole."""

    id: str
    system: str
    about: str | None
    actor: str
    text: str
    at: datetime


class CommentStore(Store):
    """Comments in the database."""

    def add(self, system: str, text: str, *, actor: str = "", about: str | None = None) -> Comment:
        """Keep a comment.

        Raises:
            StoreError: it is empty or too long.
            NotFoundError: there is no such system.
        """
        if not text.strip():
            raise StoreError("The comment is empty; write something first.", "empty")
        one = Comment(new_id(), system, about, actor[:LONGEST_NAME], limited(text, "comment"), self._now())
        with self._writing() as connection:
            holder = require(connection, system)
            connection.execute(insert(_comments).values(**one.__dict__))
            record(connection, system, one.at, actor, "comment", {"about": about, "added": one.id}, holder.version)
        return one

    def all(self, system: str) -> list[Comment]:
        """Return the comments on a system, oldest first."""
        chosen = select(_comments).where(_comments.c.system == system).order_by(_comments.c.at, _comments.c.id)
        with self._reading() as connection:
            mine = chosen.where(of_mine(connection, _comments.c.system))
            return [Comment(**row) for row in connection.execute(mine).mappings()]

    def remove(self, system: str, identity: str, *, actor: str = "") -> None:
        """Delete a comment for good; that there was one stays in the history.

        Raises:
            NotFoundError: there is none, or it belongs to another system.
        """
        mine = (_comments.c.id == identity) & (_comments.c.system == system)
        with self._writing() as connection:
            holder = require(connection, system)
            if connection.execute(delete(_comments).where(mine)).rowcount == 0:
                raise missing("comment", identity)
            record(connection, system, self._now(), actor, "comment", {"removed": identity}, holder.version)
