"""Opening the assistant on the command line: before a question leaves the machine, the user is told where it goes and agrees."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from assistant.types import Language

if TYPE_CHECKING:
    from assistant.answer.pipeline import Assistant
    from assistant.settings import Settings


def open_to_search() -> Assistant:
    """Open the assistant without a model: none takes part in a search."""
    from assistant import open_assistant
    from assistant.settings import load_settings

    return open_assistant(load_settings().model_copy(update={"model": ""}))


def open_to_ask(model: str | None, language: Language | None, question: str = "", *, send: bool = False) -> Assistant:
    """Open the assistant for questions; ``model`` takes the place of the one in the settings.

    On a terminal the user is asked once for each model and address, and the answer yes is remembered. ``send`` agrees for
    this call. Elsewhere nothing is sent without an agreement, and the answer says how to give one.
    """
    from assistant import open_assistant
    from assistant.search.tokens import language_of
    from assistant.settings import load_settings

    settings = load_settings()
    if model is not None:
        settings = settings.model_copy(update={"model": model})
    if settings.model and send:
        settings = settings.model_copy(update={"model_consent": True})
    if settings.model and sys.stdin.isatty() and sys.stderr.isatty():
        ask_to_agree(settings, language or settings.language or language_of(question))
    return open_assistant(settings)


def ask_to_agree(settings: Settings, language: Language) -> None:
    """Say where questions go and ask whether that is agreed, unless it was before or they stay on this computer."""
    from assistant.answer.consent import agree, all_told, may_send
    from assistant.answer.wording import phrase

    if may_send(settings):
        return
    if typer.confirm(phrase("send_question", language, told=all_told(settings, language)), default=False, err=True):
        agree(settings)
