"""A comparison of two assessments in lines: what differs, then why."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.law.comparison import Comparison
from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment
from assistant.law.words import named, word, written
from assistant.types import Language

_SIGNS = {"added": "+", "removed": "-", "opened": "?", "closed": "/", "reworded": "~", "started": "▶"}


def changes(knowledge: Knowledge, found: Comparison, before: Assessment, after: Assessment, language: Language) -> Iterator[str]:
    """Yield the lines; duties carry a sign: + came, - went, ? open now, / settled, ~ reworded, ▶ applies by now, > other day."""
    for outcome in found.outcomes:
        arrow = f"{word(outcome.before, language)} → {word(outcome.after, language)}"
        yield word("listed", language, head=outcome.title, text=arrow)
    titles = {duty.id: duty.title for one in (before, after) for duty in one.obligations}
    for name, sign in _SIGNS.items():
        yield from (f"{sign} {duty} {titles[duty]}" for duty in getattr(found, name))
    for moved in found.moved:
        old, new = (written(day, language) if day else word("applies_open", language) for day in (moved.before, moved.after))
        yield word("listed", language, head=f"> {moved.id} {moved.title}", text=f"{old} → {new}")
    if found.nothing:
        yield word("compared_with.nothing", language)
    yield from _reasons(knowledge, found, before, after, language)


def _reasons(knowledge: Knowledge, found: Comparison, before: Assessment, after: Assessment, language: Language) -> Iterator[str]:
    if found.answers:
        facts = (named(fact, knowledge.facts, language) for fact in found.answers)
        yield word("compared_with.answers", language, facts=word("separator", language).join(facts))
    if found.other_day:
        days = {"before": written(before.day, language), "after": written(after.day, language)}
        yield word("compared_with.day", language, **days)
    if found.other_knowledge:
        yield word("compared_with.knowledge", language, before=before.knowledge, after=after.knowledge)
    for change in found.law_changes:
        label = knowledge.label(change.provision, language)
        yield word("compared_with.law", language, day=written(change.day, language), provision=label, text=change.text)
