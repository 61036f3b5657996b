"""What the questionnaire page does: ask, take an answer, change one later, suggest, save, resume and report."""

from __future__ import annotations

import contextlib
import json
import tempfile
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from assistant.answer.consent import all_told, may_send
from assistant.answer.pipeline import Assistant
from assistant.answer.suggest import Suggester, open_suggester
from assistant.law.answers import UNKNOWN, Answers, as_data, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.comparison import compare
from assistant.law.derivations import Question
from assistant.law.questionnaire import about, progress, remaining
from assistant.law.report.formats import render
from assistant.law.report.markdown import MarkdownReport
from assistant.law.results import Assessment
from assistant.law.whatif import consequences, summed_up
from assistant.law.words import named, said, word
from assistant.types import AssistantError
from assistant.web.i18n import Texts

Given = dict[str, Any]  # facts as in an answers file, in the order in which they were answered
Shown = tuple[Any, ...]
_REPORTS: tuple[Literal["pdf", "docx", "xlsx"], ...] = ("pdf", "docx", "xlsx")
_YES, _NO = "true", "false"
_CHOICES, _SET = ("boolean", "choice"), "set"


class AssessPage:
    """What the questionnaire page does; ``given`` holds the answers so far, ``editing`` the fact that is answered again."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._assistant = assistant
        self._knowledge = assistant.knowledge
        self._assessor = Assessor(assistant.knowledge, t.language)
        self._t = t
        self._texts = [question.fact for question in about(assistant.knowledge)]

    @cached_property
    def _suggester(self) -> Suggester:
        return open_suggester(self._knowledge, self._assistant.settings)

    def about_help(self) -> str:
        """Return what to write about a system, and where a description goes."""
        told = [question.help.in_language(self._t.language) for question in about(self._knowledge)][-1:]
        if (settings := self._assistant.settings).model:
            key = "assess_sent" if may_send(settings) else "assess_sent_once_agreed"
            told.append(self._t(key, told=all_told(settings, self._t.language)))
        return " ".join(told)

    def show(self, given: Given, editing: str | None = None, told: str = "") -> Shown:
        """Return the question to answer, or the one that is answered again, and what follows from the answers so far."""
        answers = self._answers(given)
        question = self._asked(given, editing)
        result = self._assessed(answers)
        report = MarkdownReport(self._knowledge, result, answers).text()
        gone = gr.update(visible=False, value=None)  # reports made of other answers
        buttons = (gr.update(visible=question is not None),) * 3
        rest = (told, report, self._saved(answers), self._changeable(given), "", gone, *buttons)
        if question is None:
            nothing = gr.update(visible=False)
            return given, None, f"### {self._t('assess_done')}", nothing, nothing, nothing, *rest
        answered, left = progress(self._knowledge, answers)
        told_progress = self._t("assess_progress", answered=answered, left=left)
        return given, editing, f"{self._text(question)}\n\n*{told_progress}*", *self._inputs(question, given, editing), *rest

    def answer(self, given: Given, editing: str | None, one: str | None, several: list[str], typed: str) -> Shown:
        """Take the answer to the question shown; one that does not fit or contradicts another is told and not taken."""
        question = self._asked(given, editing)
        if question is None:
            return self.show(given)
        kind = self._kind(question)
        value: object = {"boolean": one == _YES if one else None, "choice": one, _SET: several or None}.get(
            kind, typed.strip() or None
        )
        if value is None:
            return self.show(given, editing, f"⚠ {self._t('assess_choose')}")
        return self._taken(given, editing, question, value)

    def unknown(self, given: Given, editing: str | None) -> Shown:
        """Take "I don't know" for an answer: it keeps things open."""
        question = self._asked(given, editing)
        return self.show(given) if question is None else self._taken(given, editing, question, UNKNOWN)

    def back(self, given: Given, editing: str | None) -> Shown:
        """Leave a change undone, or take the last answer back and ask again."""
        last = next((fact for fact in reversed(given) if fact not in self._texts), None)
        return self.show(given if editing else {fact: value for fact, value in given.items() if fact != last})

    def change(self, given: Given, fact: str | None) -> Shown:
        """Show a question answered earlier again, with its answer."""
        if not fact:
            return self.show(given, told=f"⚠ {self._t('assess_choose_answer_first')}")
        return self.show(given, fact)

    def leads(self, given: Given, editing: str | None) -> str:
        """Tell what each answer to the question shown would change."""
        question = self._asked(given, editing)
        if question is None:
            return ""
        answers, language = self._answers(given), self._t.language
        told = consequences(self._knowledge, answers, question.fact, date.today(), language)
        rows = (f"- **{one.answer}** – {one.told}" for one in told)
        return "\n".join(rows) or self._t("assess_leads_nothing")

    def keep(self, given: Given, name: str, description: str) -> tuple[Given, str]:
        """Keep name and description as they stand; return the answers and the report with them."""
        texts = dict(zip(self._texts, (name.strip(), description.strip()), strict=False))
        rest = {fact: value for fact, value in given.items() if fact not in texts}
        given = {**{fact: text for fact, text in texts.items() if text}, **rest}
        answers = self._answers(given)
        return given, MarkdownReport(self._knowledge, self._assessed(answers), answers).text()

    def suggest(self, given: Given, name: str, description: str) -> tuple[Given, list[dict[str, Any]], Any, Any, str]:
        """Keep name and description, and offer what the description suggests; nothing is taken before it is ticked."""
        given = self.keep(given, name, description)[0]
        found = self._suggester.suggest(description, self._t.language) if description.strip() else []
        choices = []
        for one in found:
            question = self._knowledge.questions[one.fact]
            value = self._answers({one.fact: one.value}).facts[one.fact]
            answer = said(value, question.options, self._t.language)
            label = self._t(
                "assess_suggestion",
                question=question.text.in_language(self._t.language),
                answer=answer,
                words=" … ".join(one.words),
            )
            choices.append((label, one.fact))
        told = "" if found else self._t("assess_no_suggestion")
        picks = gr.update(choices=choices, value=[], visible=bool(found))
        return given, [one.model_dump() for one in found], picks, gr.update(visible=bool(found)), told

    def take(self, given: Given, proposed: list[dict[str, Any]], picked: list[str]) -> Shown:
        """Take the suggestions that were ticked; one that contradicts another answer is told and left out."""
        told = []
        for one in proposed:
            if one["fact"] in picked:
                try:
                    given = self._checked({**given, one["fact"]: one["value"]})
                except AssistantError as error:
                    told.append(f"⚠ {error}")
        hidden = gr.update(visible=False)
        return *self.show(given, told="\n\n".join(told)), hidden, hidden

    def resume(self, given: Given, file: str | None) -> Shown:
        """Go on from a saved answers file; a file that does not fit is told and changes nothing."""
        try:
            answers = parse_answers(json.loads(Path(file or "").read_text(encoding="utf-8")), self._knowledge)
            facts = self._checked(dict(as_data(answers, self._knowledge)["facts"]))
        except (OSError, ValueError, AssistantError) as error:
            reason = str(error) if isinstance(error, AssistantError) else self._t("assess_no_answers")
            return self.show(given, told=f"⚠ {reason}")
        language, facts_known = self._t.language, self._knowledge.facts
        told = [word("asking.anew", language, fact=named(fact, facts_known, language)) for fact in answers.anew]
        return self.show(facts, told="\n\n".join(told))

    def reports(self, given: Given) -> Any:
        """Make the report as PDF, Word document and spreadsheet, to download."""
        answers = self._answers(given)
        result = self._assessed(answers)
        folder = Path(tempfile.mkdtemp(prefix="report-"))
        for form in _REPORTS:
            with contextlib.suppress(AssistantError):  # PDF is not made on every platform
                (folder / f"assessment.{form}").write_bytes(render(form, self._knowledge, result, answers))
        return gr.update(value=sorted(map(str, folder.iterdir())), visible=True)

    def _taken(self, given: Given, editing: str | None, question: Question, value: object) -> Shown:
        try:
            changed = self._checked({**given, question.fact: value})
        except AssistantError as error:
            keys = {_SET: "assess_none_with_others", "date": "assess_bad_day", "number": "assess_bad_number"}
            fault = self._fault(question, value)
            told = self._t(keys[self._kind(question)]) if fault and self._kind(question) in keys else str(error)
            return self.show(given, editing, f"⚠ {told}")
        if editing is None:
            return self.show(changed)
        before, after = (self._assessed(self._answers(one)) for one in (given, changed))
        consequence = summed_up(compare(before, after), self._t.language)
        return self.show(changed, told=self._t("assess_changed", told=consequence))

    def _fault(self, question: Question, value: object) -> bool:
        """Tell whether the answer does not fit its question; otherwise it contradicts another."""
        try:
            self._answers({question.fact: value})
        except AssistantError:
            return True
        return False

    def _checked(self, given: Given) -> Given:
        """Return the answers if they fit the questions and each other.

        Raises:
            AssistantError: they do not.
        """
        self._assessor.refuse_contradictions(self._answers(given))
        return given

    def _assessed(self, answers: Answers) -> Assessment:
        return self._assessor.assess(answers, date.today())

    def _asked(self, given: Given, editing: str | None) -> Question | None:
        if editing:
            return self._knowledge.questions[editing]
        return next(iter(remaining(self._knowledge, self._answers(given))), None)

    def _answers(self, given: Given) -> Answers:
        return parse_answers({"questionnaire": self._knowledge.questionnaire, "facts": given}, self._knowledge)

    def _kind(self, question: Question) -> str:
        return self._knowledge.facts[question.fact].kind

    def _inputs(self, question: Question, given: Given, editing: str | None) -> tuple[Any, Any, Any]:
        """Return the input that fits the question, with the present answer where it is answered again."""
        kind, options = self._kind(question), self._options(question)
        now = given.get(question.fact) if editing and given.get(question.fact) != UNKNOWN else None
        chosen = (_YES if now else _NO) if isinstance(now, bool) else now
        in_choices, in_set = kind in _CHOICES, kind == _SET
        placeholder = {"date": "2027-12-02", "number": "3e24"}.get(kind, "")
        return (
            gr.update(visible=in_choices, choices=options if in_choices else [], value=chosen if in_choices else None),
            gr.update(visible=in_set, choices=options if in_set else [], value=now if in_set and now else []),
            gr.update(
                visible=not (in_choices or in_set),
                value="" if now is None or in_choices or in_set else str(now),
                placeholder=placeholder,
                label=self._t(f"assess_{kind}") if kind in ("date", "number") else self._t("assess_answer"),
            ),
        )

    def _options(self, question: Question) -> list[tuple[str, str]]:
        if self._kind(question) == "boolean":
            return [(self._t("yes"), _YES), (self._t("no"), _NO)]
        return [(option.text.in_language(self._t.language), option.value) for option in question.options]

    def _text(self, question: Question) -> str:
        language = self._t.language
        labels = " · ".join(self._knowledge.label(provision, language) for provision in question.provisions)
        help_, why = question.help.in_language(language), question.why.in_language(language)
        return f"### {question.text.in_language(language)}\n\n{help_}\n\n{why}" + (f" ({labels})" if labels else "")

    def _changeable(self, given: Given) -> Any:
        """Return the answers given, to choose one to change."""
        answers = self._answers(given)
        choices = []
        for fact in given:
            question = self._knowledge.questions[fact]
            answer = said(answers.facts.get(fact), question.options, self._t.language)
            choices.append((f"{question.text.in_language(self._t.language)} – {answer}", fact))
        return gr.update(choices=choices, value=None)

    def _saved(self, answers: Answers) -> Any:
        """Return the download of the answers: a file that 'assess --answers' and this page read again."""
        folder = Path(tempfile.mkdtemp(prefix="answers-"))
        path = folder / "answers.json"
        path.write_text(json.dumps(as_data(answers, self._knowledge), ensure_ascii=False, indent=2), encoding="utf-8")
        return gr.update(value=str(path))
