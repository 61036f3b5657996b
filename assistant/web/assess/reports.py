"""The report of a system as a file, in each format and language."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from assistant.law.report.formats import render
from assistant.store.duties import safe_name
from assistant.types import Language
from assistant.web.assess.work import Work
from assistant.web.files import attachment
from assistant.web.standing import Standings

Form = Literal["pdf", "docx", "xlsx", "md", "json"]


def add(router: APIRouter, work: Work) -> None:
    """Add the downloads."""
    standings = {language: Standings(work.desk, language) for language in Language}

    @router.get("/systems/{identity}/report.{form}")
    def report(identity: str, form: Form, lang: Language = work.pages.language) -> Response:
        standing = standings[lang].of(work.desk.systems.get(identity))
        content = render(form, work.desk.knowledge, standing.assessment, standing.answers)
        name = safe_name(standing.system.name.replace("/", "-") or "assessment")
        return attachment(content, f"{name}-{standing.assessment.day}-{lang.value}.{form}")
