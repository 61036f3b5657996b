"""Signing in with an OpenID Connect provider: out to it, and back with whoever it vouches for."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.people import Person
from assistant.store.transactions import StoreError
from assistant.web.forms import Form, field
from assistant.web.pages import Pages
from assistant.web.team.cookies import forget, remember, secret_in
from assistant.web.team.provider import Attempt, Identity, Provider, ProviderError
from assistant.web.team.sign_in import HERE, opened
from assistant.web.team.staff import Team

log = logging.getLogger(__name__)
_COOKIE = "signing-in"
_SECONDS = 600  # that signing in with the provider may take
_LONGEST_PAGE = 2000  # characters of a quoted address; a browser takes cookies of 4,096
_STATUS = {"unreachable": 502, "misfit": 502, "failed": 502, "state": 400, "code": 400}  # else 403


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add both steps, where the settings name a provider.

    Raises:
        AssistantError: what the settings say of it cannot be right.
    """
    settings = pages.desk.assistant.settings
    if not settings.oidc_issuer:
        return
    provider = Provider(settings)

    @router.post("/oidc")
    def out(request: Request, form: Form) -> Response:
        attempt = Attempt.new()
        try:
            address = provider.address(attempt, _back(pages, request))
        except ProviderError as error:
            return _refused(pages, request, error)
        page = pages.render("team/leaving.html", request, nav="sign-in", address=address, name=settings.oidc_name)
        page.headers["Refresh"] = f"0;url={address}"  # form-action forbids a form to be redirected to another host
        return remember(request, page, _kept(attempt, field(form, "to")), _COOKIE, _SECONDS)

    @router.get("/oidc/back")
    def back(request: Request) -> Response:
        try:
            attempt, to = _begun(request)
            person = _person(team, provider.identity(attempt, _code(request), _back(pages, request)))
        except ProviderError as error:
            return forget(request, _refused(pages, request, error), _COOKIE)
        return forget(request, opened(pages, team, request, team.sessions.open(person), to), _COOKIE)


def _kept(attempt: Attempt, to: str) -> str:
    """Return what the browser keeps until it comes back, so that any process can finish what another began."""
    page = quote(to, safe="/") if HERE.fullmatch(to) else ""
    return ".".join((attempt.state, attempt.nonce, attempt.verifier, page if len(page) <= _LONGEST_PAGE else ""))


def _begun(request: Request) -> tuple[Attempt, str]:
    """Return the attempt that this browser began and the page that it wanted.

    Raises:
        ProviderError: it began none, or another than the one that comes back.
    """
    parts = secret_in(request, _COOKIE).split(".", 3)
    asked = request.query_params.get("state", "")
    if len(parts) != 4 or not all(parts[:3]) or not secrets.compare_digest(parts[0].encode(), asked.encode()):
        raise ProviderError("state")
    return Attempt(*parts[:3]), unquote(parts[3])


def _code(request: Request) -> str:
    code = request.query_params.get("code", "")
    if "error" in request.query_params or not code:
        raise ProviderError("declined")
    return code


def _person(team: Team, who: Identity) -> Person:
    """Return whose account an identity opens: one tied to it, or one with the address vouched for, or invited at it.

    Raises:
        ProviderError: there is none, it was closed, or it belongs to another identity.
    """
    if known := team.accounts.by_subject(who.subject):
        return known
    if team.accounts.closed(who.subject):
        raise ProviderError("unknown")
    if not who.email:
        raise ProviderError("unverified")
    try:
        person = team.accounts.by_email(who.email)
        if person is None:
            return _invited(team, who)
        team.accounts.tie(person, who.subject)
    except StoreError as error:
        if error.reason != "taken":
            raise
        raise ProviderError("taken") from error
    return person


def _invited(team: Team, who: Identity) -> Person:
    """Return the account of somebody invited, made now, without a password; the invitation has served its purpose."""
    link = team.links.for_email(who.email)
    if link is None:
        raise ProviderError("unknown")
    person = team.accounts.add(link.organisation, who.email, who.name, link.role, None)
    team.accounts.tie(person, who.subject)
    team.links.withdraw(person.acting, who.email)
    return person


def _back(pages: Pages, request: Request) -> str:
    root = pages.desk.assistant.settings.public_url or str(request.base_url)
    return f"{root.rstrip('/')}{pages.base}/oidc/back"


def _refused(pages: Pages, request: Request, error: ProviderError) -> Response:
    log.warning("%s", error)
    return pages.fault(request, pages.t(f"oidc_{error.reason}"), _STATUS.get(error.reason, 403))
