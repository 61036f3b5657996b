"""Conversations as they are kept and go on: a question is stored first, and answered by a thread that nobody need wait for.

A browser that goes away, reloads or loses its connection loses nothing: the thread stores the answer, and whoever opens the
conversation, in whichever tab or language, sees how far it is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal

from pydantic import ValidationError
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from assistant.answer.consent import may_send
from assistant.answer.turn import Turn
from assistant.law.answers import Answers, parse_answers
from assistant.law.questionnaire import about
from assistant.store.conversations import StoredConversation, StoredTurn
from assistant.store.feedback import Feedback
from assistant.store.rows import NotFoundError
from assistant.store.systems import StoredSystem
from assistant.store.transactions import NotSavedError
from assistant.types import Answer, Sentence
from assistant.web.desk import Desk
from assistant.web.interview import ASKED, Interview

log = logging.getLogger(__name__)
State = Literal["answered", "at_work", "failed", "interrupted"]
REASONS = ("wrong", "outdated", "incomplete", "beside", "unclear", "sources")  # why an answer does not help
_KEEP_TRYING = 90.0  # seconds for which an answer that could not be stored is kept to be stored
_LOOK_AGAIN = 5.0  # seconds after which a waiting page looks at the store even if nothing was heard


class Told(Answer):
    """An answer of a conversation with the question as typed and what was known of the user's system: enough to ask it again."""

    question: str
    system: dict[str, Any] | None = None


@dataclass(frozen=True)
class Said:
    """A question and how far its answer is: ``claims`` are a model's, while it is at work; ``fault`` says why there is none."""

    place: int
    question: str
    state: State
    answer: Told | None
    claims: tuple[str, ...] = ()
    feedback: Feedback | None = None
    fault: Exception | None = None


@dataclass(frozen=True)
class Record:
    """A conversation with all that was said, and the system that it is about, if that is still there."""

    conversation: StoredConversation
    said: tuple[Said, ...]
    system: StoredSystem | None

    @property
    def at_work(self) -> bool:
        """Tell whether an answer is being made."""
        return any(one.state == "at_work" for one in self.said)

    @property
    def last(self) -> Said | None:
        """What was said last."""
        return self.said[-1] if self.said else None


def _readable(turn: StoredTurn) -> Told | None:
    """Return a stored answer; nothing where there is none, or its form is not read any more: it can be asked again."""
    try:
        return Told.model_validate(turn.answer) if turn.answer is not None else None
    except ValidationError:
        log.warning("The answer %s/%s has a form that this release does not read", turn.conversation, turn.place)
        return None


def _passes(error: BaseException) -> bool:
    """Tell whether what kept an answer from being stored passes by itself: a database that is busy or restarted."""
    return isinstance(error, NotSavedError) and error.reason in ("busy", "gone")


@dataclass(frozen=True)
class _Own:
    """What is known of the user's system: as the law reads it, and as it was answered."""

    answers: Answers
    facts: dict[str, Any]


@dataclass
class _Work:
    """One answer in the making."""

    stopped: threading.Event = field(default_factory=threading.Event)
    claims: list[str] = field(default_factory=list)
    fault: Exception | None = None


class Talk:
    """Every conversation of the application; one for both languages."""

    def __init__(self, desk: Desk, interview: Interview | None = None) -> None:
        self._desk = desk
        self._interview = interview
        self._works: dict[tuple[str, int], _Work] = {}
        self._changed = threading.Condition()

    @property
    def with_model(self) -> bool:
        """Tell whether a model takes part in the answers."""
        settings = self._desk.assistant.settings
        return bool(settings.model) and may_send(settings)

    def record(self, identity: str) -> Record:
        """Return a conversation as it stands.

        Raises:
            NotFoundError: there is none, or it was deleted.
        """
        with self._changed:
            conversation = self._desk.conversations.get(identity)
            turns, feedback = self._desk.conversations.turns(identity), self._desk.feedback.of(identity)
            said = tuple(self._said(turn, feedback.get(turn.place)) for turn in turns)
        return Record(conversation, said, self.system(conversation.system))

    def system(self, identity: str | None) -> StoredSystem | None:
        """Return a system; nothing where there is none, or none any more."""
        try:
            return self._desk.systems.get(identity) if identity else None
        except NotFoundError:
            return None

    def begin(self, language: str, system: str, question: str) -> str:
        """Keep a conversation with its first question, begin to answer it, and return the conversation's id.

        Raises:
            NotFoundError: the ``system`` that it is about was deleted; it is empty where there is none.
            AssistantError: as for ``ask``; there is no conversation then.
        """
        own = self._own(self._desk.systems.get(system)) if system else None
        identity = self._desk.conversations.start(language, system=system or None, question=question).id
        self._begin(self._desk.conversations.turns(identity)[0], own)
        return identity

    def ask(self, identity: str, question: str) -> None:
        """Keep a question and begin to answer it.

        Raises:
            NotFoundError: the conversation was deleted.
            AssistantError: the answers about its system do not fit this release; nothing was asked.
        """
        own = self._own(self.system(self._desk.conversations.get(identity).system))
        place = self._desk.conversations.ask(identity, question)
        self._begin(self._desk.conversations.turns(identity)[place - 1], own)

    def again(self, identity: str, *, more: bool = False) -> None:
        """Answer the last question anew: one that was interrupted, or with ``more`` at length. An answer there stands meanwhile.

        Raises:
            NotFoundError, AssistantError: as for ``ask``.
        """
        record = self.record(identity)
        if record.last is not None and record.last.state != "at_work":
            self._begin(self._desk.conversations.turns(identity)[-1], self._own(record.system), more=more)

    def stop(self, identity: str) -> None:
        """Stop the model: the composed answer stands.

        Raises:
            NotFoundError: there is no such conversation.
        """
        self._desk.conversations.get(identity)
        with self._changed:
            for (conversation, _), work in self._works.items():
                if conversation == identity:
                    work.stopped.set()

    def finish(self, seconds: float) -> bool:
        """Wait until every answer being made is stored, but not longer than some seconds; return whether all are."""
        with self._changed:
            return self._changed.wait_for(lambda: all(work.fault for work in self._works.values()), seconds)

    def follow(self, identity: str) -> Iterator[Record]:
        """Yield the conversation whenever something was said in it, until no answer is being made."""
        while True:
            record = self.record(identity)
            yield record
            if not record.at_work:
                return
            self._wait(identity, [len(one.claims) for one in record.said if one.state == "at_work"])

    def _wait(self, identity: str, progress: list[int]) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._progress(identity) != progress, _LOOK_AGAIN)

    def _progress(self, identity: str) -> list[int]:
        works = [
            work for (one, _), work in sorted(self._works.items(), key=itemgetter(0)) if one == identity and work.fault is None
        ]
        return [len(work.claims) for work in works]

    def _said(self, turn: StoredTurn, feedback: Feedback | None) -> Said:
        answer = _readable(turn)
        work = self._works.get((turn.conversation, turn.place))
        state: State = "answered" if answer else "interrupted"
        if work is not None:
            state = "failed" if work.fault else "at_work"
        claims, fault = (tuple(work.claims), work.fault) if work else ((), None)
        return Said(turn.place, turn.question, state, answer, claims, feedback, fault)

    def _begin(self, turn: StoredTurn, own: _Own | None, *, more: bool = False) -> None:
        work = _Work()
        with self._changed:
            self._works[turn.conversation, turn.place] = work
        # The thread acts for whoever asked.
        threading.Thread(target=copy_context().run, args=(self._work, turn, own, more, work), daemon=True).start()

    def _work(self, asked: StoredTurn, own: _Own | None, more: bool, work: _Work) -> None:
        def claimed(sentence: Sentence) -> None:
            with self._changed:
                work.claims.append(sentence.text)
                self._changed.notify_all()

        turn = Turn(model=may_send(self._desk.assistant.settings), on_claim=claimed, cancelled=work.stopped.is_set)
        key = asked.conversation, asked.place
        try:
            told = self._answer(asked, own, turn, more=more)
            self._keep(asked, told)
            self._desk.metrics.answered(told)
            if self._desk.assistant.settings.log_content:
                log.info("question %r answer %r", asked.question, told.answer)
            with self._changed:
                del self._works[key]
        except Exception as error:
            log.exception("A question could not be answered")
            work.fault = error
        finally:
            with self._changed:
                self._changed.notify_all()

    @retry(retry=retry_if_exception(_passes), wait=wait_fixed(1), stop=stop_after_delay(_KEEP_TRYING), reraise=True)
    def _keep(self, asked: StoredTurn, told: Told) -> None:
        """Store an answer; while the database is away it is tried again, so that nobody has to ask twice."""
        self._desk.conversations.answered(asked.conversation, asked.place, told.model_dump(mode="json"), told.answer)
        self._desk.feedback.withdraw(asked.conversation, asked.place)  # it was about the answer that stood there before

    def _answer(self, asked: StoredTurn, own: _Own | None, turn: Turn, *, more: bool) -> Told:
        earlier = [one for one in self._desk.conversations.turns(asked.conversation) if one.place < asked.place]
        if reply := self._interviewed(asked, earlier):
            return Told(**dict(reply), question=asked.question)
        history = [one.question for one in earlier if ASKED not in ((one.answer or {}).get("trace") or {})]
        answers = own.answers if own else None
        day = answers.day if answers else None
        answer = self._desk.assistant.ask(asked.question, None, day, history, answers, turn, more=more)
        return Told(**dict(answer), question=asked.question, system=own.facts if own else None)

    def _interviewed(self, asked: StoredTurn, earlier: list[StoredTurn]) -> Answer | None:
        """Return the reply to an answer of the questionnaire, or to the wish for its next question."""
        system = self.system(self._desk.conversations.get(asked.conversation).system)
        if self._interview is None or system is None:
            return None
        return self._interview.reply(system, _readable(earlier[-1]) if earlier else None, asked.question)

    def _own(self, system: StoredSystem | None) -> _Own | None:
        """Return what is known of the user's system: nothing before a question about it was answered."""
        if system is None:
            return None
        answers = parse_answers(system.answers, self._desk.knowledge)
        texts = {question.fact for question in about(self._desk.knowledge)}
        return _Own(answers, system.answers["facts"]) if answers.facts.keys() - texts else None
