"""Passages: the units that are indexed, each belonging to one provision.

A provision gives one passage a language and wording, headed by what stands above it (an annex point is
not understood without its area); a duty gives one a language, filed under the provision to cite.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.law import pinpoint
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Obligation, Provision, Unsummarised
from assistant.types import Language


@dataclass(frozen=True)
class Passage:
    """A text to search, the provision it stands for, and the days on which it is the wording in force."""

    id: str
    provision: str
    language: Language
    text: str
    start: date
    end: date | None

    @property
    def content(self) -> str:
        """Hash of the text: the key under which its vector is kept."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def holds_on(self, day: date) -> bool:
        """Tell whether the passage states the wording in force on ``day``."""
        return self.start <= day and (self.end is None or day < self.end)


def passages_of(knowledge: Knowledge) -> list[Passage]:
    """Return every passage of our own summaries, in a stable order."""
    found = []
    for language in Language:
        for provision in knowledge.provisions.values():
            if isinstance(provision, Unsummarised):
                continue  # its passages are the official wording
            found += list(_provision_passages(knowledge, provision, language))
        for obligation in knowledge.obligations.values():
            found.append(_duty_passage(knowledge, obligation, language))
    return found


def phrases_of(knowledge: Knowledge) -> list[Passage]:
    """Return a passage for every way in which people ask for a provision; they stand for it as long as it is worded."""
    found = []
    for asked in knowledge.asked.values():
        wording = knowledge.provisions[asked.provision].wording
        for language in Language:
            for n, phrase in enumerate(asked.in_language(language)):
                identity = f"{asked.provision}?{n}.{language.value}"
                found.append(Passage(identity, asked.provision, language, phrase, wording[0].from_, wording[-1].to))
    return found


def _provision_passages(knowledge: Knowledge, provision: Provision, language: Language) -> Iterator[Passage]:
    head = f"{knowledge.label(provision.id, language)} {_headings(knowledge, provision, language)}"
    for index, wording in enumerate(provision.wording):
        text = f"{head}\n{wording.summary.in_language(language)}"
        identity = f"{provision.id}#{index}.{language.value}"
        yield Passage(identity, provision.id, language, text, wording.from_, wording.to)


def _headings(knowledge: Knowledge, provision: Provision, language: Language) -> str:
    document = knowledge.document_of(provision.id).id
    above = [knowledge.provisions.get(parent) for parent in reversed(pinpoint.parents(provision.id, document))]
    return " – ".join(entry.heading.in_language(language) for entry in (*above, provision) if entry is not None)


def _duty_passage(knowledge: Knowledge, obligation: Obligation, language: Language) -> Passage:
    bearers = ", ".join(knowledge.roles[role].name.in_language(language) for role in obligation.bearers)
    main = knowledge.provisions[obligation.provisions[0]]
    lines = (obligation.title, obligation.trigger, obligation.duty)
    text = "\n".join([f"{knowledge.label(main.id, language)} {bearers}", *(line.in_language(language) for line in lines)])
    start = min(wording.from_ for wording in main.wording)
    return Passage(f"{obligation.id}.{language.value}", main.id, language, text, start, main.wording[-1].to)
