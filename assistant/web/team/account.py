"""One's own account: name, password, sessions, and tokens for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store import passwords
from assistant.store.tokens import LONGEST_DAYS, SCOPES
from assistant.store.transactions import StoreError
from assistant.web import faults
from assistant.web.forms import Form, field, whole
from assistant.web.pages import Pages
from assistant.web.team.sign_in import opened
from assistant.web.team.staff import Team

_DAYS = 90


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the page of one's account."""

    @router.get("/account")
    def show(request: Request) -> Response:
        return _page(pages, team, request)

    @router.post("/account")
    def rename(request: Request, form: Form) -> Response:
        if not field(form, "name"):
            return _page(pages, team, request, {"name": pages.t("team_no_name")})
        team.people.rename(request.state.person.id, field(form, "name"))
        return pages.redirect("/account", "saved")

    @router.post("/account/password")
    def password(request: Request, form: Form) -> Response:
        person, source = request.state.person, request.client.host if request.client else ""
        if form.get("password") != form.get("again"):
            return _page(pages, team, request, {"again": pages.t("team_not_the_same")})
        try:
            team.accounts.sign_in(person.email, str(form.get("present", "")), source)
        except StoreError as error:
            told = faults.told(error, pages.t) if error.reason == "throttled" else pages.t("team_present_wrong")
            return _page(pages, team, request, {"present": told})
        try:
            team.accounts.set_password(person, str(form.get("password", "")))
        except StoreError as error:
            return _page(pages, team, request, {"password": faults.told(error, pages.t)})
        return opened(pages, team, request, team.sessions.open(person), f"{pages.base}/account?told=password_changed")

    @router.post("/account/tokens")
    def token(request: Request, form: Form) -> Response:
        if not field(form, "token"):
            return _page(pages, team, request, {"token": pages.t("token_no_name")})
        try:
            secret = team.tokens.make(field(form, "token"), field(form, "scope"), whole(form, "days"))
        except StoreError as error:
            return _page(pages, team, request, {"token": faults.told(error, pages.t)})
        return _page(pages, team, request, secret=secret)

    @router.post("/account/tokens/{identity}/remove")
    def remove(identity: str) -> Response:
        team.tokens.remove(identity)
        return pages.redirect("/account#tokens", "token_removed")


def _page(pages: Pages, team: Team, request: Request, faults: dict[str, str] | None = None, secret: str = "") -> Response:
    return pages.render(
        "team/account.html",
        request,
        status=400 if faults else 200,
        nav="account",
        me=request.state.person,
        organisation=team.people.organisation(),
        tokens=team.tokens.all(),
        scopes=[(scope, pages.t(f"token_{scope}")) for scope in SCOPES],
        days=_DAYS,
        most_days=LONGEST_DAYS,
        shortest=passwords.SHORTEST,
        secret=secret,
        faults=faults or {},
    )
