"""The next question of the questionnaire in one language, for programs and agents."""

from __future__ import annotations

from pydantic import BaseModel, Field

from assistant.law.answers import Answers
from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import progress, remaining
from assistant.types import Language


class NextStep(BaseModel):
    """The question to put next; nothing in ``fact`` where all is settled. ``options`` are value to be sent → its words."""

    questionnaire: str
    fact: str | None = None
    question: str = ""
    help: str = ""
    why: str = ""
    kind: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    provisions: list[str] = Field(default_factory=list)
    answered: int
    left: int


def next_step(knowledge: Knowledge, given: Answers, language: Language) -> NextStep:
    """Return the next question that can still change something, and how many are answered and left."""
    answered, left = progress(knowledge, given)
    question = next(iter(remaining(knowledge, given)), None)
    if question is None:
        return NextStep(questionnaire=knowledge.questionnaire, answered=answered, left=left)
    return NextStep(
        questionnaire=knowledge.questionnaire,
        fact=question.fact,
        question=question.text.in_language(language),
        help=question.help.in_language(language),
        why=question.why.in_language(language),
        kind=knowledge.facts[question.fact].kind,
        options={str(option.value): option.text.in_language(language) for option in question.options},
        provisions=list(question.provisions),
        answered=answered,
        left=left,
    )
