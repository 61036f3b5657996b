"""The result: what follows for a system, at a glance and then line by line."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.web.assess.work import Work


def add(router: APIRouter, work: Work) -> None:
    """Add the page of the result."""

    @router.get("/systems/{identity}")
    def show(request: Request, identity: str) -> Response:
        system = work.desk.systems.get(identity)
        standing = work.standings.of(system)
        values = {"nav": "systems", "section": "result", "system": system, "assessment": standing.assessment}
        return work.pages.render("assess/result.html", request, **values)
