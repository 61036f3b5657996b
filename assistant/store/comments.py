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
    Column("person", ID, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True)
class Comment:
    """What ``person`` (an account's id) said; ``about`` names a duty or a fact, nothing means the system as a whole."""

    id: str
    system: str
    about: str | None
    actor: str
    text: str
    at: datetime
    person: str


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
        said = limited(text, "comment")
        one = Comment(new_id(), system, about, actor[:LONGEST_NAME], said, self._now(), self.acting.person)
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

    def removable(self, comment: Comment) -> bool:
        """Tell whether whoever acts may delete a comment: it is their own, or they are an admin."""
        return self.acting.role == "admin" or comment.person == self.acting.person

    def remove(self, system: str, identity: str, *, actor: str = "") -> None:
        """Delete a comment for good; that there was one stays in the history.

        Raises:
            NotFoundError: there is none, or it belongs to another system.
            StoreError: it is somebody else's.
        """
        this = (_comments.c.id == identity) & (_comments.c.system == system)
        with self._writing() as connection:
            holder = require(connection, system)
            row = connection.execute(select(_comments).where(this).with_for_update()).mappings().first()
            if row is None:
                raise missing("comment", identity)
            if not self.removable(Comment(**row)):
                raise StoreError("Only whoever made the comment, or an admin, may remove it.", "not_yours")
            connection.execute(delete(_comments).where(this))
            record(connection, system, self._now(), actor, "comment", {"removed": identity}, holder.version)
