"""The questions of the evaluation set: their shape, and a reader that refuses what does not fit.

One JSON object a line. ``gold`` is a list of groups: of each group at least one provision must be cited (alternatives),
and every group must be met (sets). A statement (``key_facts``, ``forbidden``) is text whose parts, joined by `` & ``, stand
in one sentence; figures, dates and spellings are compared in one form (``normalise``). Provisions of a user's own document
are written ``own:FILE NAME``.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from assistant.law.knowledge import Knowledge
from assistant.law.numbering import kind_of
from assistant.types import AssistantError, Language, Reason

DATASETS = Path(__file__).resolve().parent / "datasets"
OWN = "own:"
AS_OF = date(2026, 11, 26)  # the day for which gold is right; a question without a date is asked on it
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CaseId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ANSWER = "answer"
_TAG = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)


class Slice(StrEnum):
    """What a case tries; a case may belong to several."""

    SINGLE_PROVISION = "single_provision"
    SEVERAL_PROVISIONS = "several_provisions"
    DEFINITION = "definition"
    DATE = "date_and_transition"
    SANCTION = "sanction"
    ROLE = "role"
    COMPARISON = "comparison"
    TRANSFER = "transfer"
    FOLLOW_UP = "follow_up"
    AS_OF_PAIR = "as_of_pair"
    NON_EXISTENT = "non_existent"
    FALSE_PREMISE = "false_premise"
    OUT_OF_SCOPE = "out_of_scope"
    UNDER_SPECIFIED = "under_specified"
    PLANTED = "planted_instructions"
    CONFLICTING_VERSIONS = "conflicting_versions"
    OWN_DOCUMENT = "own_document"


class Shape(BaseModel):
    """Base of what stands in a file of cases: frozen, closed to unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Read = TypeVar("Read", bound=Shape)


class CaseDocument(Shape):
    """A document that the user has added before asking; written for the case, never an official text."""

    name: Words
    text: Words

    @property
    def plain(self) -> str:
        """The text as it is read: without the tags of a page."""
        return html.unescape(_TAG.sub(" ", self.text)) if self.name.endswith((".html", ".htm")) else self.text


class Case(Shape):
    """One question with what a right answer holds.

    ``expect`` lists what is right: ``answer``, or reasons of refusal. ``as_of`` is a day given beside the question;
    ``day`` the day the answer must be about, where it is not today. ``related`` may be cited but need not be.
    ``pair`` joins two cases that ask the same on two days. ``gold_hashes`` say what the gold provisions
    worded when the case was written (``freshness``).
    """

    id: CaseId
    language: Language
    question: Words
    history: list[Words] = Field(default_factory=list)
    documents: list[CaseDocument] = Field(default_factory=list)
    as_of: date | None = None
    day: date | None = None
    expect: list[Literal["answer"] | Reason] = Field(min_length=1)
    gold: list[Annotated[list[Words], Field(min_length=1)]] = Field(default_factory=list)
    related: list[Words] = Field(default_factory=list)
    key_facts: list[Annotated[list[Words], Field(min_length=1)]] = Field(default_factory=list)
    forbidden: list[Words] = Field(default_factory=list)
    pair: CaseId | None = None
    slices: list[Slice] = Field(min_length=1)
    difficulty: Literal["easy", "medium", "hard"]
    persona: Literal["sme", "compliance", "engineer"]
    author: Words
    checked_by: Words | None = None
    note: Words | None = None
    gold_hashes: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.answerable and not self.gold:
            raise ValueError("'gold' is empty: an answerable question names the provisions that must be cited")
        if self.as_of is not None and self.day is None:
            raise ValueError("'day' is missing: a question with 'as_of' says the day the answer must be about")
        unknown = {p.removeprefix(OWN) for p in self.provisions if p.startswith(OWN)} - {one.name for one in self.documents}
        if unknown:
            raise ValueError(f"'gold' names the document {', '.join(sorted(unknown))}, which is not among 'documents'")
        return self

    @property
    def answerable(self) -> bool:
        """Tell whether only an answer is right."""
        return self.expect == [ANSWER]

    @property
    def provisions(self) -> list[str]:
        """Every provision named as gold or as related, in order, each once."""
        return list(dict.fromkeys([*(one for group in self.gold for one in group), *self.related]))

    @property
    def law(self) -> list[str]:
        """The provisions of law among them."""
        return [one for one in self.provisions if not one.startswith(OWN)]


class BadCaseError(AssistantError):
    """Cases do not fit; the message names every file, line and field."""


def read_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) of a file of JSON lines; empty lines are passed over.

    Raises:
        BadCaseError: the file cannot be read, or a line is not JSON.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadCaseError(f"{path.name} cannot be read ({error.strerror}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise BadCaseError(f"{path.name} is not UTF-8 text ({error.reason} at byte {error.start}). Save it as UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except ValueError as error:
            raise BadCaseError(f"{path.name}, line {number}: not a JSON object ({error}).") from error


def read_shapes(path: Path, shape: type[Read]) -> list[tuple[int, Read]]:
    """Read a file of JSON lines of one shape, each with its line number.

    Raises:
        BadCaseError: naming every line and field that does not fit.
    """
    found: list[tuple[int, Read]] = []
    faults: list[str] = []
    for number, value in read_lines(path):
        try:
            found.append((number, shape.model_validate(value)))
        except ValidationError as error:
            faults += [f"{path.name}, line {number}, {_field(one)}: {_message(one)}" for one in error.errors()]
    _refuse(faults)
    return found


def read_cases(path: Path, knowledge: Knowledge) -> list[Case]:
    """Read questions and check them against each other and against the knowledge base.

    Raises:
        BadCaseError: a field does not fit, an id occurs twice, a provision cannot exist, or half of a pair is missing.
    """
    numbered = read_shapes(path, Case)
    faults = [*_twice(path, numbered), *_halves(path, numbered)]
    for number, case in numbered:
        for provision in case.law:
            if not exists(provision, knowledge):
                faults.append(f"{path.name}, line {number}, gold ({case.id}): there is no provision '{provision}'")
    _refuse(faults)
    return [case for _, case in numbered]


def exists(provision: str, knowledge: Knowledge) -> bool:
    """Tell whether a provision stands in the knowledge base, or below an entry of it, or may by its document's numbering."""
    try:
        document = knowledge.document_of(provision)
    except KeyError:
        return False
    if provision in knowledge.provisions or provision in knowledge.children_of:
        return True
    numbering, path = knowledge.numbering.get(document.id), provision.removeprefix(f"{document.id}.")
    if numbering is None or kind_of(path) not in numbering.top_kinds:
        return knowledge.resolve(provision) is not None
    return isinstance(numbering.find(path), str)


def _twice(path: Path, numbered: Iterable[tuple[int, Case]]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, case in numbered:
        if case.id in seen:
            yield f"{path.name}, line {number}, id: '{case.id}' stands in line {seen[case.id]} already"
        seen.setdefault(case.id, number)


def _halves(path: Path, numbered: Iterable[tuple[int, Case]]) -> Iterator[str]:
    pairs: dict[str, list[int]] = {}
    for number, case in numbered:
        if case.pair is not None:
            pairs.setdefault(case.pair, []).append(number)
    for pair, lines in pairs.items():
        if len(lines) != 2:
            yield f"{path.name}, line {lines[0]}, pair: '{pair}' joins {len(lines)} cases; a pair has two"


def _field(fault: Any) -> str:
    return ".".join(str(part) for part in fault["loc"]) or "case"


def _message(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "unknown field"
    return str(fault["msg"]).removeprefix("Value error, ")


def _refuse(faults: list[str]) -> None:
    if faults:
        raise BadCaseError("\n".join(faults) + f"\n{len(faults)} fault(s) in the cases; mend them and run again.")
