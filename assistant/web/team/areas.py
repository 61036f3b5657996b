"""The pages of accounts, put together."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.pages import Pages
from assistant.web.team import account, join, log, members, oidc, people, sign_in


def router(pages: Pages) -> APIRouter:
    """Return the pages of accounts in one language; none where there are no accounts."""
    router = APIRouter()
    if pages.desk.team is not None:
        for part in (sign_in, oidc, join, account, people, log, members):
            part.add(router, pages, pages.desk.team)
    return router
