"""Every sentence is checked against what it cites, whoever wrote it.

A sentence stays only if its citations exist and every figure and date in it occurs in a cited entry. The check
costs nothing and has no false alarms on composed answers; a model's sentences pass the same gate.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.answer.sources import Block
from assistant.law.consistency import figures
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Text
from assistant.types import Language, Sentence


class Verifier:
    """Checks the sentences of one answer."""

    def __init__(self, knowledge: Knowledge, language: Language, provision_of: Callable[[int], str | None]) -> None:
        self._knowledge = knowledge
        self._language = language
        self._provision_of = provision_of

    def check(self, blocks: list[Block]) -> tuple[list[Block], list[Sentence]]:
        """Return the blocks without the sentences that fail, and the sentences removed."""
        kept, removed = [], []
        for block in blocks:
            good = [sentence for sentence in block.sentences if self.holds(sentence)]
            removed += [sentence for sentence in block.sentences if sentence not in good]
            if good:
                kept.append(Block(good, block.item))
        return kept, removed

    def holds(self, sentence: Sentence) -> bool:
        """Tell whether all citations of a sentence exist and carry its figures."""
        provisions = [self._provision_of(number) for number in sentence.citations]
        if any(provision is None or provision not in self._knowledge.provisions for provision in provisions):
            return False
        carried: set[float] = set()
        for provision in provisions:
            carried |= self._figures(str(provision))
        return figures(sentence.text) <= carried

    def _figures(self, provision: str) -> set[float]:
        """Return every figure that an entry, its label, its days and the duties resting on it state."""
        entry = self._knowledge.provisions[provision]
        texts = [self._knowledge.label(provision, self._language), entry.heading.in_language(self._language)]
        texts += [wording.summary.in_language(self._language) for wording in entry.wording]
        texts += self._optional(entry.review)
        days = {day for line in entry.applies for day in line.days}
        texts += [text for line in entry.applies for text in self._optional(line.case)]
        for duty in self._knowledge.duties_of.get(provision, []):
            texts += [t.in_language(self._language) for t in (duty.title, duty.duty, duty.trigger, duty.sanction.summary)]
            texts += self._optional(duty.exceptions)
            days |= {day for line in duty.applies for day in line.days}
            texts += [text for line in duty.applies for text in self._optional(line.case)]
        found: set[float] = set()
        for text in texts:
            found |= figures(text)
        return found.union(*(_figures_of_day(day) for day in days))

    def _optional(self, text: Text | None) -> list[str]:
        return [text.in_language(self._language)] if text is not None else []


def _figures_of_day(day: date) -> set[float]:
    """Return the figures of a day and of the day before, which ends a period that excludes its last day."""
    before = date.fromordinal(day.toordinal() - 1)
    return {float(part) for one in (day, before) for part in (one.year, one.month, one.day)}
