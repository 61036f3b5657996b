"""Systems of the register, for programs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.next_step import NextStep, next_step
from assistant.law.report.formats import render
from assistant.store.systems import StoredSystem
from assistant.types import Language
from assistant.web.api.access import needs
from assistant.web.api.bodies import REPORT, ChangeTold, NewAnswers, NewSystem, ReportForm, SystemAssessed, SystemTold
from assistant.web.assess.work import Given, Work
from assistant.web.files import attachment
from assistant.web.pages import Pages
from assistant.web.team.permissions import ASSESS, READ


def router(pages: dict[Language, Pages]) -> APIRouter:
    """Return what reads and changes the register."""
    router = APIRouter(prefix="/systems")
    works = {language: Work(one) for language, one in pages.items()}
    _add_reading(router, works)
    _add_changing(router, works[Language.EN])
    return router


def _add_reading(router: APIRouter, works: dict[Language, Work]) -> None:
    work = works[Language.EN]
    desk, reading = work.desk, needs(work.desk, READ)

    @router.get("", dependencies=[reading])
    def every() -> list[SystemTold]:
        """Return every system, the one changed last first."""
        return [_told(system) for system in desk.systems.all()]

    @router.get("/{identity}", dependencies=[reading])
    def read(identity: str) -> SystemTold:
        """Return one system."""
        return _told(desk.systems.get(identity))

    @router.get("/{identity}/next", dependencies=[reading])
    def following(identity: str, language: Language = Language.EN) -> NextStep:
        """Return the next question about a system."""
        given = work.current(desk.systems.get(identity).answers)
        return next_step(desk.knowledge, work.parsed(given), language)

    @router.get("/{identity}/assessment", dependencies=[reading])
    def assessment(identity: str, language: Language = Language.EN) -> SystemAssessed:
        """Return how a system stands: on the day that its answers name, else today."""
        standing = works[language].standings.of(desk.systems.get(identity))
        return SystemAssessed(system=identity, version=standing.system.version, assessment=standing.assessment)

    @router.get("/{identity}/report.{form}", response_class=Response, responses=REPORT, dependencies=[reading])
    def report(identity: str, form: ReportForm, language: Language = Language.EN) -> Response:
        """Return the report of a system."""
        standing = works[language].standings.of(desk.systems.get(identity))
        content = render(form, desk.knowledge, standing.assessment, standing.answers)
        return attachment(content, f"assessment-{standing.assessment.day}-{language.value}.{form}")

    @router.get("/{identity}/history", dependencies=[reading])
    def history(identity: str) -> list[ChangeTold]:
        """Return the last 200 changes of a system, the newest first."""
        desk.systems.get(identity)
        return [ChangeTold.model_validate(one, from_attributes=True) for one in desk.systems.history(identity)]


def _add_changing(router: APIRouter, work: Work) -> None:
    desk, assessing = work.desk, needs(work.desk, ASSESS)

    @router.post("", status_code=201, dependencies=[assessing])
    def create(request: Request, new: NewSystem) -> SystemTold:
        """Keep a new system."""
        given = _given(work, new.answers) if new.answers is not None else work.empty()
        given = work.described(given, new.name, str(given["facts"].get(work.texts[1], "")) if len(work.texts) > 1 else "")
        work.refuse_contradictions(given)
        actor, complete = _actor(work, request), work.complete(given)
        return _told(desk.systems.create(given, name=new.name, owner=new.owner, actor=actor, complete=complete))

    @router.put("/{identity}/answers", dependencies=[assessing])
    def answer(request: Request, identity: str, new: NewAnswers) -> SystemTold:
        """Keep other answers; 409 where somebody changed the system since ``version``."""
        given = _given(work, new.answers)
        work.refuse_contradictions(given)
        return _told(work.save(desk.systems.get(identity), given, new.version, _actor(work, request)))

    @router.delete("/{identity}", status_code=204, dependencies=[assessing])
    def delete(request: Request, identity: str) -> Response:
        """Put a system aside; it can be restored in the browser until it is removed for good."""
        desk.systems.delete(identity, actor=_actor(work, request))
        return Response(status_code=204)


def _given(work: Work, sent: dict[str, Any]) -> Given:
    """Return answers that were sent as they are kept: a file may hold an empty day or note, what is kept holds none.

    Raises:
        AssistantError: they do not fit the questionnaire.
    """
    work.parsed(sent)
    return {part: value for part, value in work.current(sent).items() if value is not None}


def _told(system: StoredSystem) -> SystemTold:
    return SystemTold.model_validate(system, from_attributes=True)


def _actor(work: Work, request: Request) -> str:
    """Return the name under which a program's change is told: its person's, or that of the interface without accounts."""
    return work.pages.person(request) or "API"
