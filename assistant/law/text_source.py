"""Where the official wording of a document can be had, and how its file is laid out (``texts.yaml``)."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from assistant.law.base import Day, Entry, EntryId, Link, Words
from assistant.law.schema import Text

TextFormat = Literal[
    "official_journal", "eu_consolidated", "japanese_law_xml", "japanese_statute_markdown", "pdf", "plain_text"
]  # fmt: skip


class SectionHeading(Entry):
    """How a numbered section begins in a text without markup, and the unit it opens.

    ``unit`` may use the groups of ``pattern``: ``measure_{1}_{2}``. ``inside`` nests it in the section that is open;
    ``running`` accepts only the number that continues the count; ``title`` says that the row is a title and no text.
    """

    pattern: Words
    unit: str
    inside: bool = False
    running: bool = False
    title: bool = False

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        try:
            groups = re.compile(self.pattern).groups
        except re.error as error:
            raise ValueError(f"'pattern' is not a regular expression: {error}") from error
        if self.running and not groups:
            raise ValueError("a 'running' heading needs its number as the first group")
        return self


class Request(Entry):
    """What is asked of the publisher: an address, and the kind and language of file to negotiate."""

    url: Link
    accept: Words | None = None
    accept_language: Words | None = None


class TextSource(Entry):
    """One file with the official wording of one version of a document in one language.

    ``from`` is the first day on which this very wording is known to be the text in force, ``to`` the first day on
    which it no longer is (none: see the version in the catalogue). ``reference`` marks a translation that does not
    prevail; ``remark`` what a reader must know of the file. ``files`` are the names a local copy may have;
    ``contains`` is a string without which it is another document or version; ``expect`` counts what it must hold.
    """

    document: EntryId
    version: Words
    language: Words
    format: TextFormat
    from_: Day = Field(alias="from")
    to: Day | None = None
    reference: bool = False
    remark: Text | None = None
    request: Request | None = None
    files: list[Words] = Field(min_length=1)
    contains: Words | None = None
    expect: dict[str, int] = Field(default_factory=dict)
    headings: list[SectionHeading] = Field(default_factory=list)
    until: Words | None = None

    @property
    def id(self) -> str:
        """Return ``document@version.language``: one text."""
        return f"{self.document}@{self.version}.{self.language}"

    def covers(self, day: date) -> bool:
        """Tell whether this wording is the text in force on ``day``."""
        return self.from_ <= day and (self.to is None or day < self.to)
