"""What a cited provision can carry: every statement, name, period and figure of its entry and of the duties on it.

Collected anew from the knowledge base, for one language and day; the product's own verifier is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from assistant.law import pinpoint
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Application, Parallel, Text
from assistant.search.tokens import tokens
from assistant.types import Language
from evals.normalise import canonical

_FIGURE = re.compile(r"<([^>]+)>")


@dataclass(frozen=True)
class Period:
    """A line of application as a sentence may tell it; ``case`` is in canonical form."""

    start: date
    last: date | None
    case: str


@dataclass
class Evidence:
    """Canonical statements and names, periods, and what follows from them: figures and words."""

    statements: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)  # labels of what stands above it
    bearers: set[str] = field(default_factory=set)
    periods: set[Period] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)  # the statements as printed, for words
    corrections: list[str] = field(default_factory=list)  # what puts a belief right: carries itself word for word only

    @property
    def days(self) -> set[date]:
        """Every day on which a period begins or ends."""
        return {day for one in self.periods for day in (one.start, one.last) if day}

    @property
    def other_figures(self) -> set[str]:
        """The figures that do not stand in a statement: of names, of cases, of days and their parts."""
        found = {figure for text in (*self.names, *(one.case for one in self.periods)) for figure in _FIGURE.findall(text)}
        return found | {form for day in self.days for form in _forms(day)}

    @property
    def name_words(self) -> set[str]:
        """The index terms of every name: of the provision, of the duties on it, and of those who bear them."""
        return {word for text in (*self.names, *self.bearers) for word in tokens(text)}

    def merged(self, other: Evidence) -> Evidence:
        """Return what both carry together."""
        return Evidence(
            self.statements | other.statements,
            self.names | other.names,
            self.within | other.within,
            self.bearers | other.bearers,
            self.periods | other.periods,
            [*self.sources, *other.sources],
            [*self.corrections, *other.corrections],
        )

    def add(self, *texts: str) -> None:
        """Add statements."""
        self.statements |= {canonical(text) for text in texts}
        self.sources += texts


def figures(text: str) -> set[str]:
    """Return the figures and days of a text in canonical form."""
    return set(_FIGURE.findall(canonical(text)))


def evidence_of(provision: str, knowledge: Knowledge, language: Language, day: date) -> Evidence:
    """Return what an entry can carry on ``day``; empty where there is no entry of that id."""
    entry = knowledge.provisions.get(provision)
    found = Evidence()
    if entry is None:
        return found
    wording = entry.wording_on(day) or entry.wording[-1]
    found.add(wording.summary.in_language(language), *_optional([wording.change, entry.review_on(day)], language))
    found.add(*(deadline.what.in_language(language) for deadline in entry.deadlines))
    found.names |= {canonical(knowledge.label(provision, language, full=full)) for full in (True, False)}
    above = pinpoint.parents(provision, knowledge.document_of(provision).id)
    found.within |= {canonical(knowledge.label(one, language)) for one in above}
    found.names.add(canonical(entry.heading.in_language(language)))
    found.periods |= _periods(entry.application_on(day), language)
    for deadline in entry.deadlines:
        found.periods.add(Period(deadline.day, None, ""))
    _add_duties(found, provision, knowledge, language, day)
    for parallel in knowledge.parallels.values():
        _add_parallel(found, parallel, provision, language)
    for premise in knowledge.premises.values():
        if provision == premise.provisions[0]:
            # Word for word only: what a correction denies must not excuse a sentence that denies it in other words.
            found.statements.add(canonical(premise.correction.in_language(language)))
            found.corrections.append(premise.correction.in_language(language))
    return found


def _add_duties(found: Evidence, provision: str, knowledge: Knowledge, language: Language, day: date) -> None:
    """Add the duties that rest on a provision, and of those it punishes what they are called and the sanction."""
    for duty in knowledge.obligations.values():
        rests, punishes = provision in duty.provisions, provision in duty.sanction.provisions
        if rests or punishes:
            found.names.add(canonical(duty.title.in_language(language)))
            found.add(duty.sanction.summary.in_language(language))
        if rests:
            found.add(duty.duty.in_language(language), duty.trigger.in_language(language))
            found.add(*_optional([duty.exceptions, duty.review_on(day)], language))
            found.bearers |= {canonical(knowledge.roles[role].name.in_language(language)) for role in duty.bearers}
            found.periods |= _periods(duty.application_on(day), language)


def _add_parallel(found: Evidence, parallel: Parallel, provision: str, language: Language) -> None:
    statements = [one for one in (*parallel.eu, *parallel.japan) if provision in one.provisions]
    if statements:
        found.add(parallel.same.in_language(language), *(one.text.in_language(language) for one in statements))


def _periods(lines: Iterable[Application], language: Language) -> set[Period]:
    return {
        Period(
            line.from_,
            line.to - timedelta(days=1) if line.to else None,
            canonical(line.case.in_language(language)) if line.case else "",
        )
        for line in lines
    }


def _optional(texts: Iterable[Text | None], language: Language) -> list[str]:
    return [text.in_language(language) for text in texts if text is not None]


def _forms(day: date) -> set[str]:
    return {day.isoformat(), str(day.year), str(day.month), str(day.day)}
