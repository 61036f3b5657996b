"""Words that every room shares: the closed vocabularies and the shape of an answer.

Nothing here knows a framework, a file or a statute. The shapes are the contract that the
command line, the web application and other programs rely on.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Language(StrEnum):
    """A language in which people ask and are answered."""

    EN = "en"
    JA = "ja"


class Jurisdiction(StrEnum):
    """Whose law or policy a document belongs to."""

    EU = "eu"
    JP = "jp"
    EU_JP = "eu_jp"
    INTERNATIONAL = "international"


class Force(StrEnum):
    """How strongly a document or provision binds those it addresses; ``own`` is a document of the user's."""

    BINDING = "binding"
    EFFORT = "effort"
    GUIDANCE = "guidance"
    VOLUNTARY = "voluntary"
    DRAFT = "draft"
    PRESS = "press"
    OWN = "own"


class DutyForce(StrEnum):
    """How strongly a duty is owed once its condition is met."""

    MUST = "must"
    EFFORT = "effort"
    SHOULD = "should"
    MAY = "may"
    FUTURE = "future"


class Basis(StrEnum):
    """What an entry of the knowledge base was checked against."""

    OFFICIAL_TEXT = "official_text"
    BRIEFING = "briefing"
    SECONDARY = "secondary"


class Confidence(StrEnum):
    """How sure the authors of an entry are."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Reason(StrEnum):
    """Why a question was refused; machines count these."""

    OFF_TOPIC = "off_topic"
    OTHER_JURISDICTION = "other_jurisdiction"
    NO_SUCH_PROVISION = "no_such_provision"
    NO_SUCH_DOCUMENT = "no_such_document"
    FALSE_PREMISE_ONLY = "false_premise_only"
    NOT_IN_KNOWLEDGE = "not_in_knowledge"
    NEEDS_LEGAL_ADVICE = "needs_legal_advice"
    UNDERSPECIFIED = "underspecified"
    EMPTY = "empty"
    TOO_LONG = "too_long"


class AssistantError(Exception):
    """A failure whose message is one clear sentence that says what to do next."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sentence(_Shape):
    """One sentence of an answer with the numbers of the citations that carry it."""

    text: str
    citations: list[int] = Field(default_factory=list)


class Citation(_Shape):
    """A provision that was shown to the reader, with what supports the sentence.

    ``quote`` is official wording only where ``official`` is true; ``verified`` then says whether
    it matches the source exactly, ``quote_language`` in which language it is, and ``translation`` is a reference
    translation where there is one. For a summary of ours ``official`` is false and ``verified`` null.
    ``summary`` is our own; where ``summarised`` is false it only says that there is none, and no day of
    application is known.
    """

    n: int
    document: str
    provision: str
    label: str
    heading: str
    version: str | None
    force: Force
    applies_from: date | None
    applies_to: date | None
    in_force: bool
    summarised: bool = True
    quote: str
    official: bool
    verified: bool | None
    quote_language: str
    summary: str
    translation: str | None = None
    url: str
    page: int | None = None
    checked_on: date
    confidence: Confidence
    notes: list[str] = Field(default_factory=list)


class Answer(_Shape):
    """What the assistant says to one question, with everything needed to check it.

    ``confidence`` says how likely the provision found first is about the question, where search found it; it is nothing where
    that was not measured. ``options`` are questions to choose from where the assistant asks back.
    """

    answer: str
    language: Language
    refused: bool
    reason: Reason | None
    as_of: date
    understood_as: str | None
    sentences: list[Sentence]
    citations: list[Citation]
    warnings: list[str]
    confidence: Confidence | None = None
    options: list[str] = Field(default_factory=list)
    trace: dict[str, Any]


class SearchHit(_Shape):
    """One provision found for a query, best first; ``score`` is comparable within one result only."""

    provision: str
    document: str
    label: str
    heading: str
    summary: str
    score: float
    lanes: dict[str, int]
    url: str
