"""What every page works with: the assistant and the stores over one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge
from assistant.store.comments import CommentStore
from assistant.store.conversations import ConversationStore
from assistant.store.database import open_database
from assistant.store.duties import DutyStore
from assistant.store.feedback import FeedbackStore
from assistant.store.rows import utc_now
from assistant.store.systems import SystemStore
from assistant.web.downloads import Downloads


@dataclass(frozen=True)
class Desk:
    """The assistant, and what is kept beside it; ``today`` is the clock."""

    assistant: Assistant
    systems: SystemStore
    duties: DutyStore
    comments: CommentStore
    conversations: ConversationStore
    feedback: FeedbackStore
    downloads: Downloads
    today: Callable[[], date] = date.today

    @classmethod
    def open(cls, assistant: Assistant, today: Callable[[], date] = date.today) -> Desk:
        """Open the database that the assistant's settings name.

        Raises:
            AssistantError: it cannot be opened.
        """
        engine = open_database(assistant.settings.effective_database_url)
        stores = (SystemStore(engine), DutyStore(engine), CommentStore(engine), ConversationStore(engine), FeedbackStore(engine))
        return cls(assistant, *stores, Downloads(assistant), today)

    def purge(self) -> None:
        """Remove for good what was deleted longer ago than the settings allow."""
        before = utc_now() - timedelta(days=self.assistant.settings.purge_days)
        self.systems.purge(before)
        self.conversations.purge(before)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge base in use, with the official texts that are installed."""
        return self.assistant.knowledge
