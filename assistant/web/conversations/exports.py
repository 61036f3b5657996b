"""A conversation as a file: Markdown and PDF to read, JSON with traces to reproduce."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.law.report.blocks import literal
from assistant.law.report.pdf_document import typeset
from assistant.web import citing
from assistant.web.files import attachment
from assistant.web.pages import Pages
from assistant.web.talk import Record, Said, Talk


def add(router: APIRouter, pages: Pages, talk: Talk) -> None:
    """Add ``/conversations/ID.md``, ``.pdf`` and ``.json``."""

    @router.get("/conversations/{identity}.{form}")
    def export(identity: str, form: Literal["md", "pdf", "json"]) -> Response:
        record = talk.record(identity)
        if form == "json":
            content = json.dumps(as_data(record), ensure_ascii=False, indent=2).encode()
        else:
            text = markdown(record, pages)
            content = typeset(text, pages.language) if form == "pdf" else text.encode()
        return attachment(content, f"conversation-{identity}.{form}")


def as_data(record: Record) -> dict[str, Any]:
    """Return a conversation with everything that made its answers, oldest first."""
    one = record.conversation
    about = {
        "id": one.id,
        "title": one.title,
        "language": one.language,
        "system": one.system,
        "begun": one.created_at.isoformat(),
    }
    return about | {"conversation": [_turn(said) for said in record.said]}


def _turn(said: Said) -> dict[str, Any]:
    answer = said.answer.model_dump(mode="json") if said.answer else {"question": said.question, "answer": None}
    given = said.feedback
    told = {"verdict": given.verdict, "reason": given.reason, "comment": given.comment} if given else None
    return answer | {"place": said.place, "feedback": told}


def markdown(record: Record, pages: Pages) -> str:
    """Return a conversation as Markdown, of the kind that is also typeset: nothing that was typed becomes markup."""
    return "\n\n".join(_lines(record, pages)) + "\n"


def _lines(record: Record, pages: Pages) -> Iterator[str]:
    t = pages.t
    yield f"# {literal(record.conversation.title or t('conversation_unnamed'))}"
    yield t("conversation_export_lead", date=pages.day(pages.desk.today())) + " " + t("disclaimer")
    if record.system is not None:
        yield t("conversation_about", name=literal(record.system.name or t("system_unnamed")))
    for number, said in enumerate(record.said, start=1):
        yield f"## {number}. {literal(said.question)}"
        answer = said.answer
        if answer is None:
            yield t("conversation_unanswered")
            continue
        if answer.understood_as:
            yield literal(answer.understood_as)
        for paragraph in answer.answer.split("\n\n"):
            mark, text = ("- ", paragraph[2:]) if paragraph.startswith("- ") else ("", paragraph)
            yield mark + literal(citing.plain(text))
        if answer.citations:
            yield f"### {t('sources_title')}"
        for one in answer.citations:
            link = f": <{one.url}>" if one.url.startswith("https://") else ""
            yield f"- {literal(f'[{one.n}] {citing.source(one, t, link=False)}')}{link}"
        yield from (f"⚠ {literal(warning)}" for warning in answer.warnings)
        yield literal(citing.closing(answer, t))
