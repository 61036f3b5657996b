"""What the chat page does: each handler returns, by name, what changes on it. The conversation itself is kept by ``Talk``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from assistant.answer.refusals import before_search
from assistant.store.feedback import Feedback
from assistant.store.rows import NotFoundError
from assistant.types import AssistantError
from assistant.web import citing, faults, trace
from assistant.web.desk import Desk
from assistant.web.i18n import Texts
from assistant.web.interview import MOST_CHOICES
from assistant.web.messages import growing, messages
from assistant.web.sources import panel
from assistant.web.talk import Record, Talk
from assistant.web.team.permissions import ASSESS

Shown = dict[str, Any]  # what changes on the page, by the name of its part
_TYPED = ("reason", "comment")  # parts in which somebody may be writing


class AskPage:
    """The chat page in one language."""

    def __init__(self, desk: Desk, talk: Talk, t: Texts) -> None:
        self._desk = desk
        self._talk = talk
        self._t = t
        self._base = f"/{t.language.value}"
        self._followed: dict[str, object] = {}  # by browser page, what is being shown there as it comes along

    def opened(self, search: str) -> Shown:
        """Show what the address asks for: a conversation, a system to ask about, a text for the question box."""
        asked = {name: values[0] for name, values in parse_qs(search.removeprefix("?")).items()}
        told, conversation, chosen = "", asked.get("conversation", ""), asked.get("system", "")
        try:
            record = self._talk.record(conversation) if conversation else None
        except NotFoundError:
            record, told = None, self._t("conversation_gone")
        if chosen and self._talk.system(chosen) is None:
            chosen, told = "", self._t("system_gone")
        if record is not None and chosen and record.conversation.system != chosen:
            self._desk.conversations.attach(record.conversation.id, chosen)
            record = self._talk.record(record.conversation.id)
        # Where no conversation is asked for, the page stands as it is: somebody quick may have asked already.
        shown = self.view(record) if record else {"name": self._name(None), **self._about(chosen)}
        return shown | {"told": _told(told)} | ({"question": asked["q"]} if "q" in asked else {})

    def begin(self, words: str, typed: str, conversation: str, system: str) -> Shown:
        """Keep a question and begin to answer it; one that is empty or too long is told and stays in its box."""
        limit = self._desk.assistant.settings.max_question_chars
        if refusal := before_search(words, limit, self._t.language):
            return {"told": _told(refusal.text)}
        try:
            if conversation:
                self._talk.ask(conversation, words.strip())
            else:
                conversation = self._talk.begin(self._t.language.value, system, words.strip())
        except AssistantError as error:
            return {"told": _told(self._fault(error))}
        shown = self.view(self._talk.record(conversation)) | {"told": _told("")}
        return shown | ({"question": ""} if words == typed else {})

    def again(self, conversation: str, *, more: bool = False) -> Shown:
        """Answer the last question anew, or with ``more`` at length; nothing changes where there is none."""
        try:
            if conversation:
                self._talk.again(conversation, more=more)
                return self.view(self._talk.record(conversation))
        except AssistantError as error:
            return {"told": _told(self._fault(error))}
        return {}

    def more(self, conversation: str) -> Shown:
        """Put the long answer in place of the last one."""
        return self.again(conversation, more=True)

    def follow(self, conversation: str, session: str = "") -> Iterator[Shown]:
        """Show how the answers come along until none is being made, or ``session`` turns to something else."""
        mine = self._followed[session] = object()
        try:
            for shown in self._steps(conversation):
                if self._followed.get(session) is not mine:
                    yield {}
                    return
                yield shown
        finally:
            if self._followed.get(session) is mine:
                del self._followed[session]

    def _steps(self, conversation: str) -> Iterator[Shown]:
        """Yield the page at each step; the last answer grows by paragraphs."""
        if not conversation:
            yield {}  # what yields nothing would empty the page
            return
        waited = False
        try:
            for record in self._talk.follow(conversation):
                if waited and not record.at_work:  # the sources first: a number may be pressed while the answer still grows
                    # The stamp last: a page that loses its connection meanwhile must not pass for one that has it all.
                    yield {name: shown for name, shown in self.view(record).items() if name not in ("chat", "stamp")}
                    yield from ({"chat": shown} for shown in growing(record, self._t))
                waited = record.at_work
                yield self.view(record)
        except NotFoundError as error:
            yield {"told": _told(self._fault(error))}

    def refresh(self, conversation: str, stamp: str, session: str = "") -> Iterator[Shown]:
        """Show what happened elsewhere meanwhile: in another tab, or while there was no connection."""
        for shown in self.follow(conversation, session):
            news = shown.get("stamp") != stamp
            yield {name: value for name, value in shown.items() if news and name not in _TYPED}

    def stop(self, conversation: str) -> Shown:
        """Stop the model: the composed answer stands."""
        if conversation:
            self._talk.stop(conversation)
        return {}

    def fresh(self, conversation: str, system: str, session: str = "") -> Iterator[Shown]:
        """Start a new conversation; the one that was open is kept, and its model stopped."""
        self._followed.pop(session, None)  # before the stop: what comes of that is not shown here any more
        if conversation:
            self._talk.stop(conversation)
        yield self.view(None, system)

    def attach(self, chosen: str | None, conversation: str) -> Shown:
        """Let the questions be about a system, or with nothing chosen about none."""
        chosen = chosen or ""
        if not conversation:
            return self._about(chosen)
        try:
            self._desk.conversations.attach(conversation, chosen or None)
            return self.view(self._talk.record(conversation))
        except NotFoundError as error:
            return {"told": _told(self._fault(error))}

    def leave(self, conversation: str) -> Shown:
        """Let the questions be about no system."""
        return self.attach("", conversation)

    def judge(self, verdict: str) -> Callable[[str, str], Shown]:
        """Return what keeps a verdict on the last answer; reason and own words may follow."""
        return lambda conversation, comment: self._judged(conversation, verdict, "", comment)

    def explain(self, conversation: str, reason: str | None, comment: str) -> Shown:
        """Keep reason and own words beside the verdict given."""
        given = self._last_feedback(conversation)
        return self._judged(conversation, given.verdict, reason or "", comment) if given else {}

    def withdraw(self, conversation: str) -> Shown:
        """Take the feedback on the last answer back."""
        given = self._last_feedback(conversation)
        if given is None:
            return {}
        self._desk.feedback.withdraw(conversation, given.place)
        return self._feedback(None) | {"told": _told(self._t("feedback_withdrawn"))}

    def _last_feedback(self, conversation: str) -> Feedback | None:
        last = self._talk.record(conversation).last if conversation else None
        return last.feedback if last else None

    def _judged(self, conversation: str, verdict: str, reason: str, comment: str) -> Shown:
        last = self._talk.record(conversation).last if conversation else None
        if last is None or last.state != "answered":
            return {}
        given = self._desk.feedback.give(conversation, last.place, verdict, reason, comment)
        return self._feedback(given) | {"told": _told(self._t("feedback_kept"))}

    def view(self, record: Record | None, system: str = "") -> Shown:
        """Return the whole page: a conversation, or the empty one about a system."""
        last = record.last if record else None
        answers = [one.answer for one in record.said] if record else []
        done = last.answer if last is not None and last.state == "answered" else None
        options = done.options[:MOST_CHOICES] if done else []
        padded = [*options, *([""] * (MOST_CHOICES - len(options)))]
        choices = {f"choice{n}": _button(one, shown=bool(one)) for n, one in enumerate(padded)}
        talked = bool(record and record.said)
        said = messages(record, self._t, with_model=self._talk.with_model) if record else []
        return {
            "conversation": record.conversation.id if record else "",
            "stamp": _stamp(record),
            "name": self._name(record),
            "chat": gr.update(value=said, visible=talked),
            "beside": gr.update(visible=talked),
            "empty": gr.update(visible=not talked),
            "fresh": _button(self._t("clear"), shown=talked),
            "sources": panel(answers, self._t),
            "why": trace.shown(answers, self._desk.knowledge, self._t),
            "choices_title": gr.update(visible=bool(options)),
            "again": _button(self._t("ask_again"), shown=bool(last and last.state in ("failed", "interrupted"))),
            "tools": gr.update(visible=done is not None),
            "stop": _button(self._t("stop"), shown=bool(record and record.at_work and self._talk.with_model)),
            "copied": citing.copied(last.question, done, self._t) if last and done else "",
            **choices,
            **self._feedback(last.feedback if last else None),
            **self._about((record.conversation.system if record else system) or ""),
        }

    def _about(self, chosen: str) -> Shown:
        """Return the line that says which system is asked about, or the choice of one."""
        system = self._talk.system(chosen)
        systems = [(one.name or self._t("system_unnamed"), one.id) for one in self._desk.systems.all()]
        line = ""
        if system is not None:
            link = f"<a href='{self._base}/systems/{system.id}'>{escape(system.name or self._t('system_unnamed'))}</a>"
            line = f"<p>{self._t('about_system', name=link)}</p>"
        return {
            "system": system.id if system else "",
            "about": gr.update(value=line, visible=bool(line)),
            "leave": _button(self._t("leave_system"), shown=system is not None),
            "interview": _button(self._t("interview_next"), shown=system is not None and self._desk.may(ASSESS, system.id)),
            "choose": gr.update(choices=systems, value=None, visible=bool(systems) and system is None),
        }

    def _feedback(self, given: Feedback | None) -> Shown:
        marks = {verdict: ("✓ " if given and given.verdict == verdict else "") for verdict in ("up", "down")}
        return {
            **{verdict: gr.update(value=mark + self._t(f"feedback_{verdict}")) for verdict, mark in marks.items()},
            "explain": gr.update(visible=given is not None),
            "reason": gr.update(value=(given.reason or None) if given else None, visible=bool(given and given.verdict == "down")),
            "comment": given.comment if given else "",
        }

    def _name(self, record: Record | None) -> str:
        every = f"<a href='{self._base}/conversations'>{self._t('conversations_title')}</a>"
        if record is None:
            return f"<p>{every}</p>"
        one = f"<a href='{self._base}/conversations/{record.conversation.id}'>{self._t('conversation_open')}</a>"
        return f"<h2>{escape(record.conversation.title)}</h2><p>{one} · {every}</p>"

    def _fault(self, error: AssistantError) -> str:
        return self._t("conversation_gone") if isinstance(error, NotFoundError) else faults.told(error, self._t)


def _button(text: str, *, shown: bool) -> Any:
    """Return a change of a button; Gradio forgets its text unless that is given again."""
    return gr.update(value=text, visible=shown)


def _told(text: str) -> str:
    """Return a line under the question box, as HTML that a screen reader speaks."""
    return f"<p role='status'>{escape(text)}</p>"


def _stamp(record: Record | None) -> str:
    """Return what tells whether a conversation changed since it was shown."""
    if record is None:
        return ""
    given = [(one.state, one.feedback.at.isoformat() if one.feedback else "") for one in record.said]
    return f"{record.conversation.updated_at.isoformat()} {given}"
