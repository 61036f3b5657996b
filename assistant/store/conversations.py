"""Conversations: a question is kept before it is answered, so that nothing asked is ever lost."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from assistant.store import audit
from assistant.store.acting import Acting
from assistant.store.base import Store
from assistant.store.columns import ID, LONGEST_NAME, NAME, Json, Moment, Words, metadata
from assistant.store.rows import missing, new_id, utc_now
from assistant.store.systems import require
from assistant.store.transactions import acting_in

_LONGEST_TITLE = 80  # characters of the first question that name a conversation
_MOST_WORDS = 20  # of a search that are looked for

_conversations = Table(
    "conversations",
    metadata,
    Column("id", ID, primary_key=True),
    Column("title", NAME, nullable=False),
    Column("searched", Words, nullable=False),  # the title as a search compares it
    Column("language", String(8), nullable=False),
    Column("organisation", ID, nullable=False, index=True),
    Column("person", ID, nullable=False),  # conversations are for those who began them alone
    Column("system", ID, ForeignKey("systems.id", ondelete="SET NULL"), index=True),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("deleted_at", Moment),
)
_turns = Table(
    "turns",
    metadata,
    Column("conversation", ID, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("question", Words, nullable=False),
    Column("answer", Json),
    Column("searched", Words, nullable=False),  # question and answer as a search compares them
    Column("asked_at", Moment, nullable=False),
    Column("answered_at", Moment),
)


_SHOWN = [column for column in _conversations.c if column.name not in ("searched", "organisation", "person")]


@dataclass(frozen=True)
class StoredConversation:
    """One conversation; ``system`` is the one that its questions are about."""

    id: str
    title: str
    language: str
    system: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class StoredTurn:
    """A question and its answer, counted from 1; ``answer`` is nothing while there is none."""

    conversation: str
    place: int
    question: str
    answer: dict[str, Any] | None
    asked_at: datetime
    answered_at: datetime | None


class ConversationStore(Store):
    """Conversations in the database."""

    def start(
        self, language: str, *, system: str | None = None, title: str = "", question: str | None = None
    ) -> StoredConversation:
        """Begin a conversation, with its first ``question`` where there is one; that names it where no title is given.

        Raises:
            NotFoundError: there is no such system.
        """
        moment = self._now()
        one = StoredConversation(new_id(), title[:LONGEST_NAME], language, system, moment, moment, None)
        with self._writing() as connection:
            if system is not None:
                require(connection, system)
            who = self.acting
            values = {**one.__dict__, "organisation": who.organisation, "person": who.person, "searched": _folded(one.title)}
            connection.execute(insert(_conversations).values(**values))
            audit.note(connection, moment, "conversation begun", f"conversation:{one.id}", {"system": system})
            if question is not None:
                self._ask(connection, one.id, question)
                return _get(connection, one.id)
        return one

    def get(self, identity: str) -> StoredConversation:
        """Return one conversation.

        Raises:
            NotFoundError: there is none, or it was deleted.
        """
        with self._reading() as connection:
            return _get(connection, identity)

    def all(self, search: str = "", *, deleted: bool = False, limit: int = 500) -> list[StoredConversation]:
        """Return conversations in whose title, questions or answers all the words stand, the one continued last first."""
        chosen = _conversations.c.deleted_at.is_not(None) if deleted else _conversations.c.deleted_at.is_(None)
        found = select(*_SHOWN).where(chosen)
        for word in list(dict.fromkeys(_folded(search).split()))[:_MOST_WORDS]:
            in_turn = exists().where(
                _turns.c.conversation == _conversations.c.id, _turns.c.searched.contains(word, autoescape=True)
            )
            found = found.where(or_(_conversations.c.searched.contains(word, autoescape=True), in_turn))
        found = found.order_by(_conversations.c.updated_at.desc(), _conversations.c.id).limit(limit)
        with self._reading() as connection:
            return [StoredConversation(**row) for row in connection.execute(found.where(*belongs(connection))).mappings()]

    def ask(self, identity: str, question: str) -> int:
        """Keep a question, before anything is answered; return its place."""
        with self._writing() as connection:
            return self._ask(connection, identity, question)

    def answered(self, identity: str, place: int, answer: dict[str, Any], text: str) -> None:
        """Keep the answer to a question; a second one takes the place of the first."""
        mine = (_turns.c.conversation == identity) & (_turns.c.place == place)
        with self._writing() as connection:
            allowed = _turns.c.conversation.in_(select(_conversations.c.id).where(*belongs(connection)))
            question = connection.execute(select(_turns.c.question).where(mine, allowed)).scalar()
            if question is None:
                raise missing("question", f"{identity}/{place}")
            values = {"answer": answer, "searched": _folded(f"{question}\n{text}"), "answered_at": self._now()}
            connection.execute(update(_turns).where(mine).values(**values))
            self._touch(connection, identity)

    def unask(self, identity: str, place: int) -> None:
        """Take back a question that has no answer."""
        mine = (_turns.c.conversation == identity) & (_turns.c.place == place) & _turns.c.answered_at.is_(None)
        with self._writing() as connection:
            allowed = _turns.c.conversation.in_(select(_conversations.c.id).where(*belongs(connection)))
            connection.execute(delete(_turns).where(mine, allowed))

    def turns(self, identity: str) -> list[StoredTurn]:
        """Return the questions and answers of a conversation, in order."""
        columns = [column for column in _turns.c if column.name != "searched"]
        chosen = select(*columns).where(_turns.c.conversation == identity).order_by(_turns.c.place)
        with self._reading() as connection:
            allowed = _turns.c.conversation.in_(select(_conversations.c.id).where(*belongs(connection)))
            return [StoredTurn(**row) for row in connection.execute(chosen.where(allowed)).mappings()]

    def rename(self, identity: str, title: str) -> None:
        """Give a conversation a name."""
        with self._writing() as connection:
            _get(connection, identity, hold=True)
            self._touch(connection, identity, title=" ".join(title.split())[:LONGEST_NAME])
            audit.note(connection, self._now(), "conversation renamed", f"conversation:{identity}", title)

    def attach(self, identity: str, system: str | None) -> None:
        """Say which system the questions of a conversation are about, or none.

        Raises:
            NotFoundError: there is no such conversation or system.
        """
        with self._writing() as connection:
            _get(connection, identity, hold=True)
            if system is not None:
                require(connection, system)
            self._touch(connection, identity, system=system)
            audit.note(connection, self._now(), "conversation attached", f"conversation:{identity}", {"system": system})

    def delete(self, identity: str) -> None:
        """Put a conversation aside; it can be restored until it is purged."""
        with self._writing() as connection:
            _get(connection, identity, hold=True)
            self._touch(connection, identity, deleted_at=self._now())
            audit.note(connection, self._now(), "conversation deleted", f"conversation:{identity}", {})

    def restore(self, identity: str) -> None:
        """Bring a deleted conversation back."""
        with self._writing() as connection:
            _get(connection, identity, deleted=True, hold=True)
            self._touch(connection, identity, deleted_at=None)
            audit.note(connection, self._now(), "conversation restored", f"conversation:{identity}", {})

    def purge(self, before: datetime) -> int:
        """Remove for good what was deleted before a moment, with questions, answers and feedback; return how many."""
        with self._writing() as connection:
            return remove_conversations(connection, _conversations.c.deleted_at < before, *belongs(connection))

    def _ask(self, connection: Connection, identity: str, question: str) -> int:
        conversation = _get(connection, identity, hold=True)
        last = connection.execute(select(func.max(_turns.c.place)).where(_turns.c.conversation == identity)).scalar()
        place = (last or 0) + 1
        moment = self._now()
        values = {"conversation": identity, "place": place, "question": question, "asked_at": moment}
        connection.execute(insert(_turns).values(**values, searched=_folded(question)))
        audit.note(connection, moment, "asked", f"conversation:{identity}/{place}", question)
        self._touch(connection, identity, title=conversation.title or " ".join(question.split())[:_LONGEST_TITLE])
        return place

    def _touch(self, connection: Connection, identity: str, **values: Any) -> None:
        values["updated_at"] = self._now()
        if "title" in values:
            values["searched"] = _folded(values["title"])
        connection.execute(update(_conversations).where(_conversations.c.id == identity).values(**values))


def belongs(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a conversation is of whoever acts."""
    who = acting_in(connection)
    return _conversations.c.organisation == who.organisation, _conversations.c.person == who.person


def remove_conversations(connection: Connection, *gone: ColumnElement[bool]) -> int:
    """Remove for good the conversations that the conditions name, with all that was said in them; return how many."""
    chosen = connection.execute(
        select(_conversations.c.id, _conversations.c.organisation, _conversations.c.person).where(*gone)
    ).all()
    for identity, organisation, person in chosen:
        about = f"conversation:{identity}"
        audit.note(connection, utc_now(), "conversation purged", about, {}, Acting(organisation, person))
    found = [identity for identity, *_ in chosen]
    return connection.execute(delete(_conversations).where(_conversations.c.id.in_(found))).rowcount


def _get(connection: Connection, identity: str, *, deleted: bool = False, hold: bool = False) -> StoredConversation:
    """Return a conversation; with ``hold`` nobody else can change it until the transaction ends."""
    chosen = select(*_SHOWN).where(_conversations.c.id == identity, *belongs(connection))
    row = connection.execute(chosen.with_for_update() if hold else chosen).mappings().first()
    if row is None or (row["deleted_at"] is not None) is not deleted:
        raise missing("conversation", identity)
    return StoredConversation(**row)


def _folded(text: str) -> str:
    """Return a text in which capitals and small letters, full and half width are the same, on every database."""
    return unicodedata.normalize("NFKC", text).casefold()
