"""The shape of ``premises.yaml``: what people wrongly believe of the law, and what is right."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from assistant.law.base import Day, Entry, EntryId
from assistant.law.cues import CueGroups
from assistant.law.schema import Checked, Names, Text


class Premise(Checked):
    """A wrong belief about the law.

    ``cues`` are the words by which a question shows the belief, ``unless`` those that take it back; ``correction``
    says what is right and rests on ``provisions``, the first of which carries it. ``from`` is the first day on which the
    belief is wrong, ``to`` the first day on which it no longer is; where left out, it is wrong on every day.
    """

    id: EntryId
    belief: Text
    cues: CueGroups
    unless: Names = Field(default_factory=Names)
    correction: Text
    provisions: list[EntryId] = Field(min_length=1)
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None

    def wrong_on(self, day: date) -> bool:
        """Tell whether the belief is wrong on ``day``."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day < self.to)


class PremisesFile(Entry):
    """``premises.yaml``."""

    premises: list[Premise]
