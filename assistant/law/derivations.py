"""The shape of ``outcomes.yaml`` and ``questions.yaml``: what is concluded, told and asked."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.law.base import Entry, EntryId, ObligationId, Words
from assistant.law.conditions import Condition
from assistant.law.schema import Names, Text


class Derivation(Entry):
    """A fact concluded from others: ``holds`` for a boolean, ``includes`` for each value of a set."""

    fact: EntryId
    holds: Condition | None = None
    includes: dict[str, Condition] = Field(default_factory=dict)
    provisions: list[EntryId] = Field(default_factory=list)

    @property
    def id(self) -> str:
        """The fact it concludes."""
        return self.fact

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.holds is None) == (not self.includes):
            raise ValueError("a derived fact has either 'holds' or 'includes'")
        return self


class Reason(Entry):
    """Why an outcome is as it is, told where ``when`` is true; ``review`` marks what needs a lawyer."""

    when: Condition
    text: Text
    provisions: list[EntryId] = Field(min_length=1)
    review: bool = False


class Outcome(Entry):
    """One axis of an assessment: yes where ``holds`` is true, no where it is false, else open.

    It applies from the first day on which one of its ``duties`` does. ``concerns`` says where its reasons are told, and asked
    for, at all.
    """

    id: EntryId
    title: Text
    concerns: Condition | None = None
    holds: Condition
    yes: Text
    no: Text
    reasons: list[Reason] = Field(default_factory=list)
    provisions: list[EntryId] = Field(min_length=1)
    duties: list[ObligationId] = Field(default_factory=list)


class Contradiction(Entry):
    """Answers that cannot both be true: ``facts`` name the questions, ``text`` says why."""

    id: EntryId
    facts: list[EntryId] = Field(min_length=1)
    when: Condition
    text: Text


class Option(Entry):
    """One answer to a choice: the value it gives the fact, in plain words; ``none`` means that no other fits.

    ``provisions`` are those that this very answer is about, where they are narrower than the question's.
    """

    value: EntryId
    text: Text
    provisions: list[EntryId] = Field(default_factory=list)


class Question(Entry):
    """One question in plain words; its answer is the value of one fact.

    ``ask_when`` keeps it for those it concerns: while that is false it is not asked, whatever it could change. ``suggest``
    is false where only somebody who knows case and law can answer: no answer is then proposed from a description.
    """

    fact: EntryId
    block: Literal["system", "scope", "roles", "prohibited", "high_risk", "transparency", "gpai", "gdpr", "japan", "events"]
    text: Text
    help: Text
    why: Text
    provisions: list[EntryId] = Field(default_factory=list)
    options: list[Option] = Field(default_factory=list)
    ask_when: Condition | None = None
    suggest: bool = True

    @property
    def id(self) -> str:
        """The fact that its answer gives."""
        return self.fact

    def provisions_of(self, value: object) -> list[EntryId]:
        """Return the provisions that an answer rests on: those of the options chosen, else those of the question."""
        chosen = set(value) if isinstance(value, list | set | frozenset | tuple) else {value}
        found = [one for option in self.options if option.value in chosen for one in option.provisions]
        return list(dict.fromkeys(found)) or self.provisions


class Change(Entry):
    """What becomes of an answer given for an earlier version: other answers, or it is asked anew.

    ``is`` names one value of the fact; without it the change is for every value.
    """

    fact: EntryId
    value: bool | str | None = Field(default=None, alias="is")
    becomes: dict[EntryId, bool | str | list[str]] = Field(default_factory=dict)


class Earlier(Entry):
    """An earlier version of the questionnaire, and how its answers are carried over to the present one."""

    version: Words
    changes: list[Change]


class Example(Entry):
    """Words in which people describe systems to which an answer applies: suggestions are made from them, never a verdict."""

    fact: EntryId
    value: EntryId
    words: Names

    @property
    def id(self) -> str:
        """The answer that it stands for."""
        return f"{self.fact}={self.value}"


class ExamplesFile(Entry):
    """``examples.yaml``."""

    examples: list[Example]


class QuestionsFile(Entry):
    """``questions.yaml``."""

    version: Words
    earlier: list[Earlier] = Field(default_factory=list)
    questions: list[Question]


class OutcomesFile(Entry):
    """``outcomes.yaml``."""

    derive: list[Derivation]
    outcomes: list[Outcome]
    contradictions: list[Contradiction] = Field(default_factory=list)
