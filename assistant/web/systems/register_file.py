"""The form in which a system leaves the register and comes back: everything that people wrote, checked when it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from assistant.store.columns import LONGEST_ABOUT, LONGEST_NAME, LONGEST_TEXT
from assistant.store.comments import Comment
from assistant.store.duties import STATES as DUTY_STATES
from assistant.store.duties import TrackedDuty
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError

FORMAT, VERSION = "governance-assistant register", 1
MOST_SYSTEMS = 2000
_ID = r"^[0-9a-f]{12}$"
_MOST_PARTS = 10_000  # duties or comments of one system


class NotARegisterError(AssistantError):
    """The file holds no register; ``key`` is the text that says why, ``values`` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def _day(raw: object) -> object:
    return date.fromisoformat(raw) if isinstance(raw, str) else raw


def _moment(raw: object) -> object:
    moment = datetime.fromisoformat(raw) if isinstance(raw, str) else raw
    if not isinstance(moment, datetime) or moment.tzinfo is None:  # without a zone it could be any of two dozen moments
        raise ValueError("")
    return moment.astimezone(UTC)


def _said(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers without the parts in which nothing stands."""
    return {key: part for key, part in answers.items() if part or key == "facts"}


_Name = Annotated[str, Field(max_length=LONGEST_NAME)]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
_Day = Annotated[date | None, BeforeValidator(_day)]
_Moment = Annotated[datetime, BeforeValidator(_moment)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _lines(cls, data: object) -> object:
        return _plain(data)


class Duty(_Part):
    """How work on one duty stands."""

    duty: Annotated[str, Field(pattern=r"^[\w.-]{1,80}$")]
    state: Literal["todo", "doing", "done", "not_applicable"] = "todo"
    reason: _Text = ""
    person: _Name = ""
    due: _Day = None
    notes: _Text = ""

    @property
    def touched(self) -> bool:
        """Whether there is anything that a duty nobody worked on would not have."""
        return self.state != DUTY_STATES[0] or bool(self.reason or self.person or self.due or self.notes)

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.state == "not_applicable" and not self.reason.strip():
            raise ValueError("reason")
        return self


class Remark(_Part):
    """A comment."""

    about: Annotated[str, Field(max_length=LONGEST_ABOUT)] | None = None
    actor: _Name = ""
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    at: _Moment


class Entry(_Part):
    """One system. ``mark`` tells how it stood when it was written to the file, so that later changes here are not overwritten."""

    id: Annotated[str, Field(pattern=_ID)] | None = None
    name: _Name = ""
    owner: _Name = ""
    state: Literal["draft", "reviewed", "approved"] = "draft"
    reviewer: _Name | None = None
    copied_from: Annotated[str, Field(pattern=_ID)] | None = None
    answers: Annotated[dict[str, Any], AfterValidator(_said)]
    duties: Annotated[list[Duty], Field(max_length=_MOST_PARTS)] = Field(default_factory=list)
    comments: Annotated[list[Remark], Field(max_length=_MOST_PARTS)] = Field(default_factory=list)
    mark: str = ""

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.duty for one in self.duties}) < len(self.duties):
            raise ValueError("duties")
        return self

    def fingerprint(self) -> str:
        """Return a digest of all that people wrote: no seal against forgers, it only tells that something was changed since."""
        content = self.model_dump(mode="json", exclude={"mark", "id"})
        touched = [one for one in self.duties if one.touched]
        parts: dict[str, list[Duty] | list[Remark]] = {"duties": touched, "comments": self.comments}
        for key, ones in parts.items():
            content[key] = sorted((one.model_dump(mode="json") for one in ones), key=json.dumps)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Read:
    """One system of a file by its name, with what it holds, or with the places that do not fit."""

    name: str
    entry: Entry | None
    misfits: tuple[tuple[str, str], ...] = ()


def entry_of(system: StoredSystem, duties: Iterable[TrackedDuty], comments: Iterable[Comment]) -> Entry:
    """Return a system of the register in the form of the file, with its mark."""
    entry = Entry.model_validate(
        {
            **{key: getattr(system, key) for key in ("id", "name", "owner", "state", "reviewer", "copied_from", "answers")},
            "duties": [{key: getattr(one, key) for key in Duty.model_fields} for one in sorted(duties, key=lambda one: one.duty)],
            "comments": [{key: getattr(one, key) for key in Remark.model_fields} for one in comments],
        }
    )
    return entry.model_copy(update={"mark": entry.fingerprint()})


def to_json(entries: Iterable[tuple[Entry, dict[str, Any]]], made_at: datetime) -> bytes:
    """Return a register as JSON; beside each system stands what it was told (outcomes, questions in words), for readers only."""
    systems = [{**entry.model_dump(mode="json"), "told": told} for entry, told in entries]
    whole = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat(timespec="seconds"), "systems": systems}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def from_json(content: bytes) -> list[Read]:
    """Return the systems of a JSON file.

    Raises:
        NotARegisterError: it is broken, of something else, of a newer release, or too long.
    """
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
        json.dumps(data, ensure_ascii=False).encode()  # half of a pair of code units is no text
    except (ValueError, RecursionError) as error:
        raise NotARegisterError("exchange_broken") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("systems"), list):
        raise NotARegisterError("exchange_foreign")
    if data.get("version") != VERSION:
        raise NotARegisterError("exchange_newer")
    return checked(data["systems"])


def checked(systems: list[Any]) -> list[Read]:
    """Return systems as a file holds them, each checked by itself.

    Raises:
        NotARegisterError: there are too many, or none.
    """
    if not systems:
        raise NotARegisterError("exchange_empty")
    if len(systems) > MOST_SYSTEMS:
        raise NotARegisterError("exchange_many", most=MOST_SYSTEMS, found=len(systems))
    return [_checked(one) for one in systems]


def _checked(data: Any) -> Read:
    name = str(data.get("name", ""))[:LONGEST_NAME] if isinstance(data, dict) else ""
    try:
        return Read(name, Entry.model_validate(data))
    except ValidationError as error:
        return Read(name, None, tuple(map(_misfit, error.errors(include_url=False))))
    except RecursionError:
        return Read(name, None, (("answers", ""),))


def _misfit(error: Any) -> tuple[str, str]:
    """Return the place of a value that does not fit, and the value."""
    given = error["input"]
    place = [str(one + 1 if isinstance(one, int) else one) for one in error["loc"]]
    if error["type"] == "value_error" and "ctx" in error and not isinstance(given, str | int | float):
        place.append(str(error["ctx"]["error"]))
    return " ".join(place), "" if isinstance(given, dict | list | _Part) else str(given)[:60]


def _plain(data: Any) -> Any:
    """Return texts with the line ends that files keep; forms send others."""
    if isinstance(data, str):
        return data.replace("\r\n", "\n")
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(one) for one in data] if isinstance(data, list) else data


def _refuse(constant: str) -> object:
    raise ValueError(constant)
