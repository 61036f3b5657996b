"""The chat page in one language: question, streamed answer, sources."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.answer.pipeline import Assistant
from assistant.answer.why import confidence_told
from assistant.answer.wording import long_date, made_by
from assistant.law.answers import Answers, parse_answers
from assistant.law.questionnaire import about
from assistant.types import Answer, Language
from assistant.web import trace
from assistant.web.i18n import Texts, texts
from assistant.web.model import Ask, Asking, build_notice
from assistant.web.sources import linked, panel
from assistant.web.trace import Told

log = logging.getLogger(__name__)
Message = dict[str, Any]
Update = tuple[list[Message], list[Answer], str, str]
_MOST_CHOICES = 5


def build(assistant: Assistant, language: Language) -> gr.Blocks:
    """Return the page in ``language``."""
    t = texts(language)
    page = AskPage(assistant, t)
    blocks = gr.Blocks(title=t("title"), analytics_enabled=False, fill_width=True)
    with blocks:
        with gr.Row(elem_id="header"):
            gr.Markdown(_header(assistant, t), elem_id="about")
            other = Language.EN if t.language is Language.JA else Language.JA
            gr.Button(t("other_language"), link=f"/{other.value}/", link_target="_self", size="sm", elem_id="language", scale=0)
        answers, given = gr.State([]), gr.State({})
        with gr.Tabs(), gr.Tab(t("tab_ask"), elem_id="tab-ask"), gr.Row(elem_id="main"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    label=t("chat_label"), elem_id="chat", height=520, placeholder=t("chat_empty"), buttons=["copy"],
                    feedback_options=None, latex_delimiters=[], allow_tags=False, layout="bubble",
                )  # fmt: skip
                choices = _build_choices(t)
                with gr.Row(elem_id="ask-row"):
                    question = gr.Textbox(
                        label=t("question_label"), placeholder=t("question_placeholder"), lines=1, max_lines=6, scale=6,
                        autofocus=True, elem_id="question",
                    )  # fmt: skip
                    send = gr.Button(t("send"), variant="primary", scale=1, min_width=96, elem_id="send")
                build_notice(assistant, t, blocks)
                gr.Markdown(f"**{t('examples_title')}**")
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button(example, size="sm", variant="secondary") for example in t.listed("examples")]
                with gr.Row():
                    more = gr.Button(t("more"), size="sm", variant="secondary", elem_id="more")
                    stop = gr.Button(t("stop"), size="sm", visible=bool(assistant.settings.model), elem_id="stop")
                    clear = gr.Button(t("clear"), size="sm", variant="secondary", elem_id="clear")
            with gr.Column(scale=2, min_width=320):
                gr.Markdown(f"## {t('sources_title')}")
                sources = gr.Markdown(t("sources_empty"), elem_id="sources", latex_delimiters=[])
                told = trace.build(answers, assistant.knowledge, t)
        gr.Markdown(t("footer"), elem_id="footer")
        outputs, beside = [chat, answers, sources, question], [told, *choices]
        asking = [(question.submit, question), *((one.click, one) for one in (*examples, *choices[1:]))]
        for trigger, words in [(send.click, question), *asking]:
            trigger(_no_choices, None, choices, api_visibility="private", queue=False, show_progress="hidden")
            said = trigger(page.reply, [words, chat, answers, given], outputs, api_visibility="private", show_progress="minimal")
            said.then(page.beside, answers, beside, api_visibility="private", show_progress="hidden")
        longer = more.click(page.more, [chat, answers, given], outputs, api_visibility="private", show_progress="minimal")
        longer.then(page.beside, answers, beside, api_visibility="private", show_progress="hidden")
        stop.click(page.stop, None, None, api_visibility="private")
        emptied = clear.click(page.cleared, None, outputs, api_visibility="private")
        emptied.then(page.beside, answers, beside, api_visibility="private", show_progress="hidden")
    return blocks


def _build_choices(t: Texts) -> list[Any]:
    """Return the place of the questions to choose from where the assistant asks back: its line, then a button for each."""
    title = gr.Markdown(t("choices_title"), visible=False, elem_id="choices-title")
    with gr.Column(elem_id="choices"):
        return [title, *(gr.Button(size="sm", visible=False) for _ in range(_MOST_CHOICES))]


def _no_choices() -> list[Any]:
    return [gr.update(visible=False)] * (_MOST_CHOICES + 1)


class AskPage:
    """What the chat page does."""

    def __init__(self, assistant: Assistant, t: Texts) -> None:
        self._asking = Asking(assistant)
        self._knowledge = assistant.knowledge
        self._t = t

    def reply(
        self,
        question: str,
        history: list[Message],
        answers: list[Answer],
        given: dict[str, Any] | None = None,
        request: gr.Request | None = None,
        *,
        more: bool = False,
    ) -> Iterator[Update]:
        """Answer a question paragraph by paragraph, then show its sources; a model's claims are shown as they come.

        It is read after the earlier ones of the chat; ``given`` are the answers on the page "Assess", for questions about them.
        With ``more`` the long answer is given.
        """
        language = self._t.language if not question.strip() else None
        ask = Ask(question, language, tuple(_asked(history)), self._own(given), more)
        history = [*history, {"role": "user", "content": _plain(question)}]
        said = self._t("model_at_work") if self._asking.with_model else "…"
        shown = panel(answers, self._t)
        yield [*history, {"role": "assistant", "content": said}], answers, shown, ""
        try:
            for step in self._asking.ask(ask, _session(request)):
                if step is None:
                    yield self.cleared(request)
                elif isinstance(step, Answer):
                    told = Told(**dict(step), question=question, system=given if ask.answers else None)
                    yield from self._answered(told, history, answers)
                else:
                    said += f"\n\n{step.text}"
                    yield [*history, {"role": "assistant", "content": said}], answers, shown, ""
        except Exception:
            log.exception("A question could not be answered")
            yield [*history, {"role": "assistant", "content": self._t("failed")}], answers, shown, question

    def more(
        self,
        history: list[Message],
        answers: list[Answer],
        given: dict[str, Any] | None = None,
        request: gr.Request | None = None,
    ) -> Iterator[Update]:
        """Put the long answer in place of the last one; nothing changes where there is none."""
        last = answers[-1] if answers else None
        if isinstance(last, Told) and len(history) > 1:
            yield from self.reply(last.question, history[:-2], answers[:-1], given, request, more=True)
        else:
            yield history, answers, panel(answers, self._t), ""

    def _answered(self, answer: Answer, history: list[Message], answers: list[Answer]) -> Iterator[Update]:
        answers = [*answers, answer]
        shown = panel(answers, self._t)
        said = ""
        for paragraph in _paragraphs(answer, len(answers)):
            said += paragraph
            yield [*history, {"role": "assistant", "content": said}], answers, shown, ""

    def beside(self, answers: list[Answer]) -> list[Any]:
        """Return where the last answer comes from, and the questions to choose from if it asks back."""
        options = answers[-1].options[:_MOST_CHOICES] if answers else []
        buttons: list[Any] = [gr.update(value=option, visible=True) for option in options]
        buttons += [gr.update(visible=False)] * (_MOST_CHOICES - len(options))
        return [trace.shown(answers, self._knowledge, self._t), gr.update(visible=bool(options)), *buttons]

    def _own(self, given: dict[str, Any] | None) -> Answers | None:
        """Return what is known of the user's system: nothing before a question about it was answered."""
        if not (given or {}).keys() - {question.fact for question in about(self._knowledge)}:
            return None
        return parse_answers({"questionnaire": self._knowledge.questionnaire, "facts": given}, self._knowledge)

    def stop(self, request: gr.Request | None = None) -> None:
        """Stop the model: the composed answer stands."""
        self._asking.stop(_session(request))

    def cleared(self, request: gr.Request | None = None) -> Update:
        """Start a new conversation; a model that is still at work is stopped, and its answer not shown."""
        self._asking.stop(_session(request), drop=True)
        return [], [], self._t("sources_empty"), ""


def _session(request: gr.Request | None) -> str:
    return str(request.session_hash) if request is not None else ""


def _asked(history: list[Message]) -> Iterator[str]:
    """Yield the questions of a chat as they were typed, whichever form the chat component gives their text."""
    for message in history:
        if message["role"] == "user":
            content = message["content"]
            parts = content if isinstance(content, list) else [content]
            text = "".join(part["text"] if isinstance(part, dict) else str(part) for part in parts)
            yield text.replace("&lt;", "<").replace("\\[", "[")


def _plain(question: str) -> str:
    """Return a question so that it is shown as typed: no image, link or element comes of it."""
    return question.replace("<", "&lt;").replace("[", "\\[")


def _paragraphs(answer: Answer, turn: int) -> Iterator[str]:
    if answer.understood_as:
        yield f"*{answer.understood_as}*\n\n"
    choices = {f"- {option}" for option in answer.options}  # they are buttons below
    for paragraph in linked(answer.answer, turn).split("\n\n"):
        if paragraph not in choices:
            yield paragraph + "\n\n"
    for warning in answer.warnings:
        yield f"⚠ {warning}\n\n"
    yield f"*{' '.join(filter(None, [confidence_told(answer), made_by(answer)]))}*"


def _header(assistant: Assistant, t: Texts) -> str:
    """Return the title, the notices and how fresh the knowledge is, with a warning where it is not."""
    checked = t("knowledge_checked", date=long_date(assistant.checked_on, t.language))
    stale = assistant.stale_warning(t.language)
    warning = f"<p class='stale' role='alert'>⚠ {stale}</p>" if stale else ""
    return (
        f"<h1>{t('title')}</h1>"
        f"<p class='subtitle'>{t('subtitle')}</p>"
        f"<p class='notice'>{t('ai_notice')} {t('disclaimer')} <span class='checked'>{checked}</span></p>{warning}"
    )
