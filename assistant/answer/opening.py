"""What an assistant is opened with: knowledge, index, and the model that takes part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.search.open import open_retriever
from assistant.search.retrieval import Retriever
from assistant.search.text_passages import with_texts
from assistant.settings import Settings, make_data_dir
from assistant.texts.library import Library

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.answer.guest import Guest

Progress = Callable[[int, int], None]


def opened(settings: Settings, progress: Progress | None = None, *, rebuild: bool = False) -> tuple[Knowledge, Retriever]:
    """Load the knowledge with the installed texts, and open the index over both."""
    make_data_dir(settings)
    summaries = load_knowledge(settings.knowledge_dir)
    knowledge, wordings = with_texts(summaries, Library(settings.texts_dir, summaries))
    return knowledge, open_retriever(knowledge, settings, progress, wordings, rebuild=rebuild)


def guest_of(model: BaseChatModel | None, settings: Settings) -> Guest | None:
    """Return the model that takes part, and load LangChain's chat models only for one: the start is quicker without."""
    if model is None and not settings.model:
        return None
    from assistant.answer.guest import Guest

    return Guest(model, settings, invited=True) if model is not None else Guest.of(settings)
