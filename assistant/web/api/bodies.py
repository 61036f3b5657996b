"""What programs send, and the parts of what they get that are not the assistant's own types."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.law.answers import FIRST_DAY, LAST_DAY
from assistant.law.results import Assessment
from assistant.types import Language
from assistant.web.files import kind_of

ReportForm = Literal["pdf", "docx", "xlsx", "md", "json"]
_FILE = {"type": "string", "format": "binary"}
_REPORTS: dict[str, Any] = {kind_of(f"report.{form}"): {"schema": _FILE} for form in get_args(ReportForm)}
_REPORTS["application/json"] = {"schema": {"$ref": "#/components/schemas/Assessment"}}
REPORT: dict[int | str, dict[str, Any]] = {200: {"description": "The document, as a file to be saved.", "content": _REPORTS}}


def _within(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"a day from {FIRST_DAY} to {LAST_DAY} is needed")
    return day


Day = Annotated[date, AfterValidator(_within), Field(description="Day for which the law is told; default: today.")]
Given = Annotated[dict[str, Any], Field(description="Answers in the form of an answers file; /questionnaire describes it.")]
# A limit lets pydantic refuse half characters as well, which JSON can name and no database takes.
Text = Annotated[str, Field(max_length=100_000)]
Title = Annotated[str, Field(min_length=1, max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_Body):
    """A question; about one's own system where ``system`` (of the register) or ``answers`` are given."""

    question: Text = Field(examples=["What must a deployer of a high-risk AI system do?"])
    language: Language | None = None
    as_of: Day | None = None
    history: list[Text] = Field(default_factory=list, max_length=20, description="Earlier questions, oldest first.")
    system: Text | None = None
    answers: Given | None = None
    more: bool = Field(default=False, description="The long answer.")


class Facts(_Body):
    """Answers about a system of which nothing is kept."""

    answers: Given
    language: Language = Language.EN
    as_of: Day | None = None


class NewSystem(_Body):
    """A system for the register."""

    name: Title
    owner: str = Field(default="", max_length=200)
    answers: Given | None = None


class NewAnswers(_Body):
    """Answers to take the place of those kept; ``version`` is the one that was read before."""

    answers: Given
    version: int = Field(ge=1, lt=1 << 31)


class SystemTold(BaseModel):
    """A system of the register."""

    id: str
    name: str
    owner: str
    state: Literal["draft", "reviewed", "approved"]
    reviewer: str | None
    version: int
    answers: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class SystemAssessed(BaseModel):
    """The assessment of a system of the register."""

    system: str
    version: int
    assessment: Assessment


class ChangeTold(BaseModel):
    """One line of a system's history."""

    at: datetime
    actor: str
    kind: str
    detail: dict[str, Any]
    version: int


class Refused(BaseModel):
    """Why something was not done, in one sentence."""

    detail: str
