"""Review: from draft to reviewed to approved, what a reviewer must look at, and comments."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.rows import ConflictError
from assistant.store.systems import STATES
from assistant.types import AssistantError
from assistant.web.forms import Form, field, whole
from assistant.web.systems.office import Office

_NEXT = {"draft": ("reviewed",), "reviewed": ("approved", "draft"), "approved": ("draft",)}


def add(router: APIRouter, office: Office) -> None:
    """Add the page of the review and its steps."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/{identity}/review")
    def show(request: Request, identity: str) -> Response:
        return _page(office, request, identity)

    @router.post("/systems/{identity}/review")
    def step(request: Request, identity: str, form: Form) -> Response:
        state, note = field(form, "state"), field(form, "note")
        name = pages.signing(request, field(form, "person"))
        system = desk.systems.get(identity)
        if not name:
            return _page(office, request, identity, {"person": pages.t("review_no_name")}, note)
        if state not in _NEXT[system.state]:
            return _page(office, request, identity, {"state": pages.t("review_no_step")}, note)
        try:
            kept = office.standings.of(system).assessment.model_dump(mode="json") if state != STATES[0] else None
            desk.systems.set_state(identity, state, expected=whole(form, "version"), actor=name, note=note, assessment=kept)
        except ConflictError:
            return _page(office, request, identity, {"state": pages.t("review_changed")}, note, 409)
        return pages.remember_person(pages.redirect(f"/systems/{identity}/review", state), name)

    @router.post("/systems/{identity}/name")
    def rename(request: Request, identity: str, form: Form) -> Response:
        name = field(form, "name")
        if not name:
            raise AssistantError(pages.t("review_system_name"))
        values = {"name": name, "owner": field(form, "owner")}
        desk.systems.change(identity, expected=whole(form, "version"), actor=pages.person(request), **values)
        return pages.redirect(f"/systems/{identity}/review", "saved")


def _page(
    office: Office, request: Request, identity: str, faults: dict[str, str] | None = None, note: str = "", status: int = 400
) -> Response:
    system = office.desk.systems.get(identity)
    standing = office.standings.of(system)
    one = standing.assessment
    return office.pages.render(
        "systems/review.html",
        request,
        status=status if faults else 200,
        nav="systems",
        section="review",
        system=system,
        steps=_NEXT[system.state],
        faults=faults or {},
        note=note,
        axes=[axis for axis in one.outcomes.values() if axis.review],
        duties=[duty for duty in one.duties("owed", "open") if duty.review],
        unsettled=[(fact, office.named(fact)) for fact in one.open_questions],
        unknown=[(fact, office.named(fact)) for fact in sorted(standing.answers.unknown)],
        comments=office.desk.comments.all(identity),
        removable=office.desk.comments.removable,
        names={comment.about: _about(office, comment.about, one) for comment in office.desk.comments.all(identity)},
    )


def _about(office: Office, about: str | None, one: object) -> str:
    """Return what a comment is about, by name."""
    duties = {duty.id: duty.title for duty in getattr(one, "obligations", [])}
    if about is None:
        return ""
    return duties.get(about) or office.named(about)
