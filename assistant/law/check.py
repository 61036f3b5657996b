"""Everything that can be said against the knowledge base without reading the law."""

from __future__ import annotations

from pathlib import Path

from assistant.law.consistency import disagreements
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.law.reading import KnowledgeError, Problem
from assistant.law.schema import Document, Obligation, Provision, Term


def faults(root: Path) -> list[Problem]:
    """Return every fault: schema and references first, and if there is none, figures that differ between languages."""
    try:
        return list(figure_faults(load_knowledge(root)))
    except KnowledgeError as error:
        return error.problems


def figure_faults(knowledge: Knowledge) -> list[Problem]:
    """Return the bilingual texts whose two languages state different figures."""
    entries: list[Document | Provision | Obligation | Term] = [
        *knowledge.documents.values(),
        *knowledge.provisions.values(),
        *knowledge.obligations.values(),
        *knowledge.terms.values(),
    ]
    return [
        Problem(knowledge.file_of(entry), entry.id, path, f"figures in one language only: {_listed(odd)}")
        for entry in entries
        for path, odd in disagreements(entry)
    ]


def _listed(figures: set[float]) -> str:
    return ", ".join(f"{figure:g}" for figure in sorted(figures))
