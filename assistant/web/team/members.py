"""Who assesses and reviews a system."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.members import PARTS
from assistant.web.forms import Form, fields
from assistant.web.pages import Pages
from assistant.web.team.permissions import PART_OF, ROLES
from assistant.web.team.staff import Team


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the page of the people of a system."""

    @router.get("/systems/{identity}/people")
    def show(request: Request, identity: str) -> Response:
        able = {part: permission for permission, part in PART_OF.items()}
        people = [person for person in team.people.all() if person.disabled_at is None]
        choices = {part: [one for one in people if able[part] in ROLES[one.role]] for part in PARTS}
        return pages.render(
            "team/members.html",
            request,
            nav="systems",
            section="people",
            system=pages.desk.systems.get(identity),
            named=team.members.of(identity),
            choices=choices,
        )

    @router.post("/systems/{identity}/people")
    def name(identity: str, form: Form) -> Response:
        for part in PARTS:
            team.members.name(identity, part, set(fields(form, part)))
        return pages.redirect(f"/systems/{identity}/people", "saved")
