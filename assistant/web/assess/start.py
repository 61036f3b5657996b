"""The start: a new system by name or in one's own words, one that is not finished, or a file of answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from yaml import YAMLError

from assistant.answer.consent import all_told, may_send
from assistant.answer.suggest import Suggestion
from assistant.law.answers import as_data, load_data, parse_answers
from assistant.law.questionnaire import progress
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.assess.changes import in_words
from assistant.web.assess.work import ContradictionError, Given, UnfitError, Work
from assistant.web.forms import Form, field, fields, whole

_LARGEST = 1 << 20  # bytes of an answers file
_LONGEST = {"name": 200, "owner": 200, "description": 2000}
_MOST_UNFINISHED = 8


@dataclass(frozen=True)
class Proposed:
    """A suggested answer as the page shows it; ``value`` is JSON."""

    fact: str
    question: str
    answer: str
    words: str
    value: str


def add(router: APIRouter, work: Work) -> None:
    """Add the start, the suggestions and the upload of answers."""
    pages, desk = work.pages, work.desk

    @router.get("/assess")
    def start(request: Request) -> Response:
        return _start(work, request)

    @router.post("/assess")
    def begin(request: Request, form: Form) -> Response:
        given = {name: field(form, name)[:longest] for name, longest in _LONGEST.items()}
        if not given["name"]:
            return _start(work, request, 400, faults={"name": work.t("assess_name_missing")}, **given)
        answers = work.described(work.empty(), given["name"], given["description"])
        system = desk.systems.create(answers, name=given["name"], owner=given["owner"], actor=pages.person(request))
        found = given["description"] and work.suggester.suggest(given["description"], pages.language)
        return pages.redirect(f"/systems/{system.id}/" + ("suggestions" if found else "next"))

    @router.get("/systems/{identity}/suggestions")
    def suggestions(request: Request, identity: str) -> Response:
        return _suggestions(work, request, desk.systems.get(identity), [])

    @router.post("/systems/{identity}/suggestions")
    def take(request: Request, identity: str, form: Form) -> Response:
        system = desk.systems.get(identity)
        given, faults = _with_picked(work, work.current(system.answers), form)
        system = work.save(system, given, whole(form, "version"), pages.person(request))
        return _suggestions(work, request, system, faults) if faults else pages.redirect(f"/systems/{identity}/next")

    @router.post("/assess/file")
    def from_file(request: Request, form: Form) -> Response:
        try:
            given = _read(work, form.get("file"))
        except AssistantError as error:
            return _start(work, request, 400, file_fault=str(error))
        name, actor, complete = work.name_of(given), pages.person(request), work.complete(given)
        system = desk.systems.create(given, name=name, actor=actor, complete=complete)
        return pages.redirect(f"/systems/{system.id}/answers")


def _start(work: Work, request: Request, status: int = 200, **values: Any) -> Response:
    settings, sent = work.desk.assistant.settings, ""
    if settings.model:
        key = "assess_sent" if may_send(settings) else "assess_sent_once_agreed"
        sent = work.t(key, told=all_told(settings, work.pages.language))
    empty: dict[str, Any] = {"name": "", "owner": "", "description": "", "faults": {}, "file_fault": ""}
    values = {**empty, "sent": sent, "unfinished": _unfinished(work), **values}
    return work.pages.render("assess/start.html", request, status=status, nav="assess", **values)


def _unfinished(work: Work) -> list[tuple[StoredSystem, int]]:
    """Return the systems changed last that still have questions, with how many."""
    found = []
    for system in work.desk.systems.all():
        try:
            left = progress(work.desk.knowledge, work.parsed(system.answers))[1]
        except AssistantError:  # answers that this release cannot read are told on the system's own page
            continue
        if left:
            found.append((system, left))
        if len(found) == _MOST_UNFINISHED:
            break
    return found


def _suggestions(work: Work, request: Request, system: StoredSystem, faults: list[str]) -> Response:
    given = work.current(system.answers)
    description = str(given["facts"].get(work.texts[-1], "")) if work.texts else ""
    found = [one for one in work.suggester.suggest(description, work.pages.language) if one.fact not in given["facts"]]
    if not found and not faults:
        return work.pages.redirect(f"/systems/{system.id}/next")
    shown = [_proposed(work, one) for one in found]
    values = {"system": system, "description": description, "found": shown, "faults": faults}
    return work.pages.render("assess/suggestions.html", request, nav="assess", status=400 if faults else 200, **values)


def _proposed(work: Work, one: Suggestion) -> Proposed:
    question = work.desk.knowledge.questions[one.fact]
    answer = in_words(work, one.fact, one.value)
    return Proposed(
        one.fact, question.text.in_language(work.pages.language), answer, " … ".join(one.words), json.dumps(one.value)
    )


def _with_picked(work: Work, given: Given, form: Form) -> tuple[Given, list[str]]:
    """Return the answers with the suggestions that were ticked; one that does not go through is told and left out."""
    faults = []
    for fact in fields(form, "pick"):
        try:
            given = work.answered(given, work.question(fact), json.loads(field(form, f"value:{fact}")))
        except (UnfitError, ContradictionError) as error:
            faults.append(str(error))
        except ValueError:
            faults.append(work.t("assess_choose"))
    return given, faults


def _read(work: Work, file: object) -> Given:
    """Return the answers of an uploaded file.

    Raises:
        AssistantError: it holds none that fit; in the language of the page, with the details.
    """
    content = file.file.read(_LARGEST + 1) if isinstance(file, UploadFile) else b""
    if not content:
        raise AssistantError(work.t("assess_file_missing"))
    if len(content) > _LARGEST:
        raise AssistantError(work.t("assess_file_large"))
    try:
        data = load_data(content.decode("utf-8"))
    except (UnicodeDecodeError, YAMLError) as error:
        raise AssistantError(work.t("assess_no_answers")) from error
    try:
        given = as_data(parse_answers(data, work.desk.knowledge), work.desk.knowledge)
    except AssistantError as error:
        raise AssistantError(work.t("assess_file_faults", faults=str(error))) from error
    work.refuse_contradictions(given)
    return {key: value for key, value in given.items() if key != "date"}  # in the register a system is assessed for today
