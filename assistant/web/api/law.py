"""Questions, searches, provisions, and assessments of answers that are not kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from assistant.answer.consent import may_send
from assistant.answer.lookup import provision
from assistant.answer.turn import Turn
from assistant.law.answers import Answers, parse_answers, schema
from assistant.law.assessment import Assessor
from assistant.law.derivations import Question
from assistant.law.questionnaire import progress, remaining
from assistant.law.report.formats import render
from assistant.law.results import Assessment
from assistant.types import Answer, AssistantError, Citation, Language, SearchHit
from assistant.web.api.access import needs
from assistant.web.api.bodies import Asked, Day, Facts, NextTold, ReportForm
from assistant.web.desk import Desk
from assistant.web.files import attachment
from assistant.web.team.permissions import ASK, READ


def router(desk: Desk) -> APIRouter:
    """Return what needs nothing of the register."""
    router = APIRouter()
    reading, asking = needs(desk, READ), needs(desk, ASK)

    @router.post("/ask", dependencies=[asking])
    def ask(asked: Asked) -> Answer:
        """Answer a question with cited sources; a refusal is an answer too."""
        own, turn = _own(desk, asked), Turn(model=may_send(desk.assistant.settings))
        day = asked.as_of or (own.day if own else None)
        return desk.assistant.ask(asked.question, asked.language, day, asked.history, own, turn, more=asked.more)

    @router.get("/search", dependencies=[reading])
    def search(
        query: Annotated[str, Query(min_length=1, max_length=4000)],
        k: Annotated[int, Query(ge=1, le=100)] = 10,
        language: Language | None = None,
        as_of: Day | None = None,
    ) -> list[SearchHit]:
        """Return the provisions that fit best."""
        return desk.assistant.search(query, k, language, as_of)

    @router.get("/provisions/{identity}", dependencies=[reading])
    def read(identity: str, language: Language = Language.EN, as_of: Day | None = None, version: str | None = None) -> Citation:
        """Return one provision: our summary, and the official wording where its text is installed."""
        day = as_of or desk.today()
        return provision(desk.knowledge, desk.assistant.library, identity, language, day, version)

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


def _own(desk: Desk, asked: Asked) -> Answers | None:
    if asked.system and asked.answers is not None:
        raise AssistantError("Send either 'system' or 'answers', not both.")
    given = desk.systems.get(asked.system).answers if asked.system else asked.answers
    return parse_answers(given, desk.knowledge) if given is not None else None


def _day(desk: Desk, as_of: date | None, given: Answers) -> date:
    return as_of or given.day or desk.today()
