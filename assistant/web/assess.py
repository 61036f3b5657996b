"""The page for the questionnaire: the start, one question at a time, the answers given, and what follows beside them."""

from __future__ import annotations

import gradio as gr

from assistant.answer.pipeline import Assistant
from assistant.web.assess_page import AssessPage
from assistant.web.i18n import Texts

_TO_THE_QUESTION = "() => document.getElementById('asked').scrollIntoView({block: 'nearest'})"


def build(assistant: Assistant, t: Texts) -> gr.State:
    """Add the questionnaire's components to the page that is being built; return what holds the answers."""
    page = AssessPage(assistant, t)
    given, editing, proposed = gr.State({}), gr.State(None), gr.State([])
    with gr.Row():
        with gr.Column(scale=2, min_width=320):
            with gr.Accordion(t("assess_describe"), open=False, elem_id="assess-describe"):
                name = gr.Textbox(label=t("assess_name"), max_length=200, elem_id="assess-name")
                about = gr.Textbox(
                    label=t("assess_about"), info=page.about_help(), lines=3, max_length=2000, elem_id="assess-about"
                )
                suggest = gr.Button(t("assess_suggest"), size="sm", elem_id="assess-suggest")
                picks = gr.CheckboxGroup(
                    label=t("assess_suggestions"), info=t("assess_suggestions_info"), visible=False, elem_id="assess-picks"
                )
                take = gr.Button(t("assess_take"), size="sm", visible=False, elem_id="assess-take")
            question = gr.Markdown(elem_id="asked")
            one = gr.Radio(label=t("assess_answer"), elem_id="assess-one")
            several = gr.CheckboxGroup(label=t("assess_answer"), elem_id="assess-several")
            typed = gr.Textbox(label=t("assess_answer"), elem_id="assess-typed")
            told = gr.Markdown(elem_id="assess-told")
            with gr.Row():
                answer = gr.Button(t("assess_next"), variant="primary", elem_id="assess-next")
                unknown = gr.Button(t("assess_unknown"), elem_id="assess-unknown")
                back = gr.Button(t("assess_back"), elem_id="assess-back")
            leads = gr.Button(t("assess_leads"), size="sm", elem_id="assess-leads")
            led = gr.Markdown(elem_id="assess-led")
            with gr.Accordion(t("assess_check"), open=False, elem_id="assess-check"):
                answered = gr.Dropdown(label=t("assess_choose_answer"), choices=[], value=None, elem_id="assess-answered")
                change = gr.Button(t("assess_change"), size="sm", elem_id="assess-change")
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
    shown = [given, editing, question, one, several, typed, told, result, save, answered, led, made, answer, unknown, leads]
    gr.on([name.blur, about.blur], page.keep, [given, name, about], [given, result], api_visibility="private")
    steps = [
        answer.click(page.answer, [given, editing, one, several, typed], shown, api_visibility="private"),
        unknown.click(page.unknown, [given, editing], shown, api_visibility="private"),
        back.click(page.back, [given, editing], shown, api_visibility="private"),
        change.click(page.change, [given, answered], shown, api_visibility="private"),
        take.click(page.take, [given, proposed, picks], [*shown, picks, take], api_visibility="private"),
    ]
    for step in steps:
        step.then(None, js=_TO_THE_QUESTION)
    leads.click(page.leads, [given, editing], [led], api_visibility="private")
    suggest.click(page.suggest, [given, name, about], [given, proposed, picks, take, told], api_visibility="private")
    restart.click(lambda: (*page.show({}), "", ""), None, [*shown, name, about], api_visibility="private")
    resume.upload(page.resume, [given, resume], shown, api_visibility="private")
    make.click(page.reports, [given], [made], api_visibility="private")
    gr.on(None, lambda: page.show({}), None, shown, api_visibility="private")
    return given
