"""What an answer changes: the consequences of each option of a question, and of an answer that was changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict

from assistant.law.answers import Answers
from assistant.law.assessment import Assessor
from assistant.law.comparison import Comparison, compare
from assistant.law.knowledge import Knowledge
from assistant.law.rules import Value
from assistant.law.words import said, word
from assistant.types import AssistantError, Language


class Consequence(BaseModel):
    """What one answer to a question would change against the answers given so far, in one line."""

    model_config = ConfigDict(frozen=True)

    answer: str
    told: str


def consequences(knowledge: Knowledge, answers: Answers, fact: str, day: date, language: Language) -> list[Consequence]:
    """Return what each option of a question, chosen alone, would change; nothing for days, numbers and texts."""
    assessor, question = Assessor(knowledge, language), knowledge.questions[fact]
    before = assessor.assess(answers, day)
    found = []
    for value in _options(knowledge, fact):
        given = replace(answers, facts={**answers.facts, fact: value}, unknown=answers.unknown - {fact})
        try:
            told = summed_up(compare(before, assessor.assess(given, day)), language)
        except AssistantError as error:
            told = str(error)
        found.append(Consequence(answer=said(value, question.options, language), told=told))
    return found


def _options(knowledge: Knowledge, fact: str) -> list[Value]:
    kind = knowledge.facts[fact].kind
    values = knowledge.facts[fact].values
    options: dict[str, list[Value]] = {
        "boolean": [True, False],
        "choice": list(values),
        "set": [frozenset({value}) for value in values],
    }
    return options.get(kind, [])


def summed_up(change: Comparison, language: Language) -> str:
    """Return a comparison in one line: outcomes that change, and how many duties come, go, open, close or move."""
    parts = [
        f"{word('listed', language, head=one.title, text=word(one.before, language))} → {word(one.after, language)}"
        for one in change.outcomes
    ]
    counts = {"added": change.added, "removed": change.removed, "opened": change.opened, "closed": change.closed}
    parts += [word(f"change.{name}", language, n=len(duties)) for name, duties in counts.items() if duties]
    if change.moved:
        parts.append(word("change.moved", language, n=len(change.moved)))
    return word("separator", language).join(parts) or word("change.nothing", language)
