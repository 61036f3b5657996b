"""The register as a file and back: what would happen is shown first, and done only when confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from assistant.law.words import word
from assistant.store.duties import safe_name
from assistant.store.rows import ConflictError, utc_now
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.files import attachment
from assistant.web.forms import Form, field
from assistant.web.standing import Standing
from assistant.web.systems.history import in_words, title
from assistant.web.systems.incoming import Plan
from assistant.web.systems.office import Office
from assistant.web.systems.register_file import Entry, NotARegisterError, Read, entry_of, from_json, to_json
from assistant.web.systems.register_sheet import from_sheet, to_sheet
from assistant.web.waiting import Upload

Kind = Literal["xlsx", "json"]
LARGEST = 10 << 20  # bytes of an uploaded register


def add(router: APIRouter, office: Office) -> None:
    """Add the downloads and the upload of the register."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/register.{kind}")
    def everything(kind: Kind) -> Response:
        return attachment(exported(office, desk.systems.all(), kind), f"register-{desk.today()}.{kind}")

    @router.get("/systems/{identity}/register.{kind}")
    def one(identity: str, kind: Kind) -> Response:
        system = desk.systems.get(identity)
        name = safe_name(system.name.replace("/", "-") or "system")
        return attachment(exported(office, [system], kind), f"{name}-{desk.today()}.{kind}")

    @router.get("/systems/import")
    def ask(request: Request) -> Response:
        return _asked(office, request)

    @router.post("/systems/import")
    def upload(request: Request, form: Form) -> Response:
        file = form.get("file")
        content = file.file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
        if not content or len(content) > LARGEST or not isinstance(file, UploadFile):
            key = "exchange_large" if content else "exchange_no_file"
            return _asked(office, request, pages.t(key, limit=LARGEST >> 20))
        try:
            read(content)
        except NotARegisterError as error:
            return _asked(office, request, _why(office, error))
        return pages.redirect(f"/systems/import/{desk.waiting.keep(Upload(file.filename or '', content, desk.systems.acting))}")

    @router.get("/systems/import/{key}")
    def shown(request: Request, key: str) -> Response:
        waiting = desk.waiting.get(key, desk.systems.acting)
        return _shown(office, request, key, waiting) if waiting else _asked(office, request, pages.t("exchange_gone"))

    @router.post("/systems/import/{key}")
    def confirmed(request: Request, key: str, form: Form) -> Response:
        waiting = desk.waiting.get(key, desk.systems.acting)
        if waiting is None:
            return _asked(office, request, pages.t("exchange_gone"))
        plan = Plan(office, read(waiting.content))
        if plan.digest() != field(form, "plan"):
            return _shown(office, request, key, waiting, changed=True)
        try:
            desk.exchange.take_in(plan.incoming, actor=pages.person(request))
        except ConflictError:
            return _shown(office, request, key, waiting, changed=True)
        desk.waiting.forget(key)
        return pages.redirect("/systems", "imported")


def read(content: bytes) -> list[Read]:
    """Return the systems of an uploaded file, whichever of the two forms it has.

    Raises:
        NotARegisterError: it holds none.
    """
    return from_sheet(content) if content.startswith(b"PK") else from_json(content)


def exported(office: Office, systems: Iterable[StoredSystem], kind: Kind) -> bytes:
    """Return systems as a file."""
    desk = office.desk
    entries = [
        (entry_of(system, desk.duties.all(system.id).values(), desk.comments.all(system.id)), system) for system in systems
    ]
    every = [(entry, told(office, entry, system)) for entry, system in entries]
    return to_sheet(every, office.t) if kind == "xlsx" else to_json(every, utc_now())


def told(office: Office, entry: Entry, system: StoredSystem) -> dict[str, Any]:
    """Return what readers of the file want beside what was written: questions, outcomes and duties in words."""
    standing, fault = None, ""
    try:
        standing = office.standings.of(system)
    except AssistantError as error:
        fault = str(error)
    language, questions = office.pages.language, office.desk.knowledge.questions
    files: defaultdict[str, list[str]] = defaultdict(list)
    for file in office.desk.duties.evidence(system.id):
        files[file.duty].append(file.name)
    return {
        "fault": fault,
        "outcomes": [
            {"axis": axis, "title": one.title, "outcome": word(one.outcome, language), "statement": one.statement}
            for axis, one in (standing.assessment.outcomes.items() if standing else ())
        ],
        "answers": {
            fact: {
                "question": questions[fact].text.in_language(language) if fact in questions else fact,
                "answer": in_words(office, fact, value),
            }
            for fact, value in entry.answers.get("facts", {}).items()
        },
        "duties": _duties(office, entry, standing, files),
    }


def _duties(office: Office, entry: Entry, standing: Standing | None, files: dict[str, list[str]]) -> dict[str, dict[str, str]]:
    """Return the duties owed, open or worked on, by id."""
    language = office.pages.language
    words = {"owed": word("columns.owed", language), "open": word("open", language), "not_owed": office.t("duties_no_longer")}
    worked_on = {one.duty for one in entry.duties} | files.keys()
    found = {one.id: one for one in standing.assessment.obligations} if standing else {}
    rows = {}
    for duty in [*found, *sorted(worked_on - found.keys())]:
        one = found.get(duty)
        if duty in worked_on or (one and one.outcome != "not_owed"):
            day: date | None = one.applies_from if one else None
            rows[duty] = {
                "title": title(office, duty),
                "outcome": words[one.outcome] if one else "",
                "applies": day.isoformat() if day else "",
                "files": "\n".join(files.get(duty, [])),
            }
    return rows


def _asked(office: Office, request: Request, fault: str = "") -> Response:
    values = {"fault": fault, "largest": LARGEST}
    return office.pages.render("systems/import.html", request, status=400 if fault else 200, nav="systems", **values)


def _shown(office: Office, request: Request, key: str, waiting: Upload, *, changed: bool = False) -> Response:
    plan = Plan(office, read(waiting.content))
    return office.pages.render(
        "systems/import_plan.html",
        request,
        status=409 if changed else 200,
        nav="systems",
        key=key,
        file=waiting.name,
        plan=plan,
        changed=changed,
        counts={action: sum(step.action == action for step in plan.steps) for action in ("create", "update", "same", "refuse")},
    )


def _why(office: Office, error: NotARegisterError) -> str:
    """Return why a file holds no register, in the language of the page."""
    t, values = office.t, dict(error.values)
    if "sheet" in values:
        values["sheet"] = t(f"exchange_sheet_{values['sheet']}")
    if isinstance(columns := values.get("columns"), list):
        values["columns"] = ", ".join(t(f"exchange_col_{one}") for one in columns)
    return t(error.key, **values)
