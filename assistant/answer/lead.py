"""The answer in a word, before what it rests on: prohibited, required, recommended, and on which condition.

Said only of the duty that the best provision found is there for, and only where a question asks for it and search is sure.
"Yes" and "no" are avoided: "is it legal?" and "is it illegal?" ask the same.
"""

from __future__ import annotations

from datetime import date

from assistant.answer.understand import Question
from assistant.answer.wording import phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Obligation, Provision
from assistant.types import DutyForce


def lead(entry: Provision, said: str, question: Question, day: date, knowledge: Knowledge) -> tuple[str | None, str]:
    """Return a sentence to begin with, if any, and the first sentence ``said`` of a provision, led where that fits."""
    duty = _duty_of(entry, question, knowledge)
    if duty is None:
        return None, said
    if duty.prohibits:
        covered = question.asks_leave and any(line.covers(day) for line in duty.applies)
        return None, phrase("lead_prohibited", question.language, text=said) if covered else said
    key = _key(duty, day) if question.asks_must else None
    condition = duty.trigger.in_language(question.language)
    return (phrase(key, question.language, text=condition) if key else None), said


def _duty_of(entry: Provision, question: Question, knowledge: Knowledge) -> Obligation | None:
    """Return the one duty that a provision is there for, of the roles named."""
    duties = [one for one in knowledge.duties_of.get(entry.id, []) if one.provisions[0] == entry.id]
    fitting = [one for one in duties if not question.roles or question.roles & set(one.bearers)]
    return fitting[0] if len(fitting) == 1 else None


def _key(duty: Obligation, day: date) -> str | None:
    if duty.force is DutyForce.SHOULD:
        return "lead_recommended"
    if duty.force is not DutyForce.MUST:
        return None
    if any(line.covers(day) for line in duty.applies):
        return "lead_required"
    return "lead_later" if all(line.from_ > day for line in duty.applies) else None
