"""The commands ``assess``, ``compare`` and ``report``: from answers about one system to what follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.cli_shared import (
    AnswersFile,
    AsJson,
    AsOf,
    InLanguage,
    answers_and_day,
    day_of,
    knowledge_in_use,
    print_json,
    write_file,
)
from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.law.knowledge import Knowledge
    from assistant.law.results import Assessment

Form = Literal["md", "docx", "pdf", "xlsx", "json"]


def assess(
    answers: Annotated[Path | None, typer.Option("--answers", help="Answers as YAML or JSON.")] = None,
    lang: InLanguage = Language.EN,
    as_of: AsOf = None,
    print_schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of 'report --format json'.")] = False,
    as_json: AsJson = False,
) -> None:
    """Assess one system: outcome per axis, duties with their days, open questions."""
    from assistant.law.assessment import Assessor
    from assistant.law.report.markdown import MarkdownReport
    from assistant.law.results import Assessment

    if print_schema:
        print_json(Assessment.model_json_schema())
        return
    if answers is None:
        raise AssistantError("Give the answers with --answers FILE; 'questionnaire -o FILE' writes such a file.")
    knowledge = knowledge_in_use()
    given, day = answers_and_day(answers, knowledge, as_of)
    result = Assessor(knowledge, lang).assess(given, day)
    if as_json:
        data = result.model_dump(mode="json")
        print_json({**data.pop("outcomes"), **data})
        return
    typer.echo(MarkdownReport(knowledge, result, given).text())


def compare(
    before: Annotated[Path, typer.Argument(help="Answers, or an assessment kept with 'report --format json'.")],
    after: Annotated[
        Path | None, typer.Argument(help="What to compare with; default: the same answers, assessed today by today's knowledge.")
    ] = None,
    lang: InLanguage = Language.EN,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Compare two sets of answers, or an assessment kept earlier with today's: what came, went or moved, and why."""
    from assistant.law.comparison import compare as differences
    from assistant.law.comparison import law_changes
    from assistant.law.report.changes import changes

    knowledge = knowledge_in_use()
    old = _assessment(before, knowledge, lang, as_of)
    new = _assessment(after, knowledge, lang, as_of) if after else _reassessed(old, knowledge, as_of)
    found = law_changes(knowledge, differences(old, new), old, new)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    for line in changes(knowledge, found, old, new, lang):
        typer.echo(line)


def report(
    answers: AnswersFile,
    output: Annotated[Path, typer.Option("-o", help="File to write.")],
    form: Annotated[Form, typer.Option("--format", help="md, docx, pdf, xlsx (the duties) or json.")] = "md",
    lang: InLanguage = Language.EN,
    as_of: AsOf = None,
    final: Annotated[bool, typer.Option("--final", help="Mark it as final; needs --reviewer.")] = False,
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Who has reviewed the assessment.")] = None,
) -> None:
    """Write the assessment as a document."""
    from assistant.law.assessment import Assessor, reviewed
    from assistant.law.report.formats import render

    knowledge = knowledge_in_use()
    given, day = answers_and_day(answers, knowledge, as_of)
    result = reviewed(Assessor(knowledge, lang).assess(given, day), "final" if final else "draft", reviewer)
    write_file(output, render(form, knowledge, result, given))
    typer.echo(f"{output} written")


def _assessment(path: Path, knowledge: Knowledge, lang: Language, as_of: str | None) -> Assessment:
    """Read an assessment that was kept, or assess the answers in the file."""
    from pydantic import ValidationError

    from assistant.law.assessment import Assessor
    from assistant.law.results import Assessment

    try:
        return Assessment.model_validate_json(path.read_bytes())
    except OSError as error:
        raise AssistantError(f"{path} cannot be read ({error.strerror}). Check the path.") from error
    except ValidationError:
        given, day = answers_and_day(path, knowledge, as_of)
        return Assessor(knowledge, lang).assess(given, day)


def _reassessed(kept: Assessment, knowledge: Knowledge, as_of: str | None) -> Assessment:
    """Assess the answers of a kept assessment again, for today and by today's knowledge, in its language."""
    from assistant.law.answers import parse_answers
    from assistant.law.assessment import Assessor

    day = day_of(as_of) if as_of else date.today()
    return Assessor(knowledge, kept.language).assess(parse_answers(kept.answers, knowledge), day)
