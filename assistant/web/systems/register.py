"""The register: every system at a glance, searched, filtered and sorted; and under which name changes are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.systems import STATES
from assistant.web.forms import Form, field
from assistant.web.systems.office import Line, Office

_ORDERS: Mapping[str, Callable[[Line], Any]] = {
    "changed": lambda line: -line.system.updated_at.timestamp(),
    "name": lambda line: line.system.name.casefold(),
    "deadline": lambda line: line.next.day if line.next else date.max,
    "owner": lambda line: line.system.owner.casefold(),
}


def add(router: APIRouter, office: Office) -> None:
    """Add the register and the form for one's name."""
    pages = office.pages

    @router.get("/systems")
    def register(request: Request) -> Response:
        chosen = {name: request.query_params.get(name, "").strip()[:100] for name in ("words", "state", "owner", "axis", "order")}
        lines = office.lines()
        shown = sorted(filter(lambda line: _fits(line, chosen), lines), key=_ORDERS.get(chosen["order"], _ORDERS["changed"]))
        return pages.render(
            "systems/register.html",
            request,
            nav="systems",
            lines=shown,
            total=len(lines),
            chosen=chosen,
            state_options=[(state, pages.t(f"state_{state}")) for state in STATES],
            owner_options=[(owner, owner) for owner in sorted({line.system.owner for line in lines if line.system.owner})],
            axes={line.axis: line.outcome for line in lines if line.axis},
            order_options=[(order, pages.t(f"systems_order_{order}")) for order in _ORDERS],
            today=office.desk.today(),
        )

    @router.post("/person")
    def person(form: Form) -> Response:
        return pages.remember_person(pages.redirect("/systems", "person"), field(form, "person"))


def _fits(line: Line, chosen: Mapping[str, str]) -> bool:
    words = chosen["words"].casefold().split()
    text = f"{line.system.name} {line.system.owner} {line.outcome}".casefold()
    return (
        all(word in text for word in words)
        and (not chosen["state"] or line.system.state == chosen["state"])
        and (not chosen["owner"] or line.system.owner == chosen["owner"])
        and (not chosen["axis"] or line.axis == chosen["axis"])
    )
