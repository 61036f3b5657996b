"""The user's own documents: added, read, described and deleted."""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.store.documents import StoredDocument
from assistant.texts.model import UnreadableTextError
from assistant.types import AssistantError, Jurisdiction, Language
from assistant.web import faults
from assistant.web.forms import Form, field
from assistant.web.library.acquiring import received
from assistant.web.pages import Crumb, Pages

log = logging.getLogger(__name__)
_LONGEST_TITLE = 200
_PAGE = 40  # passages shown at once


def add(router: APIRouter, pages: Pages) -> None:
    """Add the pages of the user's documents."""
    shelf = pages.desk.assistant.shelf

    @router.get("/library/own")
    def own(request: Request) -> Response:
        return _page(pages, request)

    @router.post("/library/own")
    def upload(request: Request, form: Form) -> Response:
        with received(form, "file") as files:
            if not files:
                return _page(pages, request, [pages.t("own_choose_file")], 400)
            refused = [fault for file in files if (fault := _taken(pages, file))]
        if refused:
            return _page(pages, request, [told for told, _ in refused], max(status for _, status in refused))
        return pages.redirect("/library/own", "own_added")

    @router.get("/library/own/{identity}")
    def read(request: Request, identity: str) -> Response:
        return _document(pages, request, _get(pages, identity))

    @router.post("/library/own/{identity}")
    def change(request: Request, identity: str, form: Form) -> Response:
        document, title = _get(pages, identity), field(form, "title")[:_LONGEST_TITLE]
        language, about = field(form, "language"), field(form, "jurisdiction")
        if not title:
            return _document(pages, request, document, {"title": pages.t("own_no_title")}, 400)
        if language not in list(Language) or about not in ["", *Jurisdiction]:
            raise HTTPException(400, pages.t("own_no_such_choice"))
        local_only = field(form, "local_only") == "yes"
        shelf.change(identity, title=title, language=language, jurisdiction=about or None, local_only=local_only)
        return pages.redirect(f"/library/own/{identity}", "saved")

    @router.get("/library/own/{identity}/delete")
    def ask(request: Request, identity: str) -> Response:
        return pages.render("library/own_delete.html", request, nav="library", one=_get(pages, identity))

    @router.post("/library/own/{identity}/delete")
    def delete(identity: str) -> Response:
        shelf.remove(_get(pages, identity).id)
        return pages.redirect("/library/own", "own_deleted")


def _get(pages: Pages, identity: str) -> StoredDocument:
    try:
        return pages.desk.assistant.shelf.get(identity)
    except AssistantError as error:
        raise HTTPException(404) from error


def _taken(pages: Pages, file: Path) -> tuple[str, int] | None:
    """Keep one file; return why it was not kept, in the language of the page, and the status of that, or nothing."""
    try:
        pages.desk.assistant.shelf.add(file)
    except UnreadableTextError as error:
        key = f"unreadable_{error.reason}"
        return f"{file.name}: {pages.t(key) if key in pages.t else pages.t('unreadable_other', detail=str(error))}", 400
    except Exception as error:
        if not isinstance(error, AssistantError):
            log.exception("A file could not be added")
        return f"{file.name}: {faults.told(error, pages.t)}", faults.status(error)
    return None


def _page(pages: Pages, request: Request, faults: list[str] | None = None, status: int = 200) -> Response:
    values = {"documents": pages.desk.assistant.shelf.all(), "limit": pages.desk.assistant.settings.max_file_mib}
    crumbs = [Crumb(pages.t("tab_library"), "/library")]
    return pages.render("library/own.html", request, status=status, nav="library", crumbs=crumbs, faults=faults or [], **values)


def _document(
    pages: Pages, request: Request, one: StoredDocument, faults: dict[str, str] | None = None, status: int = 200
) -> Response:
    number = request.query_params.get("page", "1")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 7 else 1
    passages = pages.desk.assistant.shelf.store.passages(one.id)
    shown = passages[(page - 1) * _PAGE : page * _PAGE]
    return pages.render(
        "library/own_document.html",
        request,
        status=status,
        nav="library",
        crumbs=[Crumb(pages.t("tab_library"), "/library"), Crumb(pages.t("own_title"), "/library/own")],
        one=one,
        passages=shown,
        page=page,
        more=len(passages) > page * _PAGE,
        faults=faults or {},
        languages=[(x.value, pages.t(f"language_{x.value}")) for x in Language],
        jurisdictions=[
            ("", "–"),
            *((x.value, pages.t(f"jurisdiction_{x.value}")) for x in Jurisdiction),
        ],
    )
