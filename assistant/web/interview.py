"""The questionnaire in the chat: the next question about the system, with its options; what is answered is kept like on its page.

What is no answer to the question that stands there is a question like any other, so that one may ask in between.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from assistant.answer import trace
from assistant.answer.sources import Sources
from assistant.law.answers import UNKNOWN
from assistant.law.derivations import Question
from assistant.law.questionnaire import progress
from assistant.store.rows import ConflictError
from assistant.store.systems import StoredSystem
from assistant.types import Answer, Language, Sentence
from assistant.web.assess.work import ContradictionError, UnfitError, Work
from assistant.web.i18n import texts
from assistant.web.pages import Pages
from assistant.web.team.permissions import ASSESS

MOST_CHOICES = 5  # buttons for a choice that the chat page has
ASKED = "questionnaire"  # in the trace of a reply: the fact that it asks for
_NUMBERS = re.compile(r"\d+(?:\s*[,、，]\s*\d+)*")
_SEPARATOR = re.compile(r"\s*[,、，]\s*")


class Interview:
    """Takes the questionnaire in the chat, in both languages."""

    def __init__(self, pages: Mapping[Language, Pages]) -> None:
        self._works = {language: Work(one) for language, one in pages.items()}

    def reply(self, system: StoredSystem, before: Answer | None, words: str) -> Answer | None:
        """Return the reply to what was typed after ``before``; nothing where it has nothing to do with the questionnaire."""
        begun = next((one for one in Language if words.strip() == texts(one)("interview_next")), None)
        if begun:
            return self._next(self._works[begun], system)
        fact = before.trace.get(ASKED) if before else None
        work = self._works[before.language] if before else None
        if work is None or fact not in work.desk.knowledge.questions:
            return None
        question = work.question(fact)
        value = self._value(work, question, words.strip())
        return None if value is None else self._taken(work, system, question, value)

    def _taken(self, work: Work, system: StoredSystem, question: Question, value: object) -> Answer:
        if not work.desk.may(ASSESS, system.id):
            return self._asking(work, system, question, f"⚠ {work.t('only_assess')}")
        try:
            given = work.answered(system.answers, question, value)
            saved = work.save(system, given, system.version, self._actor(work))
        except (UnfitError, ContradictionError) as error:
            return self._asking(work, system, question, f"⚠ {error}")
        except ConflictError:
            return self._asking(work, system, question, f"⚠ {work.t('conflict')}")
        return self._next(work, saved)

    @staticmethod
    def _actor(work: Work) -> str:
        person = work.desk.systems.acting.person
        return work.desk.team.people.get(person).name if work.desk.team and person else work.t("interview_actor")

    def _next(self, work: Work, system: StoredSystem) -> Answer:
        question = work.next(work.current(system.answers))
        if question is not None:
            return self._asking(work, system, question)
        outcomes = work.standings.of(system).assessment.outcomes.values()
        lines = [f"- {one.title}: {work.t('assess_axis_' + one.outcome)}" for one in outcomes]
        link = f"[{work.t('assess_to_result')}]({work.pages.base}/systems/{system.id})"
        return self._answer(work, [work.t("assess_done"), "\n".join(lines), link])

    def _asking(self, work: Work, system: StoredSystem, question: Question, told: str = "") -> Answer:
        """Return a question with its options: to press where there are few and one is chosen, else to type by number."""
        language = work.pages.language
        answered, left = progress(work.desk.knowledge, work.parsed(work.current(system.answers)))
        options, kind = [text for _, text in self._options(work, question)], work.kind(question)
        typed = self._typed(kind, options)
        listed = "\n".join(f"{n}. {text}" for n, text in enumerate(options, start=1)) if typed else ""
        how = work.t("interview_numbers" if kind == "set" else "interview_number" if typed else "interview_choose")
        parts = [
            told,
            f"**{question.text.in_language(language)}**",
            question.help.in_language(language),
            listed,
            how if options else work.t(f"assess_{kind}"),
            work.t("assess_progress", answered=answered, left=left),
        ]
        unknown = [work.t("assess_unknown")]
        return self._answer(work, parts, question, unknown if typed else [*options, *unknown])

    @staticmethod
    def _typed(kind: str, options: list[str]) -> bool:
        """Tell whether the answer is typed by number: several may fit, or there are more than the page has buttons."""
        return bool(options) and (kind == "set" or len(options) >= MOST_CHOICES)

    def _answer(self, work: Work, parts: list[str], question: Question | None = None, options: list[str] | None = None) -> Answer:
        assistant, language, day = work.desk.assistant, work.pages.language, work.desk.today()
        sources = Sources(work.desk.knowledge, language, day, assistant.library)
        cited = list(question.provisions) if question else []
        citations = [sources.citation(one, n) for n, one in enumerate(cited, start=1)]
        marks = " ".join(f"[{one.n}]" for one in citations)
        why = [f"{question.why.in_language(language)} {marks}".strip()] if question else []
        text = "\n\n".join(part for part in [*parts[:3], *why, *parts[3:]] if part)
        return Answer(
            answer=text,
            language=language,
            refused=False,
            reason=None,
            as_of=day,
            understood_as=None,
            sentences=[Sentence(text=one, citations=[c.n for c in citations]) for one in why],
            citations=citations,
            warnings=[],
            options=options or [],
            trace=self._trace(work, question, cited),
        )

    @staticmethod
    def _trace(work: Work, question: Question | None, cited: list[str]) -> dict[str, Any]:
        knowledge, corpus = work.desk.knowledge.version, work.desk.assistant.corpus
        made: dict[str, Any] = {"way": "system", "retrieved": [], "probability": None, "cited": cited, "removed": []}
        made |= {"steps": {}, "milliseconds": 0.0}
        asked = {ASKED: question.fact} if question else {}
        return trace.versions(knowledge, corpus, None) | trace.understood(None) | made | asked

    @staticmethod
    def _options(work: Work, question: Question) -> list[tuple[Any, str]]:
        """Return the answers to choose from, each with its words."""
        if work.kind(question) == "boolean":
            return [(True, work.t("yes")), (False, work.t("no"))]
        return [(option.value, option.text.in_language(work.pages.language)) for option in question.options]

    def _value(self, work: Work, question: Question, words: str) -> Any:
        """Return the answer that was pressed or typed; nothing where it is none."""
        words = unicodedata.normalize("NFKC", words)
        if words == work.t("assess_unknown"):
            return UNKNOWN
        options, kind = self._options(work, question), work.kind(question)
        if options and _NUMBERS.fullmatch(words):
            places = [int(one) - 1 for one in _SEPARATOR.split(words)]
            chosen = [options[n][0] if 0 <= n < len(options) else "" for n in places]
            return chosen if kind == "set" else chosen[0]
        if options:
            named = next((value for value, text in options if unicodedata.normalize("NFKC", text) == words), None)
            return [named] if kind == "set" and named is not None else named
        return words if re.fullmatch(r"[\d.,e+\-]+", words) else None
