"""Official texts: which are here, downloading them, adding files, removing them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from assistant.texts import acquire, verification
from assistant.texts.pdf import Limits
from assistant.texts.user_documents import clean_name
from assistant.web.forms import Form, field, fields
from assistant.web.pages import Crumb, Pages


def add(router: APIRouter, pages: Pages) -> None:
    """Add the page of the official texts and what its buttons do."""
    assistant, downloads = pages.desk.assistant, pages.desk.downloads

    @router.get("/library/texts")
    def texts(request: Request) -> Response:
        return _page(pages, request)

    @router.post("/library/texts/fetch")
    def fetch(form: Form) -> Response:
        library, chosen = assistant.library, set(fields(form, "text"))
        if not chosen <= library.knowledge.texts.keys():
            raise HTTPException(404)
        wanted = [
            source
            for source in library.knowledge.texts.values()
            if source.request is not None and (source.id in chosen or (not chosen and library.record(source.id) is None))
        ]
        if not wanted:
            return pages.redirect("/library/texts", "nothing_to_fetch")
        return pages.redirect("/library/texts", "fetching" if downloads.start(wanted) else "fetching_already")

    @router.post("/library/texts/import")
    def take(request: Request, form: Form) -> Response:
        library, settings = assistant.library, assistant.settings
        as_ = field(form, "as") or None
        if as_ and as_ not in library.knowledge.texts:
            raise HTTPException(404)
        with received(form, "file") as files:
            if not files or (as_ and len(files) > 1):
                return _page(pages, request, [pages.t("texts_one_file" if files else "own_choose_file")], 400)
            outcomes = list(
                acquire.import_files(library, files, Limits(pages=settings.max_pages), settings.max_file_mib << 20, as_)
            )
        refused = [f"{one.name}: {told(pages, one.reason, one.message)}" for one in outcomes if one.state != "installed"]
        if len(refused) < len(outcomes):
            assistant.refresh()
        return _page(pages, request, refused, 400) if refused else pages.redirect("/library/texts", "text_added")

    @router.post("/library/texts/verify")
    def verify() -> Response:
        verdicts = [verification.verify(assistant.library, identity) for identity in assistant.library.installed()]
        faulty = [one.id for one in verdicts if one.faults or one.missing]
        named = f"?{urlencode({'faulty': faulty}, doseq=True)}" if faulty else ""
        return pages.redirect(f"/library/texts{named}", "" if faulty else "texts_intact")

    @router.post("/library/texts/remove")
    def remove(form: Form) -> Response:
        identity = field(form, "text")
        if identity not in assistant.library.installed():
            raise HTTPException(404)
        assistant.library.remove(identity)
        assistant.refresh()
        return pages.redirect("/library/texts", "text_removed")


def told(pages: Pages, reason: str, detail: str) -> str:
    """Return why a file or text was not taken, in the language of the page as far as the reason is known."""
    for key in (f"texts_reason_{reason}", f"unreadable_{reason}"):
        if reason and reason != "other" and key in pages.t:
            return pages.t(key)
    return pages.t("texts_refused", detail=detail)


@contextmanager
def received(form: Form, name: str) -> Iterator[list[Path]]:
    """Give the uploaded files under their own cleaned names, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        found = []
        for number, file in enumerate(form.getlist(name)):
            if isinstance(file, UploadFile) and file.filename:
                path = Path(folder, str(number), clean_name(file.filename))
                path.parent.mkdir()
                with path.open("wb") as target:
                    shutil.copyfileobj(file.file, target)
                found.append(path)
        yield found


def _page(pages: Pages, request: Request, faults: list[str] | None = None, status: int = 200) -> Response:
    knowledge, library, downloads = pages.desk.knowledge, pages.desk.assistant.library, pages.desk.downloads
    rows = [(source, knowledge.documents[source.document], library.record(source.id)) for source in knowledge.texts.values()]
    return pages.render(
        "library/texts.html",
        request,
        status=status,
        nav="library",
        crumbs=[Crumb(pages.t("tab_library"), "/library")],
        rows=rows,
        today=pages.desk.today(),
        faults=faults or [],
        running=downloads.running,
        arrivals=[(one, told(pages, one.reason, one.message) if one.message else "") for one in downloads.arrivals],
        done=sum(one.state in ("installed", "refused") for one in downloads.arrivals),
        faulty=request.query_params.getlist("faulty"),
        limit=pages.desk.assistant.settings.max_file_mib,
    )
