"""Work on duties: state, person, day, notes, and the files that show they are done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from assistant.law.results import DutyResult
from assistant.store.duties import LARGEST_EVIDENCE, STATES, TrackedDuty
from assistant.store.rows import ConflictError
from assistant.web.files import attachment
from assistant.web.forms import Form, field, whole
from assistant.web.standing import Standing
from assistant.web.systems import evidence_kinds
from assistant.web.systems.office import Office

_TEXTS = ("state", "reason", "person", "due", "notes")


UNSETTLED = "unsettled"  # nobody works on it yet, and whether it is owed is open


@dataclass(frozen=True)
class Row:
    """One duty of a system with the work on it; ``work`` is nothing where it was not touched yet."""

    duty: DutyResult
    work: TrackedDuty | None
    files: int

    @property
    def state(self) -> str:
        """How work stands; a duty not touched yet is to do, or unsettled where it is open whether it is owed."""
        return self.work.state if self.work else UNSETTLED if self.duty.outcome == "open" else STATES[0]


def add(router: APIRouter, office: Office) -> None:
    """Add the pages of duties and their files."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/{identity}/duties")
    def duties(request: Request, identity: str) -> Response:
        standing = office.standings.of(desk.systems.get(identity))
        every = rows(office, standing)
        chosen = {name: request.query_params.get(name, "")[:100] for name in ("state", "person")}
        shown = [
            row
            for row in every
            if (not chosen["state"] or row.state == chosen["state"])
            and (not chosen["person"] or (row.work and row.work.person == chosen["person"]))
        ]
        return pages.render(
            "systems/duties.html",
            request,
            nav="systems",
            section="duties",
            system=standing.system,
            rows=shown,
            total=len(every),
            counts=Counter(row.state for row in every),
            states=[(state, pages.t(f"duty_{state}")) for state in (*STATES, UNSETTLED)],
            people_options=[(one, one) for one in sorted({row.work.person for row in every if row.work and row.work.person})],
            chosen=chosen,
            today=desk.today(),
        )

    @router.get("/systems/{identity}/duties/{duty}")
    def show(request: Request, identity: str, duty: str) -> Response:
        return DutyPage(office, identity, duty).shown(request)

    @router.post("/systems/{identity}/duties/{duty}")
    def save(request: Request, identity: str, duty: str, form: Form) -> Response:
        return DutyPage(office, identity, duty).saved(request, form)

    @router.post("/systems/{identity}/duties/{duty}/files")
    def keep(request: Request, identity: str, duty: str, form: Form) -> Response:
        return DutyPage(office, identity, duty).kept(request, form)

    @router.get("/systems/{identity}/files/{file}")
    def download(identity: str, file: str) -> Response:
        one, content = desk.duties.evidence_content(identity, file)
        return attachment(content, one.name)

    @router.post("/systems/{identity}/files/{file}/remove")
    def remove(request: Request, identity: str, file: str) -> Response:
        one, _ = desk.duties.evidence_content(identity, file)
        desk.duties.remove_evidence(identity, file, actor=pages.person(request))
        return pages.redirect(f"/systems/{identity}/duties/{one.duty}#files", "file_removed")


def rows(office: Office, standing: Standing) -> list[Row]:
    """Return the duties owed or open, and those worked on that are owed no longer."""
    tracked = office.desk.duties.all(standing.system.id)
    files = Counter(one.duty for one in office.desk.duties.evidence(standing.system.id))
    found = standing.assessment.duties("owed", "open")
    found += [duty for duty in standing.assessment.duties("not_owed") if duty.id in tracked or files[duty.id]]
    return [Row(duty, tracked.get(duty.id), files[duty.id]) for duty in found]


class DutyPage:
    """The page of one duty of one system."""

    def __init__(self, office: Office, identity: str, duty: str) -> None:
        self._office = office
        self._desk = office.desk
        self._pages = office.pages
        self._standing = office.standings.of(office.desk.systems.get(identity))
        found = next((one for one in self._standing.assessment.obligations if one.id == duty), None)
        if found is None:
            raise HTTPException(404)
        self._duty = found

    def saved(self, request: Request, form: Form) -> Response:
        """Keep how work stands; what does not fit, or was changed meanwhile, stays in the form."""
        sent = {name: field(form, name) for name in _TEXTS}
        faults = {}
        due = _day(sent["due"])
        if sent["due"] and due is None:
            faults["due"] = self._pages.t("duty_bad_day")
        if sent["state"] not in STATES:
            faults["state"] = self._pages.t("duty_no_state")
        if sent["state"] == "not_applicable" and not sent["reason"]:
            faults["reason"] = self._pages.t("duty_no_reason")
        if faults:
            return self.shown(request, sent, faults, 400)
        values: dict[str, Any] = {**sent, "due": due}
        identity, duty = self._standing.system.id, self._duty.id
        try:
            self._desk.duties.change(identity, duty, expected=whole(form, "version"), actor=self._pages.person(request), **values)
        except ConflictError:
            return self.shown(request, sent, {}, 409)
        return self._pages.redirect(f"/systems/{identity}/duties", "saved")

    def kept(self, request: Request, form: Form) -> Response:
        """Keep a file that shows the duty is done."""
        file = form.get("file")
        content = file.file.read(LARGEST_EVIDENCE + 1) if isinstance(file, UploadFile) else b""
        if not content or len(content) > LARGEST_EVIDENCE or not isinstance(file, UploadFile):
            key = "duty_file_large" if content else "duty_file_empty"
            return self.shown(request, None, {"file": self._pages.t(key, limit=LARGEST_EVIDENCE >> 20)}, 400)
        if wrong := evidence_kinds.fault(file.filename or "", content):
            told = self._pages.t(f"duty_file_{wrong}", kinds=" ".join(evidence_kinds.KINDS))
            return self.shown(request, None, {"file": told}, 400)
        identity, duty = self._standing.system.id, self._duty.id
        self._desk.duties.add_evidence(identity, duty, file.filename or "", content, actor=self._pages.person(request))
        return self._pages.redirect(f"/systems/{identity}/duties/{duty}#files", "saved")

    def shown(
        self, request: Request, sent: dict[str, str] | None = None, faults: dict[str, str] | None = None, status: int = 200
    ) -> Response:
        """Return the page, with what was sent where it did not go through."""
        identity = self._standing.system.id
        work = self._desk.duties.all(identity).get(self._duty.id)
        stands = {name: str(getattr(work, name) or "") for name in _TEXTS} if work else dict.fromkeys(_TEXTS, "")
        return self._pages.render(
            "systems/duty.html",
            request,
            status=status,
            nav="systems",
            section="duties",
            system=self._standing.system,
            duty=self._duty,
            work=work,
            values=sent or stands | {"state": stands["state"] or STATES[0]},
            stands=stands,
            conflict=status == 409,
            faults=faults or {},
            state_options=[(state, self._pages.t(f"duty_{state}"), "") for state in STATES],
            files=[one for one in self._desk.duties.evidence(identity) if one.duty == self._duty.id],
            limit=LARGEST_EVIDENCE,
            kinds=",".join(evidence_kinds.KINDS),
            removable=self._desk.comments.removable,
            comments=[one for one in self._desk.comments.all(identity) if one.about == self._duty.id],
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
