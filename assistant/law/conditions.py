"""Conditions over facts: how a duty says, as data, when it is owed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, Discriminator, Field, Tag

from assistant.law.base import Day, Entry, EntryId


class FactIs(Entry):
    """True when the fact has this value."""

    fact: EntryId
    value: bool | str = Field(alias="is")


class FactBefore(Entry):
    """True when the date fact lies before this day."""

    fact: EntryId
    before: Day


class FactAbove(Entry):
    """True when the number fact is greater than this."""

    fact: EntryId
    above: float


class FactIncludes(Entry):
    """True when the multi-select fact contains this value."""

    fact: EntryId
    includes: str


class AllOf(Entry):
    """True when every part is true."""

    all: list[Condition] = Field(min_length=1)


class AnyOf(Entry):
    """True when at least one part is true."""

    any: list[Condition] = Field(min_length=1)


class Not(Entry):
    """True when the part is false."""

    not_: Condition = Field(alias="not")


def _kind_of_condition(value: object) -> str | None:
    keys = value.keys() if isinstance(value, dict) else dict(value) if isinstance(value, Entry) else {}
    return next((key for key in ("all", "any", "not", "includes", "before", "above", "fact") if key in keys), None)


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[FactIncludes, Tag("includes")]
    | Annotated[FactBefore, Tag("before")]
    | Annotated[FactAbove, Tag("above")]
    | Annotated[FactIs, Tag("fact")],
    Discriminator(
        _kind_of_condition,
        custom_error_type="condition",
        custom_error_message="a condition is one of all, any, not, or a fact with is, includes, before or above",
    ),
]


def facts_in(condition: BaseModel | None) -> Iterator[str]:
    """Yield the ids of all facts that a condition names."""
    if condition is None:
        return
    if fact := getattr(condition, "fact", None):
        yield fact
    for name in ("all", "any"):
        for part in getattr(condition, name, []):
            yield from facts_in(part)
    yield from facts_in(getattr(condition, "not_", None))


def parts_of(condition: BaseModel | None) -> Iterator[FactIs | FactIncludes | FactBefore | FactAbove]:
    """Yield the comparisons with a fact that a condition is made of."""
    if isinstance(condition, FactIs | FactIncludes | FactBefore | FactAbove):
        yield condition
        return
    for name in ("all", "any"):
        for part in getattr(condition, name, []):
            yield from parts_of(part)
    yield from parts_of(getattr(condition, "not_", None)) if isinstance(condition, Not) else ()
