"""Assessments of answers that are not kept, for programs: the form of the answers, the next question, what follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.law.answers import Answers, parse_answers, schema
from assistant.law.assessment import Assessor
from assistant.law.derivations import Question
from assistant.law.questionnaire import progress, remaining
from assistant.law.report.formats import render
from assistant.law.results import Assessment
from assistant.types import Language
from assistant.web.api.access import needs
from assistant.web.api.bodies import Facts, NextTold, ReportForm
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
    def following(facts: Facts) -> NextTold:
        """Return the next question that can still change something."""
        return next_told(desk, parse_answers(facts.answers, desk.knowledge), facts.language)

    @router.post("/assess", dependencies=[asking])
    def assess(facts: Facts) -> Assessment:
        """Return what follows from answers."""
        given = parse_answers(facts.answers, desk.knowledge)
        return Assessor(desk.knowledge, facts.language).assess(given, _day(desk, facts.as_of, given))

    @router.post("/report.{form}", dependencies=[asking])
    def report(form: ReportForm, facts: Facts) -> Response:
        """Return the assessment of answers as a document."""
        given = parse_answers(facts.answers, desk.knowledge)
        assessed = Assessor(desk.knowledge, facts.language).assess(given, _day(desk, facts.as_of, given))
        return attachment(
            render(form, desk.knowledge, assessed, given), f"assessment-{assessed.day}-{facts.language.value}.{form}"
        )

    return router


def next_told(desk: Desk, given: Answers, language: Language) -> NextTold:
    """Return the next question in one language, and how many are answered and left."""
    answered, left = progress(desk.knowledge, given)
    question: Question | None = next(iter(remaining(desk.knowledge, given)), None)
    if question is None:
        return NextTold(answered=answered, left=left)
    return NextTold(
        fact=question.fact,
        question=question.text.in_language(language),
        help=question.help.in_language(language),
        why=question.why.in_language(language),
        kind=desk.knowledge.facts[question.fact].kind,
        options={str(option.value): option.text.in_language(language) for option in question.options},
        provisions=list(question.provisions),
        answered=answered,
        left=left,
    )


def _day(desk: Desk, as_of: date | None, given: Answers) -> date:
    return as_of or given.day or desk.today()
