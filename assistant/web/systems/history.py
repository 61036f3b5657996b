"""History: who changed what, when, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.answers import UNKNOWN, parse_answers
from assistant.law.words import said
from assistant.store.rows import Event
from assistant.types import AssistantError
from assistant.web.systems.office import Office
from assistant.web.systems.register import page_number

_PAGE = 50


def add(router: APIRouter, office: Office) -> None:
    """Add the page of the history."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/{identity}/history")
    def history(request: Request, identity: str) -> Response:
        system = desk.systems.get(identity)
        page = page_number(request)
        found = desk.systems.history(identity, _PAGE + 1, (page - 1) * _PAGE)
        return pages.render(
            "systems/history.html",
            request,
            nav="systems",
            section="history",
            system=system,
            events=[(event, list(told(office, event))) for event in found[:_PAGE]],
            page=page,
            more=len(found) > _PAGE,
        )


def told(office: Office, event: Event) -> Iterator[str]:
    """Yield what an event changed, one line each."""
    t, detail = office.t, event.detail
    if event.kind == "answered":
        yield from _answers(office, detail)
    if "state" in detail and isinstance(detail["state"], list) and event.kind != "duty":
        yield f"{t('state_' + detail['state'][0])} → {t('state_' + detail['state'][1])}"
    if detail.get("note"):
        yield str(detail["note"])
    if event.kind == "duty":
        yield from _duty(office, detail)
    elif "duty" in detail:
        yield f"{title(office, detail['duty'])}: {detail.get('added') or detail.get('removed')}"
    if event.kind == "renamed":
        yield from (f"{t('history_' + name)}: {before or '–'} → {after or '–'}" for name, (before, after) in detail.items())


def _answers(office: Office, detail: dict[str, Any]) -> Iterator[str]:
    for fact, (before, after) in detail.get("facts", {}).items():
        yield f"{office.named(fact)}: {in_words(office, fact, before)} → {in_words(office, fact, after)}"
    for fact, (before, after) in detail.get("notes", {}).items():
        yield f"{office.t('history_note')} – {office.named(fact)}: {before or '–'} → {after or '–'}"


def _duty(office: Office, detail: dict[str, Any]) -> Iterator[str]:
    yield title(office, detail["duty"])
    for name, change in detail.items():
        if name != "duty":
            before, after = (office.t(f"duty_{one}") if name == "state" and one else one or "–" for one in change)
            yield f"{office.t('duty_field_' + name)}: {before} → {after}"


def title(office: Office, duty: str) -> str:
    """Return a duty by its title; one that the knowledge base no longer holds by its id."""
    known = office.desk.knowledge.obligations.get(duty)
    return known.title.in_language(office.pages.language) if known else duty


def in_words(office: Office, fact: str, value: Any) -> str:
    """Return a kept answer in words; one that this questionnaire no longer knows as it stands."""
    question = office.desk.knowledge.questions.get(fact)
    if value is None:
        return "–"
    if question is None:
        return str(value)
    try:
        given = {"questionnaire": office.desk.knowledge.questionnaire, "facts": {fact: value}}
        known = None if value == UNKNOWN else parse_answers(given, office.desk.knowledge).facts.get(fact)
        return said(known, question.options, office.pages.language)
    except AssistantError:
        return str(value)
