"""One provision to read: its wording, our summary, when it applies, what hangs on it and what changed."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.answer.sources import Sources
from assistant.law import pinpoint
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Document, Parallel, Provision
from assistant.web.library.contents import contents, flat
from assistant.web.pages import Crumb, Pages


def add(router: APIRouter, pages: Pages) -> None:
    """Add the page of a provision."""

    @router.get("/provision/{identity}")
    def provision(request: Request, identity: str) -> Response:
        knowledge = pages.desk.knowledge
        try:
            document = knowledge.document_of(identity)
        except KeyError as error:
            raise HTTPException(404) from error
        day, fault = _day(request.query_params.get("day", ""), pages.desk.today())
        if identity not in knowledge.provisions:
            return _level(pages, request, identity, document)
        return ProvisionPage(pages, knowledge.provisions[identity], document, day).shown(request, fault=fault)


def _day(text: str, today: date) -> tuple[date, bool]:
    """Return the day asked for, today where there is none, and whether what was asked for is no day."""
    try:
        return (date.fromisoformat(text), False) if text else (today, False)
    except ValueError:
        return today, True


def _level(pages: Pages, request: Request, identity: str, document: Document) -> Response:
    """Show what stands below a level without an entry; where there is nothing, say so and name the nearest that exists."""
    knowledge = pages.desk.knowledge
    below = knowledge.entries_below(identity)
    nearest = knowledge.resolve(identity)
    return pages.render(
        "library/level.html",
        request,
        status=200 if below else 404,
        nav="library",
        crumbs=_crumbs(pages, document),
        identity=identity,
        name=knowledge.label(identity, pages.language) if below else identity,
        below=[knowledge.provisions[one] for one in below],
        nearest=nearest,
        document=document,
    )


def _crumbs(pages: Pages, document: Document) -> list[Crumb]:
    return [
        Crumb(pages.t("tab_library"), "/library"),
        Crumb(document.short.in_language(pages.language), f"/library/{document.id}"),
    ]


class ProvisionPage:
    """The page of one provision on one day."""

    def __init__(self, pages: Pages, entry: Provision, document: Document, day: date) -> None:
        self._pages = pages
        self._knowledge: Knowledge = pages.desk.knowledge
        self._entry = entry
        self._document = document
        self._day = day

    def shown(self, request: Request, *, fault: bool) -> Response:
        """Return the page; ``fault`` says that the day asked for was none, and today is shown."""
        entry, knowledge, language = self._entry, self._knowledge, self._pages.language
        order = [node.provision for node in flat(contents(knowledge, self._document.id, language)) if node.heading]
        place = order.index(entry.id)
        sources = Sources(knowledge, language, self._day, self._pages.desk.assistant.library)
        return self._pages.render(
            "library/provision.html",
            request,
            status=400 if fault else 200,
            nav="library",
            crumbs=_crumbs(self._pages, self._document),
            fault=fault,
            day=self._day,
            today=self._pages.desk.today(),
            entry=entry,
            document=self._document,
            citation=sources.citation(entry.id),
            lines=entry.application_on(self._day),
            wordings=[one for one in entry.wording if one.change or len(entry.wording) > 1],
            before=order[place - 1] if place else None,
            after=order[place + 1] if place + 1 < len(order) else None,
            above=[one for one in pinpoint.parents(entry.id, self._document.id) if knowledge.children_of.get(one)],
            below=knowledge.entries_below(entry.id),
            referring=[one.id for one in knowledge.provisions.values() if entry.id in one.see],
            duties=knowledge.duties_of.get(entry.id, []),
            sanctions=[one for one in knowledge.obligations.values() if entry.id in one.sanction.provisions],
            parallels=[one for one in knowledge.parallels.values() if entry.id in _cited(one)],
            premises=[one for one in knowledge.premises.values() if entry.id in one.provisions and one.wrong_on(self._day)],
            terms=[one for one in knowledge.terms.values() if entry.id in one.provisions],
        )


def _cited(parallel: Parallel) -> set[str]:
    return {one for statement in (*parallel.eu, *parallel.japan) for one in statement.provisions}
