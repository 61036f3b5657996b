"""Governance assistant: the front door.

``open_assistant()`` gives an object that answers and searches; ``ask`` and ``search`` are shortcuts for
one question. Importing this package switches off the telemetry of every dependency before any of them loads.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from assistant.version import __version__ as __version__

if TYPE_CHECKING:
    from assistant.answer.pipeline import Assistant
    from assistant.settings import Settings
    from assistant.types import Answer, SearchHit

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

    return Assistant.open(settings or load_settings())


def ask(question: str) -> Answer:
    """Answer one question with cited sources."""
    return open_assistant().ask(question)


def search(query: str, k: int = 10) -> list[SearchHit]:
    """Return the ``k`` provisions that fit ``query`` best."""
    return open_assistant().search(query, k)
