"""Conversations to read again: list and search, one on a page with its sources, exports, feedback, a report of a bad answer."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.conversations import catalogue, exports, one, report
from assistant.web.pages import Pages
from assistant.web.talk import Talk


def router(pages: Pages, talk: Talk) -> APIRouter:
    """Return the pages of conversations in one language."""
    router = APIRouter()
    for part in (catalogue, exports, report, one):
        part.add(router, pages, talk)
    return router
