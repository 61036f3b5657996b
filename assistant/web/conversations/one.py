"""One conversation on a page: its answers with sources, the way to each, a copy; its name; feedback on each answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup, escape

from assistant.answer.why import saying
from assistant.answer.wording import made_by
from assistant.types import Citation, Force
from assistant.web import citing, trace
from assistant.web.forms import Form, field
from assistant.web.pages import Crumb, Pages
from assistant.web.sources import library_address
from assistant.web.talk import REASONS, Said, Talk, Told


@dataclass(frozen=True)
class Source:
    """One source of an answer as the page shows it; ``library`` is empty for a document of the user's."""

    citation: Citation
    line: str
    library: str


@dataclass(frozen=True)
class Reading:
    """One answer as the page shows it."""

    paragraphs: list[tuple[bool, Markup]]  # and whether each is an item of a list
    sources: list[Source]
    why: Markup
    copied: str
    made: str


def add(router: APIRouter, pages: Pages, talk: Talk) -> None:
    """Add ``/conversations/ID`` and what is changed there."""
    desk, t = pages.desk, pages.t

    @router.get("/conversations/{identity}")
    def read(request: Request, identity: str) -> Response:
        record = talk.record(identity)
        crumbs = [Crumb(t("conversations_title"), "/conversations")]
        said = [(one, _reading(one, pages) if one.answer else None) for one in record.said]
        reasons = [("", "–"), *((reason, t(f"reason_{reason}")) for reason in REASONS)]
        why = saying("title", pages.language)
        values: dict[str, Any] = {"record": record, "said": said, "reasons": reasons, "why_title": why}
        return pages.render("conversations/one.html", request, nav="ask", crumbs=crumbs, **values)

    @router.post("/conversations/{identity}/rename")
    def rename(identity: str, form: Form) -> Response:
        if name := field(form, "title"):
            desk.conversations.rename(identity, name)
        return pages.redirect(f"/conversations/{identity}", "renamed" if name else "")

    @router.post("/conversations/{identity}/feedback/{place}")
    def judge(identity: str, place: int, form: Form) -> Response:
        verdict, reason, comment = (field(form, f"{name}-{place}") for name in ("verdict", "reason", "comment"))
        if field(form, "withdraw"):
            desk.feedback.withdraw(identity, place)
            return pages.redirect(f"/conversations/{identity}#answer-{place}", "withdrawn")
        desk.feedback.give(identity, place, verdict, reason if verdict == "down" and reason in REASONS else "", comment)
        return pages.redirect(f"/conversations/{identity}#answer-{place}", "feedback")


def _reading(said: Said, pages: Pages) -> Reading:
    answer = said.answer
    assert answer is not None  # noqa: S101 - asked for answered questions only
    sources = [Source(one, citing.source(one, pages.t, link=False), _library(one, answer, pages)) for one in answer.citations]
    why = Markup(trace.explained(answer, pages.desk.knowledge, pages.t))  # noqa: S704 - it escapes what it is given
    return Reading(
        list(_paragraphs(answer, said.place)), sources, why, citing.copied(said.question, answer, pages.t), made_by(answer)
    )


def _library(citation: Citation, answer: Told, pages: Pages) -> str:
    return "" if citation.force is Force.OWN else library_address(citation, answer, pages.t)


def _paragraphs(answer: Told, place: int) -> Iterator[tuple[bool, Markup]]:
    """Yield the paragraphs of an answer, escaped, each citation number leading to its source."""
    for paragraph in answer.answer.split("\n\n"):
        text = citing.plain(paragraph.removeprefix("- "))
        parts = citing.MARKER.split(text)
        linked = [
            Markup('<a class="cite" href="#source-{0}-{1}">[{1}]</a>').format(place, part) if number else escape(part)
            for part, number in zip(parts, [False, True] * len(parts), strict=False)
        ]
        yield paragraph.startswith("- "), Markup("").join(linked)
