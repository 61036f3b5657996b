"""Copies for "what if", and systems put aside: deleted, restored, removed for good."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.rows import utc_now
from assistant.web.systems.office import Office


def add(router: APIRouter, office: Office) -> None:
    """Add copying, deleting and what was deleted."""
    pages, desk = office.pages, office.desk

    @router.post("/systems/{identity}/copy")
    def copy(request: Request, identity: str) -> Response:
        system = desk.systems.get(identity)
        name = pages.t("systems_copy_name", name=system.name)
        new = desk.systems.create(
            system.answers, name=name, owner=system.owner, actor=pages.person(request), copied_from=identity
        )
        return pages.redirect(f"/systems/{new.id}/answers", "copied")

    @router.get("/systems/{identity}/delete")
    def ask(request: Request, identity: str) -> Response:
        return pages.render("systems/delete.html", request, nav="systems", system=desk.systems.get(identity), days=_days(office))

    @router.post("/systems/{identity}/delete")
    def delete(request: Request, identity: str) -> Response:
        desk.systems.delete(identity, actor=pages.person(request))
        return pages.redirect("/systems", "deleted")

    @router.get("/systems/deleted")
    def deleted(request: Request) -> Response:
        systems = desk.systems.all(deleted=True)
        return pages.render("systems/deleted.html", request, nav="systems", systems=systems, days=_days(office))

    @router.post("/systems/deleted/{identity}/restore")
    def restore(request: Request, identity: str) -> Response:
        desk.systems.restore(identity, actor=pages.person(request))
        return pages.redirect(f"/systems/{identity}", "restored")

    @router.post("/systems/deleted/purge")
    def purge() -> Response:
        desk.systems.purge(utc_now() + timedelta(seconds=1))
        return pages.redirect("/systems/deleted", "purged")


def _days(office: Office) -> int:
    return office.desk.assistant.settings.purge_days
