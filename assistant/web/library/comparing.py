"""Side by side: two versions of a document, and the EU and Japan on one topic."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assistant.law.text_source import TextSource
from assistant.texts.diff import Change, changes
from assistant.texts.library import Library
from assistant.texts.model import MAIN, OfficialText
from assistant.web.pages import Crumb, Pages

_LONGEST = 60_000  # characters of one unit that are still compared word by word while the reader waits


@dataclass(frozen=True)
class Differing:
    """A unit whose official wording differs between two versions."""

    unit: str
    label: str
    kind: str  # added, removed, changed


def add(router: APIRouter, pages: Pages) -> None:
    """Add the comparison of versions and that of the EU with Japan."""
    desk = pages.desk  # its knowledge changes when a text is installed

    @router.get("/library/{identity}/changes")
    def versions(request: Request, identity: str) -> Response:
        if identity not in desk.knowledge.documents:
            raise HTTPException(404)
        return VersionsPage(pages, identity).shown(request)

    @router.get("/library/compare")
    def topics(request: Request) -> Response:
        crumbs = [Crumb(pages.t("tab_library"), "/library")]
        values = list(desk.knowledge.parallels.values())
        return pages.render("library/topics.html", request, nav="library", crumbs=crumbs, topics=values)

    @router.get("/library/compare/{topic}")
    def compare(request: Request, topic: str) -> Response:
        if topic not in desk.knowledge.parallels:
            raise HTTPException(404)
        crumbs = [Crumb(pages.t("tab_library"), "/library"), Crumb(pages.t("compare_title"), "/library/compare")]
        one = desk.knowledge.parallels[topic]
        return pages.render("library/topic.html", request, nav="library", crumbs=crumbs, one=one)


class VersionsPage:
    """What changed between two versions of one document: by the official texts where two are installed, and by our summaries."""

    def __init__(self, pages: Pages, identity: str) -> None:
        self._pages = pages
        self._document = pages.desk.knowledge.documents[identity]
        self._library: Library = pages.desk.assistant.library
        sources = pages.desk.knowledge.texts.values()
        mine = [one for one in sources if one.document == identity and not one.reference and self._library.record(one.id)]
        self._installed = sorted(mine, key=lambda source: source.from_)

    def shown(self, request: Request) -> Response:
        """Return the page."""
        older, newer = self._chosen(request)
        unit = request.query_params.get("unit", "")
        both = older is not None and newer is not None and older.id != newer.id
        knowledge, language = self._pages.desk.knowledge, self._pages.language
        told = [
            (wording.from_, entry, wording.change)
            for entry in knowledge.provisions.values()
            if knowledge.document_of(entry.id).id == self._document.id
            for wording in entry.wording
            if wording.change
        ]
        return self._pages.render(
            "library/changes.html",
            request,
            nav="library",
            crumbs=[
                Crumb(self._pages.t("tab_library"), "/library"),
                Crumb(self._document.short.in_language(language), f"/library/{self._document.id}"),
            ],
            document=self._document,
            options=[(one.id, f"{one.version} ({one.language})") for one in self._installed],
            older=older,
            newer=newer,
            differing=self._differing(older, newer) if both and older and newer else [],
            unit=unit,
            unit_label=self._label(unit) if unit else "",
            diff=self._diff(older, newer, unit) if both and older and newer and unit else [],
            told=sorted(told, key=lambda one: (one[0], one[1].id)),
        )

    def _chosen(self, request: Request) -> tuple[TextSource | None, TextSource | None]:
        by_id = {one.id: one for one in self._installed}
        first, last = (self._installed[0], self._installed[-1]) if self._installed else (None, None)
        return by_id.get(request.query_params.get("before", ""), first), by_id.get(request.query_params.get("after", ""), last)

    def _label(self, unit: str) -> str:
        return self._pages.desk.knowledge.label(f"{self._document.id}.{unit}", self._pages.language, full=False)

    def _differing(self, older: TextSource, newer: TextSource) -> list[Differing]:
        old, new = _by_unit(self._library.text(older.id)), _by_unit(self._library.text(newer.id))
        found = []
        for unit in [*old, *(one for one in new if one not in old)]:
            if unit.startswith("recital_") or old.get(unit) == new.get(unit):
                continue  # a consolidated act carries no recitals: that is no change
            kind = "added" if unit not in old else "removed" if unit not in new else "changed"
            found.append(Differing(unit, self._label(unit), kind))
        return found

    def _diff(self, older: TextSource, newer: TextSource, unit: str) -> list[Change]:
        old, new = (_by_unit(self._library.text(one.id)).get(unit, "") for one in (older, newer))
        if len(old) + len(new) > _LONGEST:
            return [Change("deleted", old), Change("added", new)]
        return changes(old, new)


def _by_unit(text: OfficialText) -> dict[str, str]:
    """Return the wording of each article, annex or other main unit of a text."""
    found: dict[str, list[str]] = {}
    for line in text.lines:
        top = line.unit.split(".")[0]
        if top.startswith(MAIN):
            found.setdefault(top, []).append(f"{line.marker} {line.text}".strip())
    return {unit: "\n".join(lines) for unit, lines in found.items()}
