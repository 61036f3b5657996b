"""What the commands about one system share: their options, and reading and writing files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.law.answers import Answers
    from assistant.law.knowledge import Knowledge

AnswersFile = Annotated[Path, typer.Option("--answers", help="Answers as YAML or JSON; 'questionnaire --schema' gives the form.")]
InLanguage = Annotated[Language, typer.Option("--lang", help="Language of questions and results.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day for which to assess, as YYYY-MM-DD; default: that of the answers, or today.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def knowledge_in_use() -> Knowledge:
    """Load the knowledge base of the settings."""
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings

    return load_knowledge(load_settings().knowledge_dir)


def answers_and_day(path: Path, knowledge: Knowledge, as_of: str | None) -> tuple[Answers, date]:
    """Read the answers; the day is ``--as-of``, else that of the answers, else today.

    Raises:
        AssistantError: the file does not fit, or ``as_of`` is not a day between 2018 and 2100.
    """
    from assistant.law.answers import read_answers

    given = read_answers(path, knowledge)
    return given, given.day or date.today() if as_of is None else day_of(as_of)


def day_of(text: str) -> date:
    """Return a day written as YYYY-MM-DD.

    Raises:
        AssistantError: it is none, or lies before 2018 or after 2100.
    """
    from assistant.law.answers import day_of as read

    return read(text)


def write_file(path: Path, content: bytes) -> None:
    """Write a file as a whole: what was there stays until the new content is complete.

    Raises:
        AssistantError: the place cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise AssistantError(f"{path} cannot be written ({error.strerror}). Choose another place with -o.") from error


def print_json(data: Any) -> None:
    """Print data as JSON, Japanese as it is."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
