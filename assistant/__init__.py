"""Governance assistant: the front door.

``open_assistant()`` gives an object that answers and searches; ``ask`` and ``search`` are shortcuts for
one question. ``next_question``, ``assess`` and ``report`` take answers about one system in the form of an answers
file; no index is opened for them. Importing this package switches off the telemetry of every dependency before any of them loads.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.version import __version__ as __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any, Literal

    from assistant.answer.pipeline import Assistant
    from assistant.law.answers import Answers
    from assistant.law.derivations import Question
    from assistant.law.knowledge import Knowledge
    from assistant.law.results import Assessment
    from assistant.settings import Settings
    from assistant.types import Answer, Language, SearchHit

_NO_UNASKED_CALLS = {
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY_IMPL": "",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "OMP_WAIT_POLICY": "passive",
}
os.environ.update(_NO_UNASKED_CALLS)


def open_assistant(settings: Settings | None = None) -> Assistant:
    """Load the knowledge base and open (or build) the index.

    Raises:
        AssistantError: the knowledge base is faulty or the data folder cannot be used.
    """
    from assistant.answer.pipeline import Assistant
    from assistant.settings import load_settings
    from assistant.store.acting import always

    settings = settings or load_settings()
    return Assistant.open(settings, who=always(settings.organisation))


def ask(question: str) -> Answer:
    """Answer one question with cited sources."""
    return open_assistant().ask(question)


def search(query: str, k: int = 10) -> list[SearchHit]:
    """Return the ``k`` provisions that fit ``query`` best."""
    return open_assistant().search(query, k)


def next_question(answers: Mapping[str, Any]) -> Question | None:
    """Return the next question whose answer can still change something; nothing where all is settled.

    Raises:
        AssistantError: an answer does not fit its question; every fault is named.
    """
    from assistant.law.questionnaire import remaining

    knowledge, given = _read(answers)
    return next(iter(remaining(knowledge, given)), None)


def assess(answers: Mapping[str, Any], language: Language, day: date) -> Assessment:
    """Return what follows from the answers as the law stands on ``day``.

    Raises:
        AssistantError: an answer does not fit its question, or answers contradict each other.
    """
    from assistant.law.assessment import Assessor
    from assistant.types import Language

    knowledge, given = _read(answers)
    return Assessor(knowledge, Language(language)).assess(given, day)


def report(
    answers: Mapping[str, Any], language: Language, day: date, form: Literal["md", "docx", "pdf", "xlsx", "json"] = "pdf"
) -> bytes:
    """Return the assessment as a document's content.

    Raises:
        AssistantError: as for ``assess``, or the format cannot be made on this platform.
    """
    from assistant.law.assessment import Assessor
    from assistant.law.report.formats import render
    from assistant.types import Language

    knowledge, given = _read(answers)
    return render(form, knowledge, Assessor(knowledge, Language(language)).assess(given, day), given)


def _read(answers: Mapping[str, Any]) -> tuple[Knowledge, Answers]:
    from assistant.law.answers import parse_answers
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings

    knowledge = load_knowledge(load_settings().knowledge_dir)
    return knowledge, parse_answers(dict(answers), knowledge)
