"""Plain pages of one language: templates with the header, navigation and texts that all of them share.

Forms and documents are pages of their own, rendered here on the server: they have addresses, survive a reload, the back button
and a lost connection, print, and need no script. The chat alone is Gradio's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.routing import Match, Mount

from assistant.answer.wording import long_date
from assistant.store.systems import StoredSystem
from assistant.types import Language
from assistant.web.desk import Desk
from assistant.web.i18n import Texts, texts
from assistant.web.security import HEADERS, PLAIN_POLICY
from assistant.web.standing import Standings
from assistant.web.team.permissions import allowed

TEMPLATES = Path(__file__).resolve().parent / "templates"
NAVIGATION = {"ask": "/", "assess": "/assess", "systems": "/systems", "library": "/library", "about": "/about"}
_PERSON = "person"
_LONGEST_NAME = 80
_TOLD = "told_"


@dataclass(frozen=True)
class Crumb:
    """One step of the way to a page."""

    label: str
    href: str


class Pages:
    """Renders the plain pages of one language."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self.desk = desk
        self.language = language
        self.t: Texts = texts(language)
        self.standings = Standings(desk, language)
        self.base = f"/{language.value}"
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters |= {
            "day": self.day,
            "moment": self.moment,
            "number": lambda number: f"{number:,}",
            "label": partial(self._label),
            "segment": lambda text: quote(str(text), safe=""),
        }
        self._templates.globals |= {"t": self.t, "language": language.value, "base": self.base, "navigation": NAVIGATION}

    def render(self, template: str, request: Request | None, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page; what happened before a redirect to it stands on top (see ``redirect``)."""
        headers = {**HEADERS, "Content-Security-Policy": PLAIN_POLICY}  # a page that tells of a failure passes no guard
        return HTMLResponse(self.text(template, request, **values), status, headers)

    def text(self, template: str, request: Request | None, **values: Any) -> str:
        """Return a template as text."""
        told = request.query_params.get("told", "") if request is not None else ""
        values = {
            "nav": None,
            "crumbs": [],
            "told": self.t(_TOLD + told) if _TOLD + told in self.t else None,
            "other_address": self.other_address(request),
            "person": self.person(request),
            "team": self.desk.team is not None,
            "may": partial(self.may, request, system=values.get("system")),
            **values,
        }
        return self._templates.get_template(template).render(**values)

    def fragment(self, template: str, **values: Any) -> Markup:
        """Return a part of a page, for a place that takes markup."""
        return Markup(self.text(template, None, **values))  # noqa: S704 - templates escape what they are given

    def redirect(self, path: str, told: str = "") -> RedirectResponse:
        """Lead to a page after a change, where the text ``told_…`` says what happened."""
        path, hash_, anchor = path.partition("#")
        mark = ("&" if "?" in path else "?") + f"told={told}" if told else ""
        return RedirectResponse(f"{self.base}{path}{mark}{hash_}{anchor}", 303)

    def fault(self, request: Request | None, message: str, status: int, title: str = "") -> HTMLResponse:
        """Return a page that says what is wrong and what to do."""
        return self.render("fault.html", request, status=status, title=title or self.t("fault_title"), message=message)

    def other_address(self, request: Request | None) -> str:
        """Return the address of the same page in the other language."""
        other = Language.EN if self.language is Language.JA else Language.JA
        path = _read_at(request) if request is not None else f"{self.base}/"
        rest = path.removeprefix(self.base) if path.startswith(f"{self.base}/") else "/"
        query = "&".join(
            f"{quote(k, safe='')}={quote(v, safe='')}"
            for k, v in (request.query_params.multi_items() if request is not None else [])
            if k != "told"
        )
        return f"/{other.value}{rest}" + (f"?{query}" if query else "")

    def person(self, request: Request | None) -> str:
        """Return the name under which this browser's changes are kept; empty where none was given."""
        signed_in = getattr(request.state, "person", None) if request is not None else None
        if signed_in is not None:
            return str(signed_in.name)
        return unquote(request.cookies.get(_PERSON, ""))[:_LONGEST_NAME] if request is not None else ""

    def signing(self, request: Request, typed: str) -> str:
        """Return the name that stands under a comment or a review: that of the account, where there are any."""
        return self.person(request) if self.desk.team is not None else typed

    def may(self, request: Request | None, permission: str, system: StoredSystem | None = None) -> bool:
        """Tell whether whoever asks has a permission, for the system of the page if it has one: nothing else is offered there."""
        who, team = getattr(request.state, "acting", None) if request is not None else None, self.desk.team
        return team is None or (who is not None and allowed(who, permission, team.members, system.id if system else None))

    def remember_person(self, response: RedirectResponse, name: str) -> RedirectResponse:
        """Keep the name of who works here in this browser."""
        name = " ".join(name.split())[:_LONGEST_NAME]
        response.set_cookie(_PERSON, quote(name), max_age=365 * 86400, httponly=True, samesite="lax")
        return response

    def fact(self, fact: str) -> str:
        """Return a fact by its label; its id alone where an earlier questionnaire asked for it."""
        known = self.desk.knowledge.facts.get(fact)
        return known.label.in_language(self.language) if known else fact

    def day(self, day: date) -> str:
        """Return a day as people write it."""
        return long_date(day, self.language)

    def moment(self, moment: datetime) -> str:
        """Return a point in time as people here write it, in this machine's time zone."""
        local = moment.astimezone()
        return f"{self.day(local.date())} {local:%H:%M}"

    def _label(self, provision: str) -> str:
        return self.desk.knowledge.label(provision, self.language)


def _read_at(request: Request) -> str:
    """Return the address under which an answer is read: what only takes what a form sends has a page above it."""
    path, routes = request.url.path, [route for route in request.app.routes if not isinstance(route, Mount)]
    if request.method != "POST":
        return path
    while path.count("/") > 2 and not any(
        route.matches({**request.scope, "method": "GET", "path": path})[0] is Match.FULL for route in routes
    ):
        path = path.rpartition("/")[0]
    return path
