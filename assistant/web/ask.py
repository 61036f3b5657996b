"""The chat page in one language: question, streamed answer, sources; its layout, and what leads to what."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

import gradio as gr

from assistant.answer.pipeline import Assistant
from assistant.answer.why import saying
from assistant.answer.wording import long_date
from assistant.web import faults, trace
from assistant.web.ask_page import AskPage, Shown
from assistant.web.i18n import Texts
from assistant.web.interview import MOST_CHOICES
from assistant.web.model import build_notice
from assistant.web.pages import Pages
from assistant.web.sources import panel
from assistant.web.talk import REASONS, Talk
from assistant.web.team.chat_actor import as_asked

# Scripts of the page: they run in the browser, between what the server is asked. ``chat.js`` holds what they call.
_SEARCH = "(...given) => [window.location.search, ...given.slice(1)]"
_ADDRESS = "(conversation, system) => { chatPage.address(conversation, system); }"
_COPY = "(text) => { chatPage.copy(text); }"
log = logging.getLogger(__name__)
_SAID_BY_SCRIPTS = ("offline", "copied", "copied_not", "chat_label", "said_user", "said_assistant", "not_signed_in")
_STEADY = ("send", "more", "copy", "save", "withdraw")  # parts that never change
Parts = dict[str, Any]


def build(pages: Pages, talk: Talk) -> gr.Blocks:
    """Return the chat page in the language of ``pages``."""
    t, assistant = pages.t, pages.desk.assistant
    page = AskPage(pages.desk, talk, t)
    blocks = gr.Blocks(title=t("title"), analytics_enabled=False, fill_width=True)
    with blocks:
        gr.HTML(pages.fragment("header.html", nav="ask"), elem_id="site-top", padding=False)
        with gr.Column(elem_id="content"):
            parts = _hidden() | _top(assistant, t)
            with gr.Row(elem_id="main"):
                with gr.Column(scale=3, min_width=320, elem_id="talk"):
                    parts |= _talk(t)
                    build_notice(assistant, t, blocks)
                    parts |= _examples(t)
                with gr.Column(scale=2, min_width=320, visible=False, elem_id="beside") as parts["beside"]:
                    parts |= _beside(assistant, t)
        gr.HTML(pages.fragment("footer.html"), elem_id="site-bottom", padding=False)
        examples, refresh = parts.pop("examples"), parts.pop("refresh")
        asking = [*examples, *(parts[f"choice{n}"] for n in range(MOST_CHOICES)), parts["interview"]]
        _wire(blocks, page, parts, asking, refresh, t)
    return blocks


def _hidden() -> Parts:
    """Return what the page remembers without showing it; the browser holds it, so that a restart of the server loses nothing."""
    names = ("conversation", "system", "stamp", "copied")
    parts: Parts = {name: gr.Textbox(visible=False) for name in names}
    return parts | {"refresh": gr.Button(visible="hidden", elem_id="refresh")}


def _top(assistant: Assistant, t: Texts) -> Parts:
    gr.HTML(header(assistant, t), elem_id="lead", padding=False)
    with gr.Row(elem_id="about-row"):
        return {
            "name": gr.HTML(elem_id="name", padding=False),
            "fresh": gr.Button(t("clear"), size="sm", visible=False, elem_id="clear", scale=0, min_width=120),
        }


def _talk(t: Texts) -> Parts:
    parts: Parts = {}
    parts["chat"] = gr.Chatbot(
        label=t("chat_label"), show_label=False, elem_id="chat", height="auto", visible=False, buttons=[],
        feedback_options=None, latex_delimiters=[], allow_tags=False, layout="bubble",
    )  # fmt: skip
    parts["again"] = gr.Button(t("ask_again"), size="sm", visible=False, elem_id="again")
    parts["choices_title"] = gr.Markdown(t("choices_title"), visible=False, elem_id="choices-title")
    with gr.Column(elem_id="choices"):
        parts |= {f"choice{n}": gr.Button(size="sm", visible=False) for n in range(MOST_CHOICES)}
    parts |= _tools(t)
    with gr.Row(elem_id="ask-row"):
        parts["question"] = gr.Textbox(
            label=t("question_label"), placeholder=t("question_placeholder"), lines=1, max_lines=6, scale=6,
            autofocus=True, elem_id="question",
        )  # fmt: skip
        parts["send"] = gr.Button(t("send"), variant="primary", scale=1, min_width=96, elem_id="send")
    parts["told"] = gr.HTML("<p role='status'></p>", elem_id="told", padding=False)
    with gr.Row(elem_id="system-row"):
        parts["about"] = gr.HTML(visible=False, elem_id="about-system", padding=False)
        parts["interview"] = gr.Button(t("interview_next"), size="sm", visible=False, elem_id="interview", scale=0, min_width=200)
        parts["leave"] = gr.Button(t("leave_system"), size="sm", visible=False, elem_id="leave", scale=0, min_width=120)
        parts["choose"] = gr.Dropdown(label=t("choose_system"), visible=False, elem_id="choose", filterable=False)
    parts["stop"] = gr.Button(t("stop"), size="sm", visible=False, elem_id="stop")
    return parts


def _tools(t: Texts) -> Parts:
    """Return what can be done with the last answer: more of it, a copy, an opinion on it."""
    parts: Parts = {}
    with gr.Column(visible=False, elem_id="tools") as parts["tools"]:
        with gr.Row():
            parts["more"] = gr.Button(t("more"), size="sm", elem_id="more")
            parts["copy"] = gr.Button(t("copy"), size="sm", elem_id="copy")
            parts["up"] = gr.Button(t("feedback_up"), size="sm", elem_id="up")
            parts["down"] = gr.Button(t("feedback_down"), size="sm", elem_id="down")
        with gr.Column(visible=False, elem_id="explain") as parts["explain"]:
            reasons = [(t(f"reason_{reason}"), reason) for reason in REASONS]
            parts["reason"] = gr.Radio(reasons, label=t("feedback_reason"), elem_id="reason")
            parts["comment"] = gr.Textbox(label=t("feedback_comment"), max_length=4000, lines=1, max_lines=6, elem_id="comment")
            with gr.Row():
                parts["save"] = gr.Button(t("save"), size="sm", variant="primary", elem_id="feedback-save")
                parts["withdraw"] = gr.Button(t("feedback_withdraw"), size="sm", elem_id="feedback-withdraw")
    return parts


def _examples(t: Texts) -> Parts:
    with gr.Column(elem_id="examples") as empty:
        gr.HTML(f"<h2>{t('examples_title')}</h2>", padding=False)
        examples = [gr.Button(example, size="sm") for example in t.listed("examples")]
    return {"empty": empty, "examples": examples}


def _beside(assistant: Assistant, t: Texts) -> Parts:
    gr.HTML(f"<h2>{t('sources_title')}</h2>", padding=False)
    sources = gr.Markdown(panel([], t), elem_id="sources", latex_delimiters=[])
    with gr.Accordion(saying("title", t.language), open=False, elem_id="why"):
        why = gr.HTML(trace.shown([], assistant.knowledge, t), elem_id="why-panel", padding=False)
    return {"sources": sources, "why": why}


def _wire(blocks: gr.Blocks, page: AskPage, parts: Parts, asking: list[Any], refresh: gr.Button, t: Texts) -> None:
    """Say which handler follows on which press. Every one is private: none becomes an address that programs could call."""
    conversation, system, question = parts["conversation"], parts["system"], parts["question"]
    changing = {name: part for name, part in parts.items() if name not in _STEADY}
    everything, listing = list(changing.values()), _Listing(changing, t)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Answers are waited for by as many pages as are open, so the number of those at once has no limit.
    streaming: dict[str, Any] = {**quiet, "concurrency_limit": None}

    def on(trigger: Any, handler: Callable[..., Any], inputs: list[Any], **options: Any) -> Any:
        return trigger(listing.once(handler), inputs, everything, **{**quiet, "queue": False, **options})

    def then_followed(begun: Any) -> Any:
        begun = begun.then(None, [conversation, system], None, js=_ADDRESS, **quiet)
        return begun.then(listing.several(page.follow), [conversation], everything, **streaming)

    search = gr.Textbox(visible=False)
    then_followed(on(blocks.load, page.opened, [search], js=_SEARCH))
    asks = [(parts["send"].click, question), (question.submit, question), *((one.click, one) for one in asking)]
    for trigger, words in asks:
        then_followed(on(trigger, page.begin, [words, question, conversation, system]))
    then_followed(on(parts["more"].click, page.more, [conversation]))
    then_followed(on(parts["again"].click, page.again, [conversation]))
    refresh.click(listing.several(page.refresh), [conversation, parts["stamp"]], everything, **streaming)
    on(parts["stop"].click, page.stop, [conversation])
    fresh = parts["fresh"].click(listing.several(page.fresh), [conversation, system], everything, **streaming)
    about = on(parts["choose"].input, page.attach, [parts["choose"], conversation])
    left = on(parts["leave"].click, page.leave, [conversation])
    for changed in (fresh, about, left):
        changed.then(None, [conversation, system], None, js=_ADDRESS, **quiet)
    comment = parts["comment"]
    on(parts["up"].click, page.judge("up"), [conversation, comment])
    on(parts["down"].click, page.judge("down"), [conversation, comment])
    on(parts["save"].click, page.explain, [conversation, parts["reason"], comment])
    on(parts["withdraw"].click, page.withdraw, [conversation])
    parts["copy"].click(None, [parts["copied"]], None, js=_COPY, api_visibility="private")


class _Listing:
    """Makes of a handler that tells by name what changes one that tells it in the order of the page's parts."""

    def __init__(self, parts: Parts, t: Texts) -> None:
        self._parts = parts
        self._t = t

    def once(self, handler: Callable[..., Shown]) -> Callable[..., list[Any]]:
        """Return a handler that answers once."""

        def ordered(request: gr.Request, *given: Any) -> list[Any]:
            return next(as_asked(request, self._ordered(lambda: iter([handler(*given)]))))

        return ordered

    def several(self, handler: Callable[..., Iterator[Shown]]) -> Callable[..., Iterator[list[Any]]]:
        """Return a handler that answers several times, and is told at last in which browser's page."""

        def ordered(request: gr.Request, *given: Any) -> Iterator[list[Any]]:
            yield from as_asked(request, self._ordered(lambda: handler(*given, str(request.session_hash))))

        return ordered

    def _ordered(self, shown: Callable[[], Iterator[Shown]]) -> Iterator[list[Any]]:
        try:
            for one in shown():
                yield [one.get(name, gr.skip()) for name in self._parts]
        except Exception as error:
            log.exception("The page could not do what was asked")
            told = f"<p role='status'>{escape(faults.told(error, self._t))}</p>"
            yield [told if name == "told" else gr.skip() for name in self._parts]


def header(assistant: Assistant, t: Texts) -> str:
    """Return the title, the notices and how fresh the knowledge is, with a warning where it is not."""
    checked = t("knowledge_checked", date=long_date(assistant.checked_on, t.language))
    stale = assistant.stale_warning(t.language)
    warning = f"<p class='stale' role='alert'>⚠ {stale}</p>" if stale else ""
    words = " ".join(f"data-{key}='{escape(t(key))}'" for key in _SAID_BY_SCRIPTS) + " data-nothing=''"
    return (
        f"<h1>{t('ask_title')}</h1><p class='subtitle'>{t('subtitle')}</p>"
        f"<p class='notice'>{t('ai_notice')} {t('disclaimer')} <span class='checked'>{checked}</span></p>{warning}"
        f"<span id='chat-words' hidden {words}></span>"
    )
