"""What readers say of an answer: good or bad, why, and in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, ForeignKeyConstraint, Integer, String, Table, delete, insert, select

from assistant.store import audit
from assistant.store.base import Store
from assistant.store.columns import ID, LONGEST_NAME, NAME, Moment, Words, metadata
from assistant.store.conversations import belongs
from assistant.store.rows import limited, missing
from assistant.store.transactions import StoreError, acting_in

VERDICTS = ("up", "down")

_feedback = Table(
    "feedback",
    metadata,
    Column("conversation", ID, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("reason", NAME, nullable=False),
    Column("comment", Words, nullable=False),
    Column("at", Moment, nullable=False),
    ForeignKeyConstraint(["conversation", "place"], ["turns.conversation", "turns.place"], ondelete="CASCADE"),
)


@dataclass(frozen=True)
class Feedback:
    """What was said of the answer at one place of a conversation."""

    conversation: str
    place: int
    verdict: str
    reason: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class Judged:
    """Feedback with what it is about: the question, those before it, the answer with its trace, the language."""

    feedback: Feedback
    question: str
    answer: dict[str, Any]
    language: str
    earlier: tuple[str, ...]


class FeedbackStore(Store):
    """Feedback in the database."""

    def give(self, conversation: str, place: int, verdict: str, reason: str = "", comment: str = "") -> Feedback:
        """Keep what a reader says of an answer, in place of what was said of it before.

        Raises:
            StoreError: the verdict is neither up nor down, or the comment too long.
            NotFoundError: there is no such answer.
        """
        if verdict not in VERDICTS:
            raise StoreError(f"'{verdict[:20]}' is no verdict; say one of {', '.join(VERDICTS)}.", "choice")
        one = Feedback(conversation, place, verdict, reason[:LONGEST_NAME], limited(comment, "comment"), self._now())
        turns = metadata.tables["turns"]
        answered = select(turns.c.place).where(
            turns.c.conversation == conversation, turns.c.place == place, turns.c.answered_at.is_not(None)
        )
        with self._writing() as connection:
            mine = answered.where(_in_mine(connection, turns.c.conversation))
            if connection.execute(mine.with_for_update()).first() is None:
                raise missing("answer", f"{conversation}/{place}")
            connection.execute(delete(_feedback).where(_of(conversation, place)))
            connection.execute(insert(_feedback).values(**one.__dict__))
            detail = {"verdict": one.verdict, "reason": one.reason, "comment": one.comment}
            audit.note(connection, one.at, "feedback given", f"conversation:{conversation}/{place}", detail)
        return one

    def of(self, conversation: str) -> dict[int, Feedback]:
        """Return what was said of a conversation's answers, by place."""
        with self._reading() as connection:
            mine = _in_mine(connection, _feedback.c.conversation)
            rows = connection.execute(select(_feedback).where(_feedback.c.conversation == conversation, mine)).mappings()
            return {row["place"]: Feedback(**row) for row in rows}

    def all(self) -> list[Judged]:
        """Return all feedback in the organisation with questions and answers, oldest first; not that on deleted conversations."""
        turns, conversations = metadata.tables["turns"], metadata.tables["conversations"]
        chosen = (
            select(_feedback, turns.c.question, turns.c.answer, conversations.c.language)
            .join(turns, (turns.c.conversation == _feedback.c.conversation) & (turns.c.place == _feedback.c.place))
            .join(conversations, conversations.c.id == _feedback.c.conversation)
            .where(conversations.c.deleted_at.is_(None))
            .order_by(_feedback.c.at, _feedback.c.conversation, _feedback.c.place)
        )
        with self._reading() as connection:
            mine = chosen.where(conversations.c.organisation == acting_in(connection).organisation)
            return [_judged(connection, dict(row)) for row in connection.execute(mine).mappings().all()]

    def withdraw(self, conversation: str, place: int) -> None:
        """Take feedback back."""
        with self._writing() as connection:
            mine = _in_mine(connection, _feedback.c.conversation)
            if connection.execute(delete(_feedback).where(_of(conversation, place), mine)).rowcount:
                audit.note(connection, self._now(), "feedback withdrawn", f"conversation:{conversation}/{place}", {})


def _in_mine(connection: Connection, conversation: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a row hangs on a conversation of whoever acts."""
    conversations = metadata.tables["conversations"]
    return conversation.in_(select(conversations.c.id).where(*belongs(connection)))


def _of(conversation: str, place: int) -> Any:
    return (_feedback.c.conversation == conversation) & (_feedback.c.place == place)


def _judged(connection: Connection, row: dict[str, Any]) -> Judged:
    about = {field: row.pop(field) for field in ("question", "answer", "language")}
    turns = metadata.tables["turns"]
    before = (turns.c.conversation == row["conversation"]) & (turns.c.place < row["place"])
    earlier = connection.execute(select(turns.c.question).where(before).order_by(turns.c.place)).scalars()
    return Judged(Feedback(**row), **about, earlier=tuple(earlier))
