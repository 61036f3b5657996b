"""The questionnaire in the browser: one question at a time, what follows beside it."""

from __future__ import annotations

import contextlib
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any, Literal

import gradio as gr

from assistant.answer.pipeline import Assistant
from assistant.law.answers import UNKNOWN, Answers, as_data, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.derivations import Question
from assistant.law.questionnaire import remaining
from assistant.law.report.formats import render
from assistant.law.report.markdown import MarkdownReport
from assistant.types import AssistantError
from assistant.web.i18n import Texts

Given = dict[str, Any]  # facts as in an answers file, in the order in which they were answered
_REPORTS: tuple[Literal["pdf", "docx", "xlsx"], ...] = ("pdf", "docx", "xlsx")
_YES, _NO = "true", "false"


def build(assistant: Assistant, t: Texts) -> None:
    """Add the questionnaire's components to the page that is being built."""
    page = AssessPage(assistant, t)
    given = gr.State({})
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            question = gr.Markdown(elem_id="asked")
            one = gr.Radio(label=t("assess_answer"), elem_id="assess-one")
            several = gr.CheckboxGroup(label=t("assess_answer"), elem_id="assess-several")
            day = gr.Textbox(label=t("assess_day"), placeholder="2027-12-02", elem_id="assess-day")
            told = gr.Markdown(elem_id="assess-told")
            with gr.Row():
                answer = gr.Button(t("assess_next"), variant="primary", elem_id="assess-next")
                unknown = gr.Button(t("assess_unknown"), elem_id="assess-unknown")
                back = gr.Button(t("assess_back"), elem_id="assess-back")
            with gr.Row():
                restart = gr.Button(t("assess_restart"), size="sm", elem_id="assess-restart")
                save = gr.DownloadButton(t("assess_save"), size="sm", elem_id="assess-save")
            resume = gr.UploadButton(t("assess_resume"), size="sm", elem_id="assess-resume")
            make = gr.Button(t("assess_report"), size="sm", elem_id="assess-report")
            made = gr.File(
                label=t("assess_reports"), visible=False, interactive=False, file_count="multiple", elem_id="assess-files"
            )
        with gr.Column(scale=3, min_width=320):
            result = gr.Markdown(elem_id="assessment", latex_delimiters=[])
    shown = [given, question, one, several, day, told, result, save]
    answer.click(page.answer, [given, one, several, day], shown, api_visibility="private")
    unknown.click(page.unknown, [given], shown, api_visibility="private")
    back.click(page.back, [given], shown, api_visibility="private")
    restart.click(lambda: page.show({}), None, shown, api_visibility="private")
    resume.upload(page.resume, [given, resume], shown, api_visibility="private")
    make.click(page.reports, [given], [made], api_visibility="private")
    gr.on(None, lambda: page.show({}), None, shown, api_visibility="private")


class AssessPage:
    """What the questionnaire page does; ``given`` holds the answers so far."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._assistant = assistant
        self._t = t

    def show(self, given: Given, told: str = "") -> tuple[Any, ...]:
        """Return the next question and what follows from the answers so far."""
        answers = self._answers(given)
        left = remaining(self._assistant.knowledge, answers)
        report = self._report(answers)
        if not left:
            nothing = gr.update(visible=False)
            return given, f"### {self._t('assess_done')}", nothing, nothing, nothing, told, report, self._saved(answers)
        question, kind = left[0], self._kind(left[0])
        progress = self._t("assess_progress", answered=len(given), left=len(left))
        one = gr.update(visible=kind in ("boolean", "choice"), choices=self._options(question), value=None)
        several = gr.update(visible=kind == "set", choices=self._options(question) if kind == "set" else [], value=[])
        day = gr.update(visible=kind == "date", value="")
        return given, f"{self._asked(question)}\n\n*{progress}*", one, several, day, told, report, self._saved(answers)

    def answer(self, given: Given, one: str | None, several: list[str], day: str) -> tuple[Any, ...]:
        """Take the answer to the question shown; one that does not fit is told and asked again."""
        question = self._next(given)
        if question is None:
            return self.show(given)
        kind = self._kind(question)
        value: object = {
            "boolean": one == _YES if one else None,
            "choice": one,
            "set": several or None,
            "date": day.strip() or None,
        }[kind]
        if value is None:
            return self.show(given, f"⚠ {self._t('assess_choose')}")
        try:
            parse_answers(self._data({question.fact: value}), self._assistant.knowledge)
        except AssistantError:
            return self.show(given, f"⚠ {self._t('assess_none_with_others' if kind == 'set' else 'assess_bad_day')}")
        return self.show({**given, question.fact: value})

    def unknown(self, given: Given) -> tuple[Any, ...]:
        """Take "I don't know" for an answer: it keeps things open."""
        question = self._next(given)
        return self.show(given if question is None else {**given, question.fact: UNKNOWN})

    def back(self, given: Given) -> tuple[Any, ...]:
        """Take the last answer back and ask again."""
        return self.show(dict(list(given.items())[:-1]))

    def resume(self, given: Given, file: str | None) -> tuple[Any, ...]:
        """Go on from a saved answers file; a file that does not fit is told and changes nothing."""
        try:
            data = json.loads(Path(file or "").read_text(encoding="utf-8"))
            answers = parse_answers(data, self._assistant.knowledge)
        except (OSError, ValueError, AssistantError) as error:
            reason = str(error) if isinstance(error, AssistantError) else self._t("assess_no_answers")
            return self.show(given, f"⚠ {reason}")
        return self.show(dict(as_data(answers, self._assistant.knowledge)["facts"]))

    def reports(self, given: Given) -> Any:
        """Make the report as PDF, Word document and spreadsheet, to download."""
        answers, knowledge = self._answers(given), self._assistant.knowledge
        result = Assessor(knowledge, self._t.language).assess(answers, date.today())
        folder = Path(tempfile.mkdtemp(prefix="report-"))
        for form in _REPORTS:
            with contextlib.suppress(AssistantError):  # PDF is not made on every platform
                (folder / f"assessment.{form}").write_bytes(render(form, knowledge, result, answers))
        return gr.update(value=sorted(map(str, folder.iterdir())), visible=True)

    def _next(self, given: Given) -> Question | None:
        return next(iter(remaining(self._assistant.knowledge, self._answers(given))), None)

    def _answers(self, given: Given) -> Answers:
        return parse_answers(self._data(given), self._assistant.knowledge)

    def _data(self, facts: Given) -> dict[str, Any]:
        return {"questionnaire": self._assistant.knowledge.questionnaire, "facts": facts}

    def _kind(self, question: Question) -> str:
        return self._assistant.knowledge.facts[question.fact].kind

    def _options(self, question: Question) -> list[tuple[str, str]]:
        if self._kind(question) == "boolean":
            return [(self._t("yes"), _YES), (self._t("no"), _NO)]
        return [(option.text.in_language(self._t.language), option.value) for option in question.options]

    def _asked(self, question: Question) -> str:
        language, knowledge = self._t.language, self._assistant.knowledge
        labels = " · ".join(knowledge.label(provision, language) for provision in question.provisions)
        help_, why = question.help.in_language(language), question.why.in_language(language)
        return f"### {question.text.in_language(language)}\n\n{help_}\n\n{why} ({labels})"

    def _report(self, answers: Answers) -> str:
        knowledge = self._assistant.knowledge
        result = Assessor(knowledge, self._t.language).assess(answers, date.today())
        return MarkdownReport(knowledge, result, answers).text()

    def _saved(self, answers: Answers) -> Any:
        """Return the download of the answers: a file that 'assess --answers' and this page read again."""
        folder = Path(tempfile.mkdtemp(prefix="answers-"))
        path = folder / "answers.json"
        path.write_text(json.dumps(as_data(answers, self._assistant.knowledge), ensure_ascii=False, indent=2), encoding="utf-8")
        return gr.update(value=str(path))
