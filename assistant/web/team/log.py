"""The audit log of the organisation, for admins: on a page and as a file."""

from __future__ import annotations

import csv
import io

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.audit import Kept
from assistant.web.files import attachment
from assistant.web.pages import Pages
from assistant.web.team.staff import Team

_PAGE, _MOST = 100, 100_000
_COLUMNS = ("id", "at", "person", "action", "object", "content", "chain")


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the page and the file."""

    @router.get("/team/log")
    def show(request: Request) -> Response:
        before = request.query_params.get("before", "")
        entries = team.log.entries(_PAGE + 1, int(before) if before.isdecimal() and len(before) < 19 else None)
        return pages.render(
            "team/log.html",
            request,
            nav="account",
            entries=entries[:_PAGE],
            more=entries[_PAGE - 1].id if len(entries) > _PAGE else None,
            names={person.id: person.name for person in team.people.all()},
            broken=team.log.first_broken(),
        )

    @router.get("/team/log.csv")
    def file() -> Response:
        return attachment(_csv(team.log.entries(_MOST)), "audit-log.csv")


def _csv(entries: list[Kept]) -> bytes:
    stream = io.StringIO()
    lines = csv.writer(stream)
    lines.writerow(_COLUMNS)
    lines.writerows([getattr(entry, column) for column in _COLUMNS] for entry in entries)
    return stream.getvalue().encode()
