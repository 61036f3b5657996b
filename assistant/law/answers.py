"""Answers about one system: read from YAML or JSON, checked against the questions, every fault named at once."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.law.fact import Fact
from assistant.law.knowledge import Knowledge
from assistant.law.migration import carried_over, retired
from assistant.law.rules import Value
from assistant.types import AssistantError

UNKNOWN = "unknown"
LARGEST = 1 << 20  # bytes of an answers file
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2100, 12, 31)
_KEYS = {"questionnaire", "date", "facts", "notes"}
LONGEST = 2000  # characters of a text or a note
_DEEPEST = 20  # levels of an answers file
_MOST_TOLD = 100  # faults that one message names: more than there are questions
_brief = reprlib.Repr()  # a wrong answer as a message repeats it, however deep or long it is
_brief.maxlevel, _brief.maxstring = 2, 60
_NONE = "none"


@dataclass(frozen=True)
class Answers:
    """What was answered: values by fact, facts answered with "I don't know", notes, and the day to assess for.

    ``anew`` names what was answered for an earlier version of the questionnaire and must be answered again.
    """

    facts: Mapping[str, Value] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    anew: tuple[str, ...] = ()


def read_answers(path: Path, knowledge: Knowledge) -> Answers:
    """Read an answers file.

    Raises:
        AssistantError: it cannot be read, is too large, or an answer does not fit; every fault is named.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise AssistantError(
                f"{path} has {path.stat().st_size >> 20} MiB; an answers file has at most 1 MiB. Check the file."
            )
        data = load_data(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"{path} cannot be read as UTF-8 text ({error}). Check the path.") from error
    except yaml.YAMLError as error:
        raise AssistantError(f"{path} is neither YAML nor JSON: {str(error).splitlines()[0]}. Correct the file.") from error
    try:
        return parse_answers(data, knowledge)
    except AssistantError as error:
        raise AssistantError(f"{path}: {error}") from error


def load_data(text: str) -> Any:
    """Return what YAML or JSON holds.

    Raises:
        yaml.YAMLError: it is neither, or nested deeper than an answers file can be (the parser would fall with the process).
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"it is nested more than {_DEEPEST} levels deep")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def parse_answers(data: Any, knowledge: Knowledge) -> Answers:
    """Check the content of an answers file and return the answers.

    Raises:
        AssistantError: with every fault found, up to a hundred.
    """
    if not isinstance(data, dict) or not isinstance(data.get("facts"), dict):
        raise AssistantError(
            "write 'questionnaire: VERSION' and 'facts: {FACT: answer}'; 'questionnaire --schema' gives the form."
        )
    faults = [f"the key '{_shown(key)}' is not known" for key in data if key not in _KEYS]
    facts, anew = data["facts"], list[str]()
    version = data.get("questionnaire")
    if version is None:
        faults.append("'questionnaire' is missing: say for which version the answers were given")
    elif str(version) != knowledge.questionnaire:
        if carried := carried_over(str(version), facts, knowledge):
            facts, anew = carried
        else:
            faults.append(_unknown_version(str(version), knowledge))
    day = _date(data.get("date"))
    if data.get("date") is not None and day is None:
        shown = _shown(str(data["date"]))
        faults.append(f"'date: {shown}' is not a day between {FIRST_DAY.year} and {LAST_DAY.year}; write YYYY-MM-DD")
    values: dict[str, Value] = {}
    unknown = set()
    for name, raw in facts.items():
        fact = knowledge.facts.get(str(name))
        if fact is None or fact.id not in knowledge.questions:
            faults.append(f"'{_shown(name)}' is not a fact that is asked; 'questionnaire --schema' lists them")
        elif raw == UNKNOWN:
            unknown.add(fact.id)
        else:
            value = _value(raw, fact)
            faults += [f"{fact.id}: {fault}" for fault in _faults(raw, value, fact)]
            if value is not None:
                values[fact.id] = value
    notes = {} if data.get("notes") is None else data["notes"]
    faults += _note_faults(notes, knowledge)
    if faults:
        more = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        raise AssistantError("; ".join(faults[:_MOST_TOLD]) + f"{more}.")
    return Answers(values, frozenset(unknown), {str(key): str(note) for key, note in notes.items()}, day, tuple(anew))


def day_of(text: str) -> date:
    """Return a day written as YYYY-MM-DD.

    Raises:
        AssistantError: it is none, or lies before 2018 or after 2100.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise AssistantError(f"'{_shown(text)}' is not a day; write it as YYYY-MM-DD, for example 2027-12-02.") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise AssistantError(f"'{text}' lies outside {FIRST_DAY.year} to {LAST_DAY.year}; choose a day within.")
    return day


def _note_faults(notes: object, knowledge: Knowledge) -> Iterator[str]:
    if not isinstance(notes, dict):
        yield "'notes' does not fit; write {FACT: text}"
        return
    for name, note in notes.items():
        if name not in knowledge.questions and name not in retired(knowledge):
            yield f"the note on '{_shown(name)}' is for no fact that is asked"
        elif not (isinstance(note, str) and len(note) <= LONGEST and _is_writable(note)):
            yield f"the note on {name} is not a text of at most {LONGEST} characters"


def _unknown_version(version: str, knowledge: Knowledge) -> str:
    known = ", ".join([*(earlier.version for earlier in knowledge.earlier), knowledge.questionnaire])
    return (
        f"the answers are for version {_shown(version)} of the questionnaire, this release reads {known}: "
        "update the product if they are newer, or answer again"
    )


def _date(raw: object) -> date | None:
    if isinstance(raw, str):
        try:
            raw = date.fromisoformat(raw)
        except ValueError:
            return None
    return raw if isinstance(raw, date) and FIRST_DAY <= raw <= LAST_DAY else None


def _value(raw: object, fact: Fact) -> Value | None:
    """Return the answer in the form of its fact, or nothing where it has another."""
    if fact.kind == "boolean":
        return raw if isinstance(raw, bool) else None
    if fact.kind == "date":
        return _date(raw)
    if fact.kind == "number":
        return _number(raw)
    if fact.kind == "text":
        return raw.strip() if isinstance(raw, str) and 0 < len(raw.strip()) <= LONGEST and _is_writable(raw) else None
    if fact.kind == "choice":
        return raw if isinstance(raw, str) and raw in fact.values else None
    if isinstance(raw, list) and raw and all(isinstance(one, str) and one in fact.values for one in raw):
        return frozenset(raw)
    return None


def _number(raw: object) -> float | None:
    """Return a number of zero or more; YAML and people write large ones like 3e24, which may arrive as text."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        value = float(raw)
    except (ValueError, OverflowError):
        return None
    return value if 0 <= value < float("inf") else None


def _is_writable(text: str) -> bool:
    """Tell whether a text can be kept and shown: JSON can name half of a character, which no file or page can hold."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _shown(raw: object) -> str:
    return _brief.repr(raw).strip("'")


def _faults(raw: object, value: Value | None, fact: Fact) -> Iterator[str]:
    if value is None:
        forms = {
            "boolean": "true or false",
            "date": f"a day between {FIRST_DAY.year} and {LAST_DAY.year} as YYYY-MM-DD",
            "number": "a number of zero or more, for example 3e24",
            "text": f"1 to {LONGEST} characters",
            "choice": f"one of {', '.join(fact.values)}",
            "set": f"a list of {', '.join(fact.values)}",
        }
        yield f"'{_shown(raw)}' does not fit; write {forms[fact.kind]}, or {UNKNOWN}"
    elif isinstance(value, frozenset) and _NONE in value and len(value) > 1:
        others = ", ".join(sorted(value - {_NONE}))
        yield f"'{_NONE}' and '{others}' contradict each other; keep one of them"


def as_data(answers: Answers, knowledge: Knowledge) -> dict[str, Any]:
    """Return answers in the form of an answers file: read back, they are the same."""
    facts: dict[str, Any] = dict.fromkeys(sorted(answers.unknown), UNKNOWN)
    for name, value in answers.facts.items():
        facts[name] = sorted(value) if isinstance(value, frozenset) else value.isoformat() if isinstance(value, date) else value
    data: dict[str, Any] = {"questionnaire": knowledge.questionnaire, "facts": facts}
    return (
        data
        | ({"date": answers.day.isoformat()} if answers.day else {})
        | ({"notes": dict(answers.notes)} if answers.notes else {})
    )


def schema(knowledge: Knowledge) -> dict[str, Any]:
    """Return the JSON Schema of an answers file, made from the questions."""
    facts = {fact.id: _schema_of(fact, knowledge) for fact in map(knowledge.facts.__getitem__, knowledge.questions)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers about one AI system",
        "type": "object",
        "required": ["questionnaire", "facts"],
        "additionalProperties": False,
        "properties": {
            "questionnaire": {"const": knowledge.questionnaire},
            "date": {"type": "string", "format": "date"},
            "facts": {"type": "object", "additionalProperties": False, "properties": facts},
            "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }


def _schema_of(fact: Fact, knowledge: Knowledge) -> dict[str, Any]:
    forms: dict[str, dict[str, Any]] = {
        "boolean": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "number": {"type": "number", "minimum": 0},
        "text": {"type": "string", "minLength": 1, "maxLength": LONGEST},
        "choice": {"enum": fact.values},
        "set": {"type": "array", "items": {"enum": fact.values}, "minItems": 1, "uniqueItems": True},
    }
    return {"description": knowledge.questions[fact.id].text.en, "anyOf": [forms[fact.kind], {"const": UNKNOWN}]}
