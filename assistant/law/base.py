"""What all entries share: closed to unknown keys, with ids, links and days of a fixed form."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$")]
ObligationId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[0-9]{2}[a-z]?$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$")]


def _iso_day(value: Any) -> Any:
    """Refuse what pydantic would take for a date without being one: numbers, times, other notations."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("write a day that exists as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_iso_day)]


class Entry(BaseModel):
    """Base of everything read from ``knowledge/``: frozen, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)
