"""Signing in with an OpenID Connect provider: out to it, and back with whoever it vouches for."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from assistant.store.people import Person
from assistant.store.transactions import StoreError
from assistant.web.forms import Form, field
from assistant.web.pages import Pages
from assistant.web.team.provider import Attempt, Identity, Provider, ProviderError
from assistant.web.team.sign_in import opened
from assistant.web.team.staff import Team

_COOKIE = "signing_in"
_SECONDS = 600  # that signing in with the provider may take
_SEPARATOR = "|"


def add(router: APIRouter, pages: Pages, team: Team) -> None:
    """Add both steps, where the settings name a provider."""
    settings = pages.desk.assistant.settings
    if not settings.oidc_issuer:
        return
    provider = Provider(settings)

    @router.post("/oidc")
    def out(request: Request, form: Form) -> Response:
        attempt = Attempt.new()
        try:
            answer = RedirectResponse(provider.address(attempt, _back(pages, request)), 303)
        except ProviderError as error:
            return _refused(pages, request, error.reason)
        kept = _SEPARATOR.join((attempt.state, attempt.nonce, attempt.verifier, field(form, "to")))
        secure = request.url.scheme == "https"
        answer.set_cookie(_COOKIE, kept, max_age=_SECONDS, httponly=True, samesite="lax", secure=secure, path=pages.base)
        return answer

    @router.get("/oidc/back")
    def back(request: Request) -> Response:
        asked = request.query_params
        state, nonce, verifier, to = (request.cookies.get(_COOKIE, "").split(_SEPARATOR, 3) + [""] * 4)[:4]
        if not state or not hmac.compare_digest(asked.get("state", "").encode(), state.encode()):
            return _refused(pages, request, "state")
        if "error" in asked or "code" not in asked:
            return _refused(pages, request, "declined")
        try:
            who = provider.identity(Attempt(state, nonce, verifier), asked["code"], _back(pages, request))
        except ProviderError as error:
            return _refused(pages, request, error.reason)
        person = _person(team, who)
        if person is None:
            return _refused(pages, request, "unknown")
        answer = opened(pages, team, request, team.sessions.open(person), to)
        answer.delete_cookie(_COOKIE, path=pages.base)
        return answer


def _person(team: Team, who: Identity) -> Person | None:
    """Return whose account an identity opens: one that is tied to it, or one of an address vouched for, or invited at it."""
    if known := team.accounts.by_subject(who.subject):
        return known
    if not who.email:
        return None
    person = team.accounts.by_email(who.email)
    try:
        if person is None:
            link = team.links.for_email(who.email)
            if link is None:
                return None
            person = team.accounts.add(link.organisation, who.email, who.name, link.role, None)
            team.links.withdraw(person.acting, who.email)
        team.accounts.tie(person, who.subject)
    except StoreError:  # the account is closed, or tied to another identity
        return None
    return person


def _back(pages: Pages, request: Request) -> str:
    root = pages.desk.assistant.settings.public_url or str(request.base_url)
    return f"{root.rstrip('/')}{pages.base}/oidc/back"


def _refused(pages: Pages, request: Request, reason: str) -> Response:
    key = f"oidc_{reason}"
    answer = pages.fault(request, pages.t(key if key in pages.t else "oidc_failed"), 400)
    answer.delete_cookie(_COOKIE, path=pages.base)
    return answer
