"""Assess: a system is described, asked about one question a page, checked, and told what follows."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.assess import answers, question, start
from assistant.web.assess import reports as reports
from assistant.web.assess import result as result
from assistant.web.assess.work import Work
from assistant.web.pages import Pages


def router(pages: Pages) -> APIRouter:
    """Return the pages of the questionnaire and of its result in one language."""
    router, work = APIRouter(), Work(pages)
    for part in (start, question, answers, result, reports):
        part.add(router, work)
    return router
