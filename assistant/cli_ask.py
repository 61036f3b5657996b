"""What ``ask`` reads: a file of many questions, the earlier questions of a conversation, a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.answer.pipeline import Assistant
    from assistant.law.answers import Answers


def a_day(text: str | None) -> date | None:
    """Return a day written as YYYY-MM-DD.

    Raises:
        AssistantError: it is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AssistantError(f"'{text}' is not a day; write it as YYYY-MM-DD, for example 2027-12-02.") from error


def read_batch(path: Path) -> list[dict[str, Any]]:
    """Read many questions, one JSON object a line, each with its language, day and earlier questions if it has any.

    Raises:
        AssistantError: the file cannot be read, or a line does not fit; the line is named.
    """
    lines = _text(path).splitlines()
    return [_batch_item(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def read_history(path: Path) -> list[str]:
    """Read the earlier questions of a conversation, oldest first: a JSON list of texts, or plain text, one a line.

    Raises:
        AssistantError: the file cannot be read, or is no such list.
    """
    text = _text(path).strip()
    if not text.startswith(("[", "{")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return _questions(json.loads(text))
    except ValueError as error:
        raise AssistantError(
            f'{path} is no list of questions; write ["first question", "second question"], or one question a line.'
        ) from error


def own_answers(file: Path | None, system: str | None, assistant: Assistant) -> Answers | None:
    """Return what is known of the user's system: from a file of answers, or as the register has it.

    Raises:
        AssistantError: both are given, the file cannot be used, or the register has no such system.
    """
    from assistant.law.answers import parse_answers, read_answers

    if file and system:
        raise AssistantError("Give either --answers FILE or --system ID.")
    if system:
        from assistant.store.acting import always
        from assistant.store.database import open_database
        from assistant.store.systems import SystemStore

        engine = open_database(assistant.settings.effective_database_url)
        kept = SystemStore(engine, who=always(assistant.settings.organisation)).get(system)
        return parse_answers(kept.answers, assistant.knowledge)
    return read_answers(file, assistant.knowledge) if file else None


def _batch_item(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
        language = item.get("lang")
        return {
            "question": str(item["question"]),
            "lang": Language(language) if language else None,
            "as_of": a_day(item.get("as_of")),
            "history": _questions(item.get("history", [])),
        }
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        message = 'write one object a line, such as {"question": "…", "lang": "en", "as_of": "2027-12-02", "history": ["…"]}'
        raise AssistantError(f"{path}, line {number}: {message}.") from error


def _questions(data: object) -> list[str]:
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        raise ValueError("no list of texts")
    return list(data)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"The file {path} cannot be read as UTF-8 text ({error}).") from error
