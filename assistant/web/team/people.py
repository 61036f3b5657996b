"""People of the organisation: roles, invitations, closing an account; for admins."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.people import ROLES
from assistant.store.transactions import StoreError
from assistant.web import faults
from assistant.web.forms import Form, field
from assistant.web.pages import Pages
from assistant.web.team.staff import Team


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the page of the people and what is changed there."""

    @router.get("/team")
    def show(request: Request) -> Response:
        return _page(pages, team, request)

    @router.post("/team/invite")
    def invite(request: Request, form: Form) -> Response:
        email, role = field(form, "email"), field(form, "role")
        if team.accounts.by_email(email) is not None:
            return _page(pages, team, request, {"email": pages.t("store_taken")}, email)
        try:
            secret = team.links.make(request.state.acting, "invitation", email, role)
        except StoreError as error:
            return _page(pages, team, request, {"email": faults.told(error, pages.t)}, email)
        return _page(pages, team, request, link=_address(pages, request, f"/join/{secret}"), whom=email)

    @router.post("/team/invite/withdraw")
    def withdraw(request: Request, form: Form) -> Response:
        team.links.withdraw(request.state.acting, field(form, "email"))
        return pages.redirect("/team", "invitation_withdrawn")

    @router.post("/team/{identity}/role")
    def role(identity: str, form: Form) -> Response:
        team.people.set_role(identity, field(form, "role"))
        return pages.redirect("/team", "saved")

    @router.post("/team/{identity}/close")
    def close(identity: str) -> Response:
        team.people.disable(identity)
        return pages.redirect("/team", "account_closed")

    @router.post("/team/{identity}/open")
    def reopen(identity: str) -> Response:
        team.people.enable(identity)
        return pages.redirect("/team", "account_opened")

    @router.post("/team/{identity}/reset")
    def reset(request: Request, identity: str) -> Response:
        person = team.people.get(identity)
        secret = team.links.make(request.state.acting, "reset", person.email, person.role)
        return _page(pages, team, request, link=_address(pages, request, f"/reset/{secret}"), whom=person.email)


def _address(pages: Pages, request: Request, path: str) -> str:
    """Return the whole address to be handed over."""
    root = pages.desk.assistant.settings.public_url or str(request.base_url)
    return f"{root.rstrip('/')}{pages.base}{path}"


def _page(
    pages: Pages,
    team: Team,
    request: Request,
    faults: dict[str, str] | None = None,
    email: str = "",
    link: str = "",
    whom: str = "",
) -> Response:
    return pages.render(
        "team/people.html",
        request,
        status=400 if faults else 200,
        nav="account",
        me=request.state.person,
        organisation=team.people.organisation(),
        people=team.people.all(),
        invitations=team.links.open(request.state.acting),
        roles=[(role, pages.t(f"role_{role}")) for role in ROLES],
        faults=faults or {},
        email=email,
        link=link,
        whom=whom,
    )
