"""Reporting a bad answer: the user's words and everything that made the answer, as a file. Nothing is sent from here."""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.version import __version__
from assistant.web.files import attachment
from assistant.web.forms import Form, field
from assistant.web.pages import Crumb, Pages
from assistant.web.talk import Record, Said, Talk


def add(router: APIRouter, pages: Pages, talk: Talk) -> None:
    """Add ``/conversations/ID/report/PLACE``."""
    t = pages.t

    def shown(request: Request, record: Record, said: Said, fault: str = "") -> Response:
        one = record.conversation
        crumbs = [
            Crumb(t("conversations_title"), "/conversations"),
            Crumb(one.title or t("conversation_unnamed"), f"/conversations/{one.id}"),
        ]
        faults = {"wrong": fault} if fault else {}
        return pages.render(
            "conversations/report.html", request, status=400 if fault else 200, nav="ask", crumbs=crumbs, said=said, faults=faults
        )

    @router.get("/conversations/{identity}/report/{place}")
    def ask(request: Request, identity: str, place: int) -> Response:
        record = talk.record(identity)
        return shown(request, record, _answered(record, place))

    @router.post("/conversations/{identity}/report/{place}")
    def make(request: Request, identity: str, place: int, form: Form) -> Response:
        record = talk.record(identity)
        said = _answered(record, place)
        if not (wrong := field(form, "wrong")):
            return shown(request, record, said, t("report_fault"))
        assert said.answer is not None  # noqa: S101 - see _answered
        told = {
            "wrong": wrong,
            "earlier_questions": [one.question for one in record.said if one.place < place],
            "versions": {"assistant": __version__, "knowledge": pages.desk.knowledge.version},
            "answer": said.answer.model_dump(mode="json"),
        }
        content = json.dumps(told, ensure_ascii=False, indent=2).encode()
        return attachment(content, f"report-{identity}-{place}.json")


def _answered(record: Record, place: int) -> Said:
    for said in record.said:
        if said.place == place and said.answer is not None:
            return said
    raise HTTPException(404)
