"""What every page works with: the assistant and the stores over one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge


@dataclass(frozen=True)
class Desk:
    """The assistant, and what is kept beside it; ``today`` is the clock."""

    assistant: Assistant
    today: Callable[[], date] = date.today

    @classmethod
    def open(cls, assistant: Assistant, today: Callable[[], date] = date.today) -> Desk:
        """Open the database that the assistant's settings name.

        Raises:
            AssistantError: it cannot be opened.
        """
        return cls(assistant, today)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge base in use, with the official texts that are installed."""
        return self.assistant.knowledge
