"""How much the knowledge base holds of each document, and against what it was checked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from assistant.law.knowledge import Knowledge
from assistant.types import Basis, Confidence

_COLUMNS = ("document", "provisions", "duties", "official text", "briefing", "secondary", "not high confidence")


def tally(knowledge: Knowledge) -> str:
    """Return a Markdown table with a line per document and one for the glossary, the parallels and the sum.

    A duty counts for the document of the provision to cite first; basis and confidence are those of the provisions.
    """
    provisions, duties = defaultdict(list), Counter[str]()
    for entry in knowledge.provisions.values():
        provisions[knowledge.document_of(entry.id).id].append((entry.basis, entry.confidence))
    for duty in knowledge.obligations.values():
        duties[knowledge.document_of(duty.provisions[0]).id] += 1
    lines = [_line(document, provisions[document], duties[document]) for document in knowledge.documents]
    everything = [checked for group in provisions.values() for checked in group]
    lines.append(_line("all", everything, len(knowledge.obligations)))
    extent = f"{len(knowledge.documents)} documents, {len(knowledge.terms)} terms, {len(knowledge.parallels)} parallels."
    return "\n".join([_row(_COLUMNS), _row(["---"] * len(_COLUMNS)), *lines, "", extent])


def _line(name: str, checked: list[tuple[Basis, Confidence]], duties: int) -> str:
    by_basis = Counter(basis for basis, _ in checked)
    doubtful = sum(confidence is not Confidence.HIGH for _, confidence in checked)
    return _row([name, len(checked), duties, *(by_basis[basis] for basis in Basis), doubtful])


def _row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell or "–") for cell in cells) + " |"
