"""A conversation as the messages of the chat: nothing that was typed or planted becomes markup."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from assistant.answer.why import confidence_told
from assistant.answer.wording import made_by
from assistant.types import Answer
from assistant.web import faults
from assistant.web.i18n import Texts
from assistant.web.sources import linked
from assistant.web.talk import Record, Said

Message = dict[str, Any]


def messages(record: Record, t: Texts, *, with_model: bool = False) -> list[Message]:
    """Return a conversation as messages: a question, then its answer or how far that is."""
    shown: list[Message] = []
    for turn, said in enumerate(record.said, start=1):
        shown.append({"role": "user", "content": shown_as_typed(said.question)})
        shown.append({"role": "assistant", "content": _reply(said, turn, t, with_model=with_model)})
    return shown


def growing(record: Record, t: Texts) -> Iterator[list[Message]]:
    """Yield the messages of a conversation while its last answer grows by paragraphs."""
    *earlier, last = messages(record, t)
    content = ""
    if record.last is not None and record.last.answer is not None:
        for paragraph in _paragraphs(record.last.answer, len(record.said)):
            content += paragraph
            yield [*earlier, {**last, "content": content}]


def shown_as_typed(question: str) -> str:
    """Return a question so that it is shown as typed: no image, link or element comes of it."""
    return question.replace("<", "&lt;").replace("[", "\\[")


def _reply(said: Said, turn: int, t: Texts, *, with_model: bool) -> str:
    if said.state == "at_work":
        return "\n\n".join([t("model_at_work") if with_model else t("at_work"), *said.claims])
    if said.state == "answered" and said.answer is not None:
        return "".join(_paragraphs(said.answer, turn))
    if said.fault is not None and faults.status(said.fault) != HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"⚠ {faults.told(said.fault, t)}"
    return f"⚠ {t('failed' if said.fault else 'interrupted')}"


def _paragraphs(answer: Answer, turn: int) -> Iterator[str]:
    if answer.understood_as:
        yield f"*{shown_as_typed(answer.understood_as)}*\n\n"
    choices = {f"- {option}" for option in answer.options}  # they are buttons below
    for paragraph in linked(answer.answer, turn).split("\n\n"):
        if paragraph not in choices:
            yield paragraph + "\n\n"
    for warning in answer.warnings:
        yield f"⚠ {warning}\n\n"
    yield f"*{' '.join(filter(None, [confidence_told(answer), made_by(answer)]))}*"
