"""What is removed for good by itself, in every organisation: what was deleted long ago, and conversations long left alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from assistant.store.columns import metadata
from assistant.store.conversations import remove_conversations
from assistant.store.rows import Now, utc_now
from assistant.store.systems import remove_deleted
from assistant.store.transactions import writing


def tidy(engine: Engine, purge_days: int, retention_days: int, now: Now = utc_now) -> int:
    """Remove what was deleted ``purge_days`` ago, and conversations not continued for ``retention_days`` (0 keeps them).

    Returns how many systems and conversations that were.
    """
    systems, conversations = metadata.tables["systems"], metadata.tables["conversations"]
    before = now() - timedelta(days=purge_days)
    with writing(engine) as connection:
        removed = remove_deleted(connection, systems.c.deleted_at < before)
        removed += remove_conversations(connection, conversations.c.deleted_at < before)
        if retention_days:
            removed += remove_conversations(connection, conversations.c.updated_at < now() - timedelta(days=retention_days))
    return removed
