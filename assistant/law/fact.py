"""The shape of facts and roles (``knowledge/facts.yaml``): what conditions may name."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assistant.law.base import Entry, EntryId
from assistant.law.conditions import Condition
from assistant.law.schema import Names, Text
from assistant.types import Jurisdiction


class Fact(Entry):
    """Something about a company or system that conditions refer to.

    ``derived`` facts are concluded by the rules; the others are asked of the user. A ``text`` decides nothing:
    it only tells people which system is meant.
    """

    id: EntryId
    kind: Literal["boolean", "choice", "set", "date", "number", "text"]
    label: Text
    values: list[EntryId] = Field(default_factory=list)
    derived: bool = False


class Role(Entry):
    """A capacity in which somebody bears duties; ``held`` says, over facts, when a user has it."""

    id: EntryId
    jurisdiction: Jurisdiction
    name: Text
    aliases: Names = Field(default_factory=Names)
    provision: EntryId
    held: Condition | None = None
