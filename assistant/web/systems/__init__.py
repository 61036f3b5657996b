"""My systems: the register, work on duties, what changed, review and history."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.pages import Pages
from assistant.web.systems import changes, comments, dashboard, duties, history, lifecycle, register, review
from assistant.web.systems.office import Office


def router(pages: Pages) -> APIRouter:
    """Return the pages of the register in one language."""
    router, office = APIRouter(), Office(pages)
    for part in (dashboard, register, lifecycle, duties, comments, changes, review, history):
        part.add(router, office)
    return router
