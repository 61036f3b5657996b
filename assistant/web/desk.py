"""What every page works with: the assistant and the stores over one database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from assistant.answer.pipeline import Assistant
from assistant.law.knowledge import Knowledge
from assistant.settings import Settings
from assistant.store.acting import Who, only_one, present
from assistant.store.comments import CommentStore
from assistant.store.conversations import ConversationStore
from assistant.store.database import Database, open_database
from assistant.store.duties import DutyStore
from assistant.store.exchange import ExchangeStore
from assistant.store.feedback import FeedbackStore
from assistant.store.retention import tidy
from assistant.store.rows import utc_now
from assistant.store.systems import SystemStore
from assistant.web.downloads import Downloads
from assistant.web.operations.metrics import Metrics
from assistant.web.team.permissions import allowed
from assistant.web.team.staff import Team
from assistant.web.waiting import Waiting


def who_acts(settings: Settings) -> Who:
    """Return what says who acts in the web application: whoever is signed in, or the one user where there are no accounts."""
    return present if settings.team else only_one


@dataclass(frozen=True)
class Desk:
    """The assistant, and what is kept beside it; ``today`` is the clock, ``waiting`` holds uploads not confirmed yet."""

    assistant: Assistant
    systems: SystemStore
    duties: DutyStore
    comments: CommentStore
    conversations: ConversationStore
    feedback: FeedbackStore
    exchange: ExchangeStore
    downloads: Downloads
    engine: Database
    team: Team | None = None
    today: Callable[[], date] = date.today
    waiting: Waiting = field(default_factory=Waiting)
    metrics: Metrics = field(default_factory=Metrics)

    @classmethod
    def open(cls, assistant: Assistant, today: Callable[[], date] = date.today) -> Desk:
        """Open the database that the assistant's settings name.

        Raises:
            AssistantError: it cannot be opened.
        """
        settings = assistant.settings
        engine = open_database(settings.effective_database_url)
        given = (engine, utc_now, who := who_acts(settings))
        stores = (SystemStore(*given), DutyStore(*given), CommentStore(*given), ConversationStore(*given), FeedbackStore(*given))
        team = Team.open(engine, settings, who) if settings.team else None
        return cls(assistant, *stores, ExchangeStore(*given), Downloads(assistant), engine, team, today)

    def tidy(self) -> int:
        """Remove for good what the settings do not let stay, in every organisation; return how much that was."""
        settings = self.assistant.settings
        return tidy(self.engine, settings.purge_days, settings.retention_days)

    def may(self, permission: str, system: str | None = None) -> bool:
        """Tell whether whoever acts has a permission, for a system where it is about one; without accounts everybody has all."""
        return self.team is None or allowed(self.systems.acting, permission, self.team.members, system)

    @property
    def knowledge(self) -> Knowledge:
        """The knowledge base in use, with the official texts that are installed."""
        return self.assistant.knowledge
