"""The catalogue: every document with its force, versions and freshness; one document with its contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.law.schema import Document
from assistant.law.text_source import TextSource
from assistant.types import Force, Jurisdiction
from assistant.web.library.contents import contents
from assistant.web.pages import Crumb, Pages


@dataclass(frozen=True)
class Entry:
    """One document of the catalogue; ``installed`` of ``texts`` official texts are on this machine."""

    document: Document
    provisions: int
    status: str
    installed: int
    texts: int
    stale: bool


def add(router: APIRouter, pages: Pages) -> None:
    """Add the catalogue and the page of one document."""

    @router.get("/library")
    def catalogue(request: Request) -> Response:
        chosen = {name: request.query_params.get(name, "").strip()[:100] for name in ("words", "jurisdiction", "force")}
        entries = Catalogue(pages).entries()
        shown = [entry for entry in entries if _fits(entry, chosen)]
        return pages.render(
            "library/catalogue.html",
            request,
            nav="library",
            groups=[
                (one.value, [entry for entry in shown if entry.document.jurisdiction is one])
                for one in Jurisdiction
                if any(entry.document.jurisdiction is one for entry in shown)
            ],
            chosen=chosen,
            shown=len(shown),
            total=len(entries),
            jurisdictions=[(one.value, pages.t(f"jurisdiction_{one.value}")) for one in Jurisdiction],
            forces=[(one.value, pages.t(f"force_{one.value}")) for one in Force if one is not Force.OWN],
        )

    @router.get("/library/{identity}")
    def document(request: Request, identity: str) -> Response:
        knowledge = pages.desk.knowledge
        if identity not in knowledge.documents:
            raise HTTPException(404)
        entry = Catalogue(pages).entry(knowledge.documents[identity])
        return pages.render(
            "library/document.html",
            request,
            nav="library",
            crumbs=[Crumb(pages.t("tab_library"), "/library")],
            entry=entry,
            one=entry.document,
            today=pages.desk.today(),
            nodes=contents(knowledge, identity, pages.language),
            texts=[(source, pages.desk.assistant.library.record(source.id)) for source in _sources(pages, identity)],
        )


class Catalogue:
    """The documents as they stand today."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._today = pages.desk.today()
        self._counts: dict[str, int] = {}
        for identity in pages.desk.knowledge.provisions:
            document = pages.desk.knowledge.document_of(identity).id
            self._counts[document] = self._counts.get(document, 0) + 1

    def entries(self) -> list[Entry]:
        """Return every document, in the order of the catalogue."""
        return [self.entry(document) for document in self._pages.desk.knowledge.documents.values()]

    def entry(self, document: Document) -> Entry:
        """Return one document as it stands today."""
        sources = _sources(self._pages, document.id)
        library, settings = self._pages.desk.assistant.library, self._pages.desk.assistant.settings
        installed = sum(library.record(source.id) is not None for source in sources)
        stale = (self._today - document.checked_on).days > settings.stale_after_days
        return Entry(document, self._counts.get(document.id, 0), _status(document, self._today), installed, len(sources), stale)


def _sources(pages: Pages, document: str) -> list[TextSource]:
    return [source for source in pages.desk.knowledge.texts.values() if source.document == document]


def _status(document: Document, today: date) -> str:
    """Return whether a version of a document is in force today, will be, or no longer is."""
    if document.force in (Force.DRAFT, Force.PRESS):
        return document.force.value
    if document.version_on(today):
        return "current"
    return "future" if document.known_from > today else "ended"


def _fits(entry: Entry, chosen: Mapping[str, str]) -> bool:
    one = entry.document
    text = " ".join([*(f"{name.en} {name.ja}" for name in (one.title, one.short)), *one.aliases.all, one.identifier]).casefold()
    return (
        all(word in text for word in chosen["words"].casefold().split())
        and (not chosen["jurisdiction"] or one.jurisdiction.value == chosen["jurisdiction"])
        and (not chosen["force"] or one.force.value == chosen["force"])
    )
