"""The register: every system at a glance, searched, filtered and sorted; and under which name changes are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.systems import STATES, StoredSystem
from assistant.web.forms import Form, field
from assistant.web.systems.office import Line, Office

_PAGE = 50
_ORDERS: Mapping[str, Callable[[StoredSystem], Any]] = {
    "changed": lambda system: -system.updated_at.timestamp(),
    "name": lambda system: system.name.casefold(),
    "owner": lambda system: system.owner.casefold(),
}
_BY_DEADLINE = "deadline"


def add(router: APIRouter, office: Office) -> None:
    """Add the register and the form for one's name."""
    pages = office.pages

    @router.get("/systems")
    def register(request: Request) -> Response:
        chosen = {name: request.query_params.get(name, "").strip()[:100] for name in ("words", "state", "owner", "axis", "order")}
        every = office.desk.systems.all()
        lines, count = _chosen(office, [system for system in every if _fits(system, chosen)], chosen, page_number(request))
        owners = sorted({system.owner for system in every if system.owner})
        return pages.render(
            "systems/register.html",
            request,
            nav="systems",
            lines=lines,
            count=count,
            total=len(every),
            chosen=chosen,
            page=page_number(request),
            more=count > page_number(request) * _PAGE,
            query=urlencode(chosen),
            state_options=[(state, pages.t(f"state_{state}")) for state in STATES],
            owner_options=[(owner, owner) for owner in owners],
            axes=office.axes(),
            order_options=[(order, pages.t(f"systems_order_{order}")) for order in (*_ORDERS, _BY_DEADLINE)],
            today=office.desk.today(),
        )

    @router.post("/person")
    def person(form: Form) -> Response:
        return pages.remember_person(pages.redirect("/systems", "person"), field(form, "person"))


def page_number(request: Request) -> int:
    """Return which page of a long list is asked for, from 1."""
    number = request.query_params.get("page", "1")
    return min(max(int(number), 1), 10_000) if number.isdecimal() and len(number) < 6 else 1


def _chosen(office: Office, systems: list[StoredSystem], chosen: Mapping[str, str], page: int) -> tuple[list[Line], int]:
    """Return one page of the register and how many systems fit; only what the order and filter need is assessed."""
    start, end = (page - 1) * _PAGE, page * _PAGE
    if chosen["order"] != _BY_DEADLINE and not chosen["axis"]:
        systems = sorted(systems, key=_ORDERS.get(chosen["order"], _ORDERS["changed"]))
        return [office.line(system) for system in systems[start:end]], len(systems)
    lines = [line for line in map(office.line, systems) if not chosen["axis"] or line.axis == chosen["axis"]]
    if chosen["order"] == _BY_DEADLINE:
        lines.sort(key=lambda line: line.next.day if line.next else date.max)
    return lines[start:end], len(lines)


def _fits(system: StoredSystem, chosen: Mapping[str, str]) -> bool:
    text = f"{system.name} {system.owner}".casefold()
    return (
        all(word in text for word in chosen["words"].casefold().split())
        and (not chosen["state"] or system.state == chosen["state"])
        and (not chosen["owner"] or system.owner == chosen["owner"])
    )
