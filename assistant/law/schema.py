"""The shape of every entry in ``knowledge/``: what a lawyer may write, and nothing else.

Unknown keys are refused, both languages are mandatory, dates are ISO days. ``from`` is the first day
on which a statement holds, ``to`` the first day on which it no longer does.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.law.base import Day, Entry, EntryId, Link, ObligationId, Words
from assistant.law.conditions import Condition
from assistant.types import Basis, Confidence, DutyForce, Force, Jurisdiction, Language

DocumentKind = Literal[
    "regulation", "directive", "decision", "act", "rules", "judgment",
    "guidelines", "opinion", "template", "code", "plan", "principles", "standard",
    "agreement", "convention", "proposal", "press",
]  # fmt: skip


class Text(Entry):
    """The same statement in English and in Japanese."""

    en: Words
    ja: Words

    def in_language(self, language: Language) -> str:
        """Return the wording in ``language``."""
        return self.ja if language is Language.JA else self.en


class Names(Entry):
    """Further names by which people call a thing, per language."""

    en: list[Words] = Field(default_factory=list)
    ja: list[Words] = Field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """Every name in either language."""
        return [*self.en, *self.ja]


class Period(Entry):
    """A stretch of days: ``from`` included, ``to`` excluded."""

    from_: Day = Field(alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to is not None and self.to <= self.from_:
            raise ValueError("'to' must be later than 'from'")
        return self

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` lies in the period."""
        return self.from_ <= day and (self.to is None or day < self.to)


class Checked(Entry):
    """Who can trust an entry: the day it was checked, against what, and how sure we are."""

    checked_on: Day
    basis: Basis
    confidence: Confidence = Confidence.HIGH


class Version(Period):
    """One state of a document: the period in which it was the text in force."""

    id: Words
    identifier: Words | None = None
    link: Link | None = None


class Document(Checked):
    """An instrument of the catalogue (``sources.yaml``).

    ``shared_names`` are names by which people mean it too, though they are those of another: either may be meant.
    """

    id: EntryId
    title: Text
    short: Text
    aliases: Names = Field(default_factory=Names)
    shared_names: Names = Field(default_factory=Names)
    issuer: Text
    jurisdiction: Jurisdiction
    kind: DocumentKind
    force: Force
    identifier: Words
    link: Link
    languages: list[Words] = Field(min_length=1)
    licence: Words
    obtain: Text
    versions: list[Version] = Field(min_length=1)
    note: Text | None = None

    @property
    def known_from(self) -> date:
        """First day for which the knowledge base says anything about this document."""
        return min(version.from_ for version in self.versions)

    def version_on(self, day: date) -> Version | None:
        """Return the version in force on ``day``, or nothing before our knowledge begins."""
        return next((version for version in self.versions if version.covers(day)), None)


class Wording(Period):
    """What a provision says, in our own words, while one wording of it is the text in force."""

    summary: Text
    change: Text | None = None


class Moved(Entry):
    """The law was amended on the day ``amended``, which moved a first day of application; before, it was ``from``."""

    amended: Day
    from_: Day = Field(alias="from")


class Application(Period):
    """Days on which a provision or duty applies; ``case`` says to what, where that differs.

    ``older`` marks a rule that applied before ``from`` too: the day is where our knowledge of it begins,
    and must not be told as the day on which it started. ``moved`` says which day it was before an amendment.
    """

    case: Text | None = None
    older: bool = False
    moved: Moved | None = None

    @model_validator(mode="after")
    def _moved_in_time(self) -> Self:
        if self.moved is not None and (self.moved.from_ == self.from_ or self.moved.amended > min(self.moved.from_, self.from_)):
            raise ValueError("'moved' names another day than 'from', and neither may have passed on the day 'amended'")
        return self

    @property
    def days(self) -> set[date]:
        """Every first and last day that the law set for the line at some time."""
        return {day for day in (self.from_, self.to, self.moved.from_ if self.moved else None) if day}

    def as_of(self, day: date) -> Self:
        """Return the line with the first day that the law in force on ``day`` sets."""
        if self.moved is None or day >= self.moved.amended:
            return self
        return self.model_copy(update={"from_": self.moved.from_, "moved": None})


class Review(Text):
    """Where readings differ, or a lawyer should look; ``from`` is the day before which it is not told."""

    from_: Day | None = Field(default=None, alias="from")


class Reviewed(Checked):
    """An entry that may carry a note for a lawyer's review."""

    review: Review | None = None

    def review_on(self, day: date) -> Review | None:
        """Return the note, if there is one for ``day``."""
        return self.review if self.review and (self.review.from_ is None or self.review.from_ <= day) else None


class Deadline(Entry):
    """A day by which a provision wants something done, other than the days on which it applies."""

    day: Day
    what: Text


class Provision(Reviewed):
    """One article, paragraph, point, recital or item, with its dated summaries.

    ``calendar`` marks an entry that is itself about dates: of application, or of transition for what is older.
    """

    id: EntryId
    heading: Text
    label: Text | None = None
    force: Force | None = None
    wording: list[Wording] = Field(min_length=1)
    applies: list[Application] = Field(min_length=1)
    deadlines: list[Deadline] = Field(default_factory=list)
    see: list[EntryId] = Field(default_factory=list)
    calendar: Literal["application", "transition"] | None = None

    @model_validator(mode="after")
    def _one_wording_a_day(self) -> Self:
        for earlier, later in pairwise(self.wording):
            if earlier.to is None or later.from_ < earlier.to:
                raise ValueError("wording lines must follow each other in time: close the earlier one with 'to'")
        return self

    def wording_on(self, day: date) -> Wording | None:
        """Return the summary of the wording in force on ``day``, if we know one."""
        return next((wording for wording in self.wording if wording.covers(day)), None)

    def application_on(self, day: date) -> list[Application]:
        """Return the lines of application as the law in force on ``day`` has them."""
        return [line.as_of(day) for line in self.applies]


class Unsummarised(Provision):
    """A provision known from an installed official text alone: no summary and no days of application of ours.

    ``summary`` then quotes how the wording begins, and ``applies`` holds the days on which the text is in force.
    """


class DatedDuty(Application):
    """From when a duty applies; ``when`` narrows the line to some systems."""

    when: Condition | None = None


class Sanction(Entry):
    """What follows a breach, and the provision that says so (none: no sanction of its own)."""

    summary: Text
    provisions: list[EntryId] = Field(default_factory=list)


class Obligation(Reviewed):
    """One duty, recommendation or permission: who, what, when, on which condition; ``prohibits`` where it is to refrain."""

    id: ObligationId
    title: Text
    duty: Text
    force: DutyForce
    prohibits: bool = False
    bearers: list[EntryId] = Field(min_length=1)
    trigger: Text
    condition: Condition | None = None
    unless: Condition | None = None
    exceptions: Text | None = None
    provisions: list[EntryId] = Field(min_length=1)
    applies: list[DatedDuty] = Field(min_length=1)
    sanction: Sanction
    evidence: list[Text] = Field(default_factory=list)

    def application_on(self, day: date) -> list[DatedDuty]:
        """Return the lines of application as the law in force on ``day`` has them."""
        return [line.as_of(day) for line in self.applies]


class Term(Checked):
    """A defined or customary term in both languages, with the provision that defines it."""

    id: EntryId
    term: Text
    synonyms: Names = Field(default_factory=Names)
    provisions: list[EntryId] = Field(default_factory=list)
    note: Text | None = None


class Statement(Entry):
    """What one side says on a topic, and the provisions that say it."""

    text: Text
    provisions: list[EntryId] = Field(min_length=1)


class Parallel(Checked):
    """One topic side by side: what the EU and Japan share, what each says, and what to do in both.

    ``practice`` is advice, not law: it states no figure and cites nothing.
    """

    id: EntryId
    topic: Text
    aliases: Names = Field(default_factory=Names)
    same: Text
    eu: list[Statement] = Field(min_length=1)
    japan: list[Statement] = Field(min_length=1)
    practice: Text
