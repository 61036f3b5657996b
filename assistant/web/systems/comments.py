"""Comments on a system, a duty or an answer."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.web.forms import Form, field
from assistant.web.systems.office import Office

_OWN_PAGE = re.compile(r"/(review|duties/[\w.-]+)")


def add(router: APIRouter, office: Office) -> None:
    """Add what the comment forms of other pages send to."""
    pages, desk = office.pages, office.desk

    @router.post("/systems/{identity}/comments")
    def comment(request: Request, identity: str, form: Form) -> Response:
        text, about = field(form, "text"), field(form, "about")[:80]
        name = pages.signing(request, field(form, "person"))
        if not text:
            return pages.redirect(f"/systems/{identity}{_back(form)}#comments", "comment_empty")
        desk.comments.add(identity, text, actor=name or pages.person(request), about=about or None)
        done = pages.redirect(f"/systems/{identity}{_back(form)}#comments", "saved")
        return pages.remember_person(done, name) if name else done

    @router.post("/systems/{identity}/comments/{one}/remove")
    def remove(request: Request, identity: str, one: str, form: Form) -> Response:
        desk.comments.remove(identity, one, actor=pages.person(request))
        return pages.redirect(f"/systems/{identity}{_back(form)}#comments", "comment_removed")


def _back(form: Form) -> str:
    """Return the page of the system from which the form was sent."""
    back = field(form, "back")
    return back if _OWN_PAGE.fullmatch(back) else "/review"
