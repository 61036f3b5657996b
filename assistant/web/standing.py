"""How a system of the register stands today: its answers as the law reads them, and what follows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assistant.law.answers import Answers, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.results import Assessment
from assistant.store.systems import StoredSystem
from assistant.types import Language
from assistant.web.desk import Desk

_REMEMBERED = 256


@dataclass(frozen=True)
class Standing:
    """A system with its answers and today's assessment of them."""

    system: StoredSystem
    answers: Answers
    assessment: Assessment


class Standings:
    """Assesses systems in one language; what did not change since is not assessed again."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self._desk = desk
        self._language = language
        self._assessed = lru_cache(_REMEMBERED)(self._assess)

    def of(self, system: StoredSystem) -> Standing:
        """Return how a system stands today.

        Raises:
            AssistantError: its answers do not fit this release's questionnaire, or contradict each other.
        """
        answers, assessment = self._of(system.answers)
        named = assessment.model_copy(
            update={"status": "final" if system.state == "approved" else "draft", "reviewer": system.reviewer}
        )
        return Standing(system, answers, named)

    def assessed(self, given: dict[str, Any]) -> Assessment:
        """Return what follows today from answers in the form of an answers file.

        Raises:
            AssistantError: as for ``of``.
        """
        return self._of(given)[1]

    def _of(self, given: dict[str, Any]) -> tuple[Answers, Assessment]:
        return self._assessed(json.dumps(given), self._desk.knowledge.version, self._desk.today().isoformat())

    def _assess(self, answers: str, _knowledge: str, _day: str) -> tuple[Answers, Assessment]:
        given = parse_answers(json.loads(answers), self._desk.knowledge)
        return given, Assessor(self._desk.knowledge, self._language).assess(given, given.day or self._desk.today())
