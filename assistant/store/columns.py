"""The kinds of columns, the same on every database: ids, names, texts, moments, JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, String, Text
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
LONGEST_NAME, LONGEST_ABOUT, LONGEST_TEXT = 200, 80, 4000


class Moment(TypeDecorator[datetime]):
    """A point in time in UTC, aware of it whichever database keeps it."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        """Return the moment as it is kept: UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        """Return the moment with its zone."""
        return value.replace(tzinfo=UTC) if value else None


class Words(TypeDecorator[str]):
    """Text as people type or paste it, but for what some databases cannot keep: zero characters, halves of characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Return the text as every database can keep it."""
        return None if value is None else _keepable(value)


class Short(TypeDecorator[str]):
    """A text of limited length, such as an id or a name, kept as ``Words`` are."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        """Return the text as every database can keep it."""
        return None if value is None else _keepable(value)


class Json(TypeDecorator[Any]):
    """JSON as text: the order of keys stays, on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: object) -> str | None:
        """Return the value as JSON text."""
        return None if value is None else _keepable(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        """Return what the JSON text holds."""
        return None if value is None else json.loads(value)


ID, ABOUT, NAME = Short(12), Short(LONGEST_ABOUT), Short(LONGEST_NAME)


def _keepable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
