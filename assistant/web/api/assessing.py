"""Assessments of answers that are not kept, for programs: the form of the answers, the next question, what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.law.answers import Answers, parse_answers, schema
from assistant.law.assessment import Assessor
from assistant.law.next_step import NextStep, next_step
from assistant.law.report.formats import render
from assistant.law.results import Assessment
from assistant.web.api.access import needs
from assistant.web.api.bodies import REPORT, Facts, ReportForm
from assistant.web.desk import Desk
from assistant.web.files import attachment
from assistant.web.team.permissions import ASK, READ


def router(desk: Desk) -> APIRouter:
    """Return what assesses without keeping anything."""
    router = APIRouter()
    reading, asking = needs(desk, READ), needs(desk, ASK)

    @router.get("/questionnaire", dependencies=[reading])
    def questionnaire() -> dict[str, Any]:
        """Return the JSON Schema of an answers file."""
        return schema(desk.knowledge)

    @router.post("/next", dependencies=[asking])
    def following(facts: Facts) -> NextStep:
        """Return the next question that can still change something."""
        return next_step(desk.knowledge, parse_answers(facts.answers, desk.knowledge), facts.language)

    @router.post("/assess", dependencies=[asking])
    def assess(facts: Facts) -> Assessment:
        """Return what follows from answers."""
        given = parse_answers(facts.answers, desk.knowledge)
        return Assessor(desk.knowledge, facts.language).assess(given, _day(desk, facts.as_of, given))

    @router.post("/report.{form}", response_class=Response, responses=REPORT, dependencies=[asking])
    def report(form: ReportForm, facts: Facts) -> Response:
        """Return the assessment of answers as a document."""
        given = parse_answers(facts.answers, desk.knowledge)
        assessed = Assessor(desk.knowledge, facts.language).assess(given, _day(desk, facts.as_of, given))
        return attachment(
            render(form, desk.knowledge, assessed, given), f"assessment-{assessed.day}-{facts.language.value}.{form}"
        )

    return router


def _day(desk: Desk, as_of: date | None, given: Answers) -> date:
    return as_of or given.day or desk.today()
