"""Check your answers: every answer with its note, what is still asked, and what no longer counts."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.questionnaire import progress
from assistant.store.systems import StoredSystem
from assistant.web.assess.changes import in_words, last_change
from assistant.web.assess.work import Given, Work


@dataclass(frozen=True)
class Row:
    """One answer as it is checked; ``unused`` says that by the other answers it does not concern the system."""

    fact: str
    question: str
    answer: str
    note: str
    unused: bool


def add(router: APIRouter, work: Work) -> None:
    """Add the page of all answers, and their download."""
    pages, desk = work.pages, work.desk

    @router.get("/systems/{identity}/answers")
    def check(request: Request, identity: str) -> Response:
        system = desk.systems.get(identity)
        given = work.current(system.answers)
        answers = work.parsed(system.answers)
        return pages.render(
            "assess/answers.html",
            request,
            nav="systems",
            section="answers",
            system=system,
            rows=rows(work, system, given),
            left=progress(desk.knowledge, answers)[1],
            anew=[work.named(fact) for fact in answers.anew],
            changed=last_change(work, system) if "changed" in request.query_params else None,
        )

    @router.get("/systems/{identity}/answers.json")
    def download(identity: str) -> Response:
        given = work.current(desk.systems.get(identity).answers)
        content = json.dumps(given, ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="answers.json"'}
        return Response(content, media_type="application/json", headers=headers)


def rows(work: Work, system: StoredSystem, given: Given) -> list[Row]:
    """Return the answers in the order in which the questionnaire asks for them."""
    unused = set(work.standings.of(system).assessment.unused)
    notes = given.get("notes", {})
    language = work.pages.language
    return [
        Row(
            question.fact,
            question.text.in_language(language),
            in_words(work, question.fact, given["facts"][question.fact]),
            notes.get(question.fact, ""),
            question.fact in unused,
        )
        for question in work.desk.knowledge.questions.values()
        if question.fact in given["facts"]
    ]
