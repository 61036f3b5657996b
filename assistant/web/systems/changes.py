"""What changed: today's assessment against one kept earlier, or against another system (what if), and why."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.comparison import compare, law_changes
from assistant.law.report.blocks import literal
from assistant.law.report.changes import changes as lines_of
from assistant.law.words import written
from assistant.web.files import attachment
from assistant.web.systems.office import Office


def add(router: APIRouter, office: Office) -> None:
    """Add the comparison and what sets its starting point."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/{identity}/changes")
    def changes(request: Request, identity: str) -> Response:
        return ChangesPage(office, identity).shown(request)

    @router.get("/systems/{identity}/changes.md")
    def download(request: Request, identity: str) -> Response:
        return ChangesPage(office, identity).file(request)

    @router.post("/systems/{identity}/changes")
    def keep(request: Request, identity: str) -> Response:
        standing = office.standings.of(desk.systems.get(identity))
        assessment = standing.assessment.model_dump(mode="json")
        desk.systems.keep(identity, assessment, reason="kept", actor=pages.person(request))
        return pages.redirect(f"/systems/{identity}/changes", "kept")


class ChangesPage:
    """The comparison of one system."""

    def __init__(self, office: Office, identity: str) -> None:
        self._office = office
        self._pages = office.pages
        self._standing = office.standings.of(office.desk.systems.get(identity))
        self._kept = office.desk.systems.snapshots(identity)

    def _compared(self, request: Request) -> tuple[list[str] | None, str]:
        """Return the differences as lines, and what it was compared with; nothing where there is nothing to compare with."""
        office, after = self._office, self._standing.assessment
        if other := request.query_params.get("against", ""):
            system = office.desk.systems.get(other)
            before, name = office.standings.of(system).assessment, system.name or self._pages.t("system_unnamed")
        else:
            wanted = request.query_params.get("kept", "")
            kept = next((one for one in self._kept if str(one.id) == wanted), next(iter(self._kept), None))
            if kept is None:
                return None, ""
            before, name = office.assessment(kept), self.label(kept.id)
        found = law_changes(office.desk.knowledge, compare(before, after), before, after)
        return list(lines_of(office.desk.knowledge, found, before, after, self._pages.language)), name

    def label(self, identity: int) -> str:
        """Return a kept assessment by its moment and reason."""
        kept = next(one for one in self._kept if one.id == identity)
        key = f"changes_reason_{kept.reason}"
        return f"{self._pages.moment(kept.at)} – {self._pages.t(key) if key in self._pages.t else kept.reason}"

    def shown(self, request: Request) -> Response:
        """Return the page."""
        lines, name = self._compared(request)
        return self._pages.render(
            "systems/changes.html",
            request,
            nav="systems",
            section="changes",
            system=self._standing.system,
            lines=lines,
            name=name,
            chosen=request.query_params.get("kept", ""),
            against=request.query_params.get("against", ""),
            kept=[(str(one.id), self.label(one.id)) for one in self._kept],
            query=request.url.query,
            copies=[one for one in self._office.desk.systems.all() if one.copied_from == self._standing.system.id],
        )

    def file(self, request: Request) -> Response:
        """Return the comparison as a Markdown file."""
        lines, name = self._compared(request)
        t, day = self._pages.t, written(self._standing.assessment.day, self._pages.language)
        head = f"# {literal(self._standing.system.name)}\n\n{t('changes_between', before=literal(name), after=day)}\n"
        body = "\n".join(f"- {literal(line)}" for line in lines or [t("changes_nothing_kept")])
        return attachment(f"{head}\n{body}\n".encode(), "changes.md")
