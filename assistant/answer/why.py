"""Where an answer comes from, in words: how sure it is, what was understood, found, cited and removed, and with what.

Everything is read from the answer and its trace; the page and the command line show the same. The words stand in ``why.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answer.wording import long_date
from assistant.law.base import Entry
from assistant.law.knowledge import Knowledge
from assistant.law.reading import read_entries
from assistant.law.schema import Text
from assistant.types import Answer, Language

_HERE = Path(__file__).resolve().parent
# What a reader is told of as one way of searching: its lanes in the trace, of which the best rank counts.
_LANES = {"words": ["words"], "meaning": ["vectors", "parts"], "asked": ["asked_words", "asked_vectors"], "terms": ["terms"]}


class WhyFile(Entry):
    """``why.yaml``."""

    confidence: dict[str, Text]
    names: dict[str, Text]
    columns: dict[str, Text]
    sayings: dict[str, Text]
    kinds: dict[str, Text]
    jurisdictions: dict[str, Text]
    ways: dict[str, Text]
    steps: dict[str, Text]
    reasons: dict[str, Text]


@dataclass(frozen=True)
class Row:
    """One provision that was found: its rank by each way of searching (nothing where that did not find it)."""

    label: str
    ranks: dict[str, int | None]
    cited: bool


@dataclass(frozen=True)
class Why:
    """Where one answer comes from: facts under their names, the provisions found, the statements removed."""

    language: Language
    facts: list[tuple[str, str]]
    rows: list[Row]
    removed: list[str]

    def lines(self) -> Iterator[str]:
        """Yield it as plain text, as the command line prints it."""
        yield saying("title", self.language)
        for name, value in self.facts:
            yield f"  {saying('pair', self.language, name=name, value=value)}"
        if self.rows:
            yield saying("found", self.language)
        for number, row in enumerate(self.rows, start=1):
            yield f"  {number:>2}. {self._told(row)}"
        if self.removed:
            yield saying("removed", self.language)
        yield from (f"  - {text}" for text in self.removed)

    def _told(self, row: Row) -> str:
        ranks = [
            saying("rank", self.language, name=column(way, self.language).lower(), rank=str(rank))
            for way, rank in row.ranks.items()
            if rank is not None
        ]
        details = [*ranks, *([saying("is_cited", self.language)] if row.cited else [])]
        return saying("row", self.language, label=row.label, details=_joined(details, self.language)) if details else row.label


def confidence_told(answer: Answer) -> str | None:
    """Return how likely the provision found first is about the question, in words; nothing where that was not measured."""
    return _file().confidence[answer.confidence.value].in_language(answer.language) if answer.confidence else None


def why(answer: Answer, knowledge: Knowledge) -> Why:
    """Return where an answer comes from, in its language."""
    named = _understood(answer, knowledge) | _made(answer)
    facts = [(_file().names[name].in_language(answer.language), value) for name, value in named.items() if value]
    return Why(answer.language, facts, list(_rows(answer, knowledge)), list(_removed(answer)))


def saying(key: str, language: Language, **values: str) -> str:
    """Return one of the words around a trace, filled in."""
    return _file().sayings[key].in_language(language).format(**values)


def column(name: str, language: Language) -> str:
    """Return how a column of the provisions found is called."""
    return _file().columns[name].in_language(language)


def _understood(answer: Answer, knowledge: Knowledge) -> dict[str, str]:
    """Return what was understood of the question, and for which day it was answered."""
    trace, language, file = answer.trace, answer.language, _file()
    named = {
        "references": [knowledge.label(one, language) for reference in trace["references"] for one in reference],
        "documents": [knowledge.documents[one].short.in_language(language) for one in trace.get("documents", [])],
        "jurisdictions": [file.jurisdictions[one].in_language(language) for one in trace.get("jurisdictions", [])],
        "roles": [knowledge.roles[one].name.in_language(language) for one in trace.get("roles", [])],
        "topics": [knowledge.parallels[one].topic.in_language(language) for one in trace.get("topics", [])],
        # Parts matter to search only; a provision that is named is answered whole.
        "parts": [saying("quoted", language, text=one) for one in trace.get("parts", []) if trace["way"] == "search"],
    }
    kind = file.kinds[trace["kind"]].in_language(language) if trace["kind"] else ""
    told = {name: _joined(values, language) for name, values in named.items()}
    return {"kind": kind} | told | {"as_of": long_date(answer.as_of, language)}


def _made(answer: Answer) -> dict[str, str]:
    """Return how the answer was found and made: way, probability, model, versions, times."""
    trace, language = answer.trace, answer.language
    steps = [
        saying("step", language, name=_file().steps[name].in_language(language), time=f"{milliseconds:.0f}")
        for name, milliseconds in trace["steps"].items()
    ]
    versions = {name: str(trace[name]) for name in ("version", "knowledge", "corpus")}
    embedding = trace["embedding"] or saying("no_vectors", language)
    likely = trace["probability"] if trace["retrieved"] else None
    return {
        "way": _file().ways[trace["way"]].in_language(language) if trace["retrieved"] or answer.citations else "",
        "probability": f"{likely:.0%}" if likely is not None else "",
        "model": _model(trace.get("model_asked"), language),
        "versions": saying("versions", language, embedding=embedding, **versions),
        "time": saying("time", language, total=f"{trace['milliseconds']:.0f}", steps=_joined(steps, language)),
    }


def _model(asked: dict[str, Any] | None, language: Language) -> str:
    if asked is None:
        return saying("no_model", language)
    values = {"name": str(asked["name"]), "to": str(asked["to"])}
    if asked["outcome"] != "worded":
        return saying("model_unused", language, **values)
    return saying("model_used", language, kept=str(asked["kept"]), removed=str(len(asked["removed"])), **values)


def _rows(answer: Answer, knowledge: Knowledge) -> Iterator[Row]:
    """Yield the provisions found, best first, then those cited that came by another way than search."""
    cited = {citation.provision: citation.label for citation in answer.citations}
    found = {one["provision"]: one["lanes"] for one in answer.trace["retrieved"]}
    for provision, lanes in found.items():
        ranks = {way: min((lanes[lane] for lane in names if lane in lanes), default=None) for way, names in _LANES.items()}
        yield Row(knowledge.label(provision, answer.language), ranks, provision in cited)
    for provision, label in cited.items():
        if provision not in found:
            yield Row(label, dict.fromkeys(_LANES), cited=True)


def _removed(answer: Answer) -> Iterator[str]:
    """Yield the statements that did not stand, those of a model with the reason."""
    yield from answer.trace["removed"]
    for one in (answer.trace.get("model_asked") or {}).get("removed", []):
        reason = _file().reasons[one["reason"]].in_language(answer.language)
        yield saying("removed_because", answer.language, text=one["text"], reason=reason)


def _joined(values: list[str], language: Language) -> str:
    return ("、" if language is Language.JA else ", ").join(values)


@cache
def _file() -> WhyFile:
    return read_entries(_HERE / "why.yaml", WhyFile, _HERE)
