"""Comparisons of the EU and Japan from the checked parallels: which one a question means, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.answer.sources import Block, Sources
from assistant.answer.wording import phrase, sentences
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Parallel, Provision, Statement
from assistant.types import Language, Sentence


def stands_on(parallel: Parallel, day: date, knowledge: Knowledge) -> bool:
    """Tell whether nothing that a parallel rests on is different on ``day`` from the day on which it was checked."""
    entries = [knowledge.provisions[identity] for identity in provisions_of(parallel)]
    return all(_state(entry, day) == _state(entry, parallel.checked_on) for entry in entries)


def provisions_of(parallel: Parallel) -> list[str]:
    """Return the ids that a parallel rests on, in the order in which it says them."""
    return [identity for statement in (*parallel.eu, *parallel.japan) for identity in statement.provisions]


def side_by_side(parallel: Parallel, language: Language, sources: Sources) -> list[Block]:
    """Say what is shared, what each side says, and what to do; each statement under its own provisions."""
    first_of_each = [side[0].provisions[0] for side in (parallel.eu, parallel.japan)]
    shared = Statement(text=parallel.same, provisions=first_of_each)
    blocks = [Block(list(_said(shared, language, sources)))]
    for name, side in (("eu_side", parallel.eu), ("jp_side", parallel.japan)):
        blocks.append(Block([Sentence(text=phrase(name, language))]))
        blocks += [Block(list(_said(statement, language, sources)), item=True) for statement in side]
    advice = phrase("in_practice", language, text=parallel.practice.in_language(language))
    return [*blocks, Block([Sentence(text=advice)])]


def _said(statement: Statement, language: Language, sources: Sources) -> Iterator[Sentence]:
    numbers = [sources.cite(identity) for identity in statement.provisions]
    for text in sentences(statement.text.in_language(language), language):
        yield Sentence(text=text, citations=numbers)


def _state(entry: Provision, day: date) -> object:
    return entry.wording_on(day), [(line.from_, line.covers(day)) for line in entry.application_on(day)]
