"""What the pages of the questionnaire share: answers as they are kept, the next question, an answer taken or refused."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from fastapi import HTTPException

from assistant.answer.suggest import Suggester, open_suggester
from assistant.law.answers import LONGEST, Answers, as_data, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.derivations import Question
from assistant.law.questionnaire import about, contradictions, remaining
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.pages import Pages

Given = dict[str, Any]  # an answers file: {"questionnaire": …, "facts": …, "notes": …}, facts in the order of answering


class UnfitError(AssistantError):
    """An answer that does not fit its question, in the language of the page."""


class ContradictionError(AssistantError):
    """An answer that cannot be true beside others; ``facts`` names the questions concerned."""

    def __init__(self, message: str, facts: list[str]) -> None:
        super().__init__(message)
        self.facts = facts


class Work:
    """Answers about systems, in one language."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.desk = pages.desk
        self.t = pages.t
        self.standings = pages.standings

    @cached_property
    def suggester(self) -> Suggester:
        """What proposes answers from a description; opened when first asked for."""
        return open_suggester(self.desk.knowledge, self.desk.assistant.settings)

    @property
    def texts(self) -> list[str]:
        """The facts that hold a text: the system's name, then its description."""
        return [question.fact for question in about(self.desk.knowledge)]

    def kind(self, question: Question) -> str:
        """Return the form of a question's answer."""
        return self.desk.knowledge.facts[question.fact].kind

    def current(self, kept: Given) -> Given:
        """Return kept answers in the form of this release's questionnaire.

        Raises:
            AssistantError: they are for a questionnaire that this release does not know.
        """
        if kept.get("questionnaire") == self.desk.knowledge.questionnaire:
            return kept
        return as_data(parse_answers(kept, self.desk.knowledge), self.desk.knowledge)

    def parsed(self, given: Given) -> Answers:
        """Return answers as the law reads them."""
        return parse_answers(given, self.desk.knowledge)

    def next(self, given: Given) -> Question | None:
        """Return the next question that can still change something; nothing where all is settled."""
        return next(iter(remaining(self.desk.knowledge, self.parsed(given))), None)

    def empty(self) -> Given:
        """Return the answers of a system of which nothing is known."""
        return {"questionnaire": self.desk.knowledge.questionnaire, "facts": {}}

    def name_of(self, given: Given) -> str:
        """Return the name that the answers give the system."""
        return str(given["facts"].get(self.texts[0], "")) if self.texts else ""

    def described(self, given: Given, name: str, description: str) -> Given:
        """Return the answers with this name and description; an empty one is left out."""
        texts = dict(zip(self.texts, (name, description), strict=False))
        rest = {fact: value for fact, value in given["facts"].items() if fact not in texts}
        return {**given, "facts": {**{fact: text for fact, text in texts.items() if text}, **rest}}

    def answered(self, kept: Given, question: Question, value: object, note: str | None = None) -> Given:
        """Return the answers with one more, or one changed; ``note`` nothing leaves the note as it is.

        Raises:
            UnfitError: the answer does not fit its question, or the note is too long.
            ContradictionError: it cannot be true beside another answer.
        """
        given = self.current(kept)
        facts = {**given["facts"], question.fact: value}
        try:
            self.parsed({**given, "facts": {question.fact: value}, "notes": {}})
        except AssistantError as error:
            raise UnfitError(self._misfit(question)) from error
        if note and len(note) > LONGEST:
            raise UnfitError(self.t("assess_note_long", length=len(note), limit=LONGEST))
        changed = {**given, "facts": facts}
        if note is not None:
            notes = {**given.get("notes", {}), question.fact: note}
            changed["notes"] = {fact: text for fact, text in notes.items() if text}
        self.refuse_contradictions(changed)
        return changed

    def refuse_contradictions(self, given: Given) -> None:
        """Refuse answers that cannot all be true.

        Raises:
            ContradictionError: with the questions concerned.
        """
        answers = self.parsed(given)
        if found := contradictions(self.desk.knowledge, answers):
            try:
                Assessor(self.desk.knowledge, self.pages.language).refuse_contradictions(answers)
            except AssistantError as error:
                raise ContradictionError(str(error), [fact for one in found for fact in one.facts]) from error

    def save(self, system: StoredSystem, given: Given, expected: int, actor: str) -> StoredSystem:
        """Keep the answers; once nothing remains to be asked for the first time, keep the assessment as well.

        Raises:
            ConflictError: the system was changed since version ``expected``.
        """
        name = self.name_of(given) or system.name
        complete = None if self.desk.systems.snapshots(system.id, 1) else self.complete(given)
        return self.desk.systems.save_answers(system.id, given, name=name, expected=expected, actor=actor, complete=complete)

    def complete(self, given: Given) -> dict[str, Any] | None:
        """Return the assessment of answers that leave nothing to be asked: it is kept so that later ones are compared with it."""
        return None if self.next(self.current(given)) else self.standings.assessed(given).model_dump(mode="json")

    def named(self, fact: str) -> str:
        """Return a fact by its label."""
        return self.pages.fact(fact)

    def question(self, fact: str) -> Question:
        """Return a question by its fact.

        Raises:
            HTTPException: there is none (404).
        """
        if fact not in self.desk.knowledge.questions:
            raise HTTPException(404)
        return self.desk.knowledge.questions[fact]

    def _misfit(self, question: Question) -> str:
        key = f"assess_misfit_{self.kind(question)}"
        return self.t(key if key in self.t else "assess_choose")
