"""Questions, searches and provisions, for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.answer.consent import may_send
from assistant.answer.lookup import provision
from assistant.answer.turn import Turn
from assistant.law.answers import Answers, parse_answers
from assistant.types import Answer, AssistantError, Citation, Language, SearchHit
from assistant.web.api.access import needs
from assistant.web.api.bodies import Asked, Day
from assistant.web.desk import Desk
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
        answer = desk.assistant.ask(asked.question, asked.language, day, asked.history, own, turn, more=asked.more)
        desk.metrics.answered(answer)
        return answer

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

    return router


def _own(desk: Desk, asked: Asked) -> Answers | None:
    if asked.system and asked.answers is not None:
        raise AssistantError("Send either 'system' or 'answers', not both.")
    given = desk.systems.get(asked.system).answers if asked.system else asked.answers
    return parse_answers(given, desk.knowledge) if given is not None else None
