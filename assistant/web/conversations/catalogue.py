"""The list of conversations: searched, deleted, restored, deleted for good."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.web.pages import Crumb, Pages
from assistant.web.talk import Talk


def add(router: APIRouter, pages: Pages, talk: Talk) -> None:
    """Add ``/conversations`` and what is done from there."""
    store = pages.desk.conversations

    @router.get("/conversations")
    def everything(request: Request, q: str = "") -> Response:
        words = q.strip()[:200]
        found = [(one, talk.system(one.system)) for one in store.all(words)]
        return pages.render("conversations/list.html", request, nav="ask", found=found, words=words)

    @router.get("/conversations/deleted")
    def deleted(request: Request) -> Response:
        crumbs = [Crumb(pages.t("conversations_title"), "/conversations")]
        return pages.render("conversations/deleted.html", request, nav="ask", crumbs=crumbs, found=store.all(deleted=True))

    @router.post("/conversations/deleted/purge")
    def purge() -> Response:
        store.purge(datetime.now(UTC))
        return pages.redirect("/conversations/deleted", "conversations_purged")

    @router.post("/conversations/{identity}/delete")
    def delete(identity: str) -> Response:
        talk.stop(identity)
        store.delete(identity)
        return pages.redirect("/conversations", "deleted")

    @router.post("/conversations/{identity}/restore")
    def restore(identity: str) -> Response:
        store.restore(identity)
        return pages.redirect(f"/conversations/{identity}", "restored")
