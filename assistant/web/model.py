"""A model on the chat page: where questions would go and whether that is agreed, claims as they come, a button to stop it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from assistant.answer.consent import agree, all_told, may_send
from assistant.answer.pipeline import Assistant
from assistant.answer.turn import Turn
from assistant.law.answers import Answers
from assistant.types import Answer, Language, Sentence
from assistant.web.i18n import Texts


def build_notice(assistant: Assistant, t: Texts, blocks: gr.Blocks) -> None:
    """Show where questions go and, until that is agreed, the two ways to go on; nothing where there is no model."""
    if not assistant.settings.model:
        return
    notice = Notice(assistant, t)
    told = gr.Markdown(elem_id="model-told")
    with gr.Row(visible=False) as choice:
        agreed = gr.Button(t("model_agree"), size="sm", variant="primary", elem_id="model-agree")
        declined = gr.Button(t("model_decline"), size="sm", elem_id="model-decline")
    blocks.load(notice.shown, None, [told, choice], api_visibility="private")
    agreed.click(notice.agreed, None, [told, choice], api_visibility="private")
    declined.click(notice.declined, None, [told, choice], api_visibility="private")


class Notice:
    """What the notice says, and what its buttons do."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._settings = assistant.settings
        self._t = t

    def shown(self) -> tuple[str, Any]:
        """Return where questions go, with the buttons while that is not agreed."""
        free = may_send(self._settings)
        told = self._t("model_told" if free else "model_notice", told=all_told(self._settings, self._t.language))
        return told, gr.update(visible=not free)

    def agreed(self) -> tuple[str, Any]:
        """Remember the agreement."""
        agree(self._settings)
        return self.shown()

    def declined(self) -> tuple[str, Any]:
        """Leave the model out."""
        return self._t("model_declined"), gr.update(visible=False)


@dataclass(frozen=True)
class Ask:
    """A question as the page gives it: after the earlier ones of the chat, with the answers about the user's system."""

    question: str
    language: Language | None = None
    history: tuple[str, ...] = ()
    answers: Answers | None = None
    more: bool = False


@dataclass
class _Waiting:
    stopped: threading.Event = field(default_factory=threading.Event)
    dropped: bool = False


class Asking:
    """Asks the assistant in the background, so that claims are seen as they come and the model can be stopped."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._running: dict[str, _Waiting] = {}

    @property
    def with_model(self) -> bool:
        """Tell whether a model takes part in the answers."""
        return bool(self._assistant.settings.model) and may_send(self._assistant.settings)

    def stop(self, session: str, *, drop: bool = False) -> None:
        """Stop the model that a session waits for: the composed answer stands, or with ``drop`` nobody wants any."""
        if waiting := self._running.get(session):
            waiting.dropped = drop
            waiting.stopped.set()

    def ask(self, ask: Ask, session: str) -> Iterator[Sentence | Answer | None]:
        """Yield each checked claim of the model, then the answer, or nothing where it was dropped; failures are raised here."""
        said: queue.Queue[Sentence | Answer | BaseException] = queue.Queue()
        waiting = self._running[session] = _Waiting()
        turn = Turn(model=may_send(self._assistant.settings), on_claim=said.put, cancelled=waiting.stopped.is_set)
        threading.Thread(target=self._work, args=(ask, turn, said), daemon=True).start()
        try:
            while not isinstance(got := said.get(), Answer):
                if isinstance(got, BaseException):
                    raise got
                yield got
            yield None if waiting.dropped else got
        finally:
            waiting.stopped.set()
            if self._running.get(session) is waiting:
                del self._running[session]

    def _work(self, ask: Ask, turn: Turn, said: queue.Queue[Any]) -> None:
        try:
            answer = self._assistant.ask(
                ask.question, ask.language, history=ask.history, answers=ask.answers, turn=turn, more=ask.more
            )
            said.put(answer)
        except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
            said.put(error)
