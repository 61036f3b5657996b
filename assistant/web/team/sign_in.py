"""Signing in and out."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from assistant.store.transactions import StoreError
from assistant.web import faults
from assistant.web.forms import Form, field
from assistant.web.pages import Pages
from assistant.web.team.cookies import forget, remember, secret_in
from assistant.web.team.staff import Team

HERE = re.compile(r"/(en|ja)/[^\\\s]*")  # a page of ours: whoever signs in is led nowhere else


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add the page for signing in and what signs out."""

    @router.get("/sign-in")
    def show(request: Request) -> Response:
        return _page(pages, request, request.query_params.get("to", ""))

    @router.post("/sign-in")
    def sign_in(request: Request, form: Form) -> Response:
        email, to = field(form, "email"), field(form, "to")
        password = str(form.get("password", ""))
        source = request.client.host if request.client else ""
        try:
            person = team.accounts.sign_in(email, password, source)
        except StoreError as error:
            status = 429 if error.reason == "throttled" else 400
            return _page(pages, request, to, email, {"email": faults.told(error, pages.t)}, status)
        return opened(pages, team, request, team.sessions.open(person), to)

    @router.post("/sign-out")
    def sign_out(request: Request) -> Response:
        team.sessions.close(secret_in(request))
        return forget(request, pages.redirect("/sign-in", "signed_out"))

    @router.post("/sign-out/everywhere")
    def everywhere(request: Request) -> Response:
        team.sessions.close_all(request.state.person)
        return forget(request, pages.redirect("/sign-in", "signed_out"))


def opened(pages: Pages, team: Team, request: Request, secret: str, to: str = "") -> Response:
    """Lead to the page that was asked for, with a new session; the one before, if there was any, ends."""
    if before := secret_in(request):
        team.sessions.close(before)
    return remember(request, RedirectResponse(to if HERE.fullmatch(to) else f"{pages.base}/", 303), secret)


def _page(
    pages: Pages, request: Request, to: str, email: str = "", faults: dict[str, str] | None = None, status: int = 200
) -> Response:
    outside = pages.desk.assistant.settings.oidc_name if pages.desk.assistant.settings.oidc_issuer else ""
    return pages.render(
        "team/sign_in.html", request, status=status, nav="sign-in", to=to, email=email, faults=faults or {}, outside=outside
    )
