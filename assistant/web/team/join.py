"""What a link that was handed over leads to: making an account, or choosing a new password."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store import passwords
from assistant.store.links import Link
from assistant.store.rows import NotFoundError
from assistant.store.transactions import StoreError
from assistant.web import faults
from assistant.web.forms import Form, field
from assistant.web.pages import Pages
from assistant.web.team.sign_in import opened
from assistant.web.team.staff import Team


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the pages of both kinds of link."""

    @router.get("/join/{secret}")
    def invited(request: Request, secret: str) -> Response:
        return _page(pages, request, link) if (link := _look(team, secret, "invitation")) else _gone(pages, request)

    @router.post("/join/{secret}")
    def join(request: Request, secret: str, form: Form) -> Response:
        link, name = _look(team, secret, "invitation"), field(form, "name")
        if link is None:
            return _gone(pages, request)
        if wrong := _wrong(pages, form, name):
            return _page(pages, request, link, name, wrong)
        try:
            person = team.accounts.add(link.organisation, link.email, name, link.role, str(form.get("password", "")), secret)
        except NotFoundError:
            return _gone(pages, request)
        except StoreError as error:
            return _page(pages, request, link, name, {"password": faults.told(error, pages.t)})
        return opened(pages, team, request, team.sessions.open(person))

    @router.get("/reset/{secret}")
    def allowed(request: Request, secret: str) -> Response:
        return _page(pages, request, link) if (link := _look(team, secret, "reset")) else _gone(pages, request)

    @router.post("/reset/{secret}")
    def reset(request: Request, secret: str, form: Form) -> Response:
        link = _look(team, secret, "reset")
        person = team.accounts.by_email(link.email) if link else None
        if link is None or person is None or person.organisation != link.organisation:
            return _gone(pages, request)
        if wrong := _wrong(pages, form, person.name):
            return _page(pages, request, link, faults=wrong)
        try:
            team.accounts.set_password(person, str(form.get("password", "")), secret)
        except NotFoundError:
            return _gone(pages, request)
        except StoreError as error:
            return _page(pages, request, link, faults={"password": faults.told(error, pages.t)})
        return opened(pages, team, request, team.sessions.open(person))


def _look(team: Team, secret: str, kind: str) -> Link | None:
    try:
        link = team.links.look(secret)
    except NotFoundError:
        return None
    return link if link.kind == kind else None


def _gone(pages: Pages, request: Request) -> Response:
    return pages.fault(request, pages.t("link_gone"), 404)


def _wrong(pages: Pages, form: Form, name: str) -> dict[str, str]:
    """Return what does not fit, by field."""
    found = {} if name else {"name": pages.t("team_no_name")}
    if form.get("password") != form.get("again"):
        found["again"] = pages.t("team_not_the_same")
    return found


def _page(pages: Pages, request: Request, link: Link, name: str = "", faults: dict[str, str] | None = None) -> Response:
    return pages.render(
        "team/join.html",
        request,
        status=400 if faults else 200,
        nav="sign-in",
        link=link,
        name=name,
        faults=faults or {},
        shortest=passwords.SHORTEST,
    )
