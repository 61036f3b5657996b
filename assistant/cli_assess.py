"""The commands ``questionnaire``, ``assess`` and ``report``: from answers about one system to what follows."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.law.answers import Answers
    from assistant.law.derivations import Question
    from assistant.law.knowledge import Knowledge
    from assistant.law.results import Assessment

Form = Literal["md", "docx", "pdf", "xlsx", "json"]
AnswersFile = Annotated[Path, typer.Option("--answers", help="Answers as YAML or JSON; 'questionnaire --schema' gives the form.")]
InLanguage = Annotated[Language, typer.Option("--lang", help="Language of questions and results.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Day for which to assess, as YYYY-MM-DD; default: that of the answers, or today.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def questionnaire(
    answers: Annotated[Path | None, typer.Option("--answers", help="Answers so far; without them a terminal is asked.")] = None,
    lang: InLanguage = Language.EN,
    output: Annotated[Path | None, typer.Option("-o", help="Where to keep the answers given on the terminal.")] = None,
    print_schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of an answers file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what to ask next, or ask it on the terminal."""
    from assistant.law.answers import Answers, read_answers, schema
    from assistant.law.questionnaire import remaining

    knowledge = _knowledge()
    if print_schema:
        _print(schema(knowledge))
        return
    given = read_answers(answers, knowledge) if answers else Answers()
    if answers is None and sys.stdin.isatty() and not as_json:
        given = _ask_all(knowledge, given, lang, output)
    left = remaining(knowledge, given)
    if as_json:
        done = len(given.facts) + len(given.unknown)
        asked = [_described(question, knowledge, lang) for question in left]
        _print({"next": asked[0] if asked else None, "remaining": asked, "answered": done, "most_left": len(asked)})
        return
    for question in left[:1]:
        typer.echo(_prompt(question, knowledge, lang))
    typer.echo(f"{len(given.facts) + len(given.unknown)} answered, at most {len(left)} to go.")


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
        _print(Assessment.model_json_schema())
        return
    if answers is None:
        raise AssistantError("Give the answers with --answers FILE; 'questionnaire -o FILE' writes such a file.")
    knowledge = _knowledge()
    given, day = _given(answers, knowledge, as_of)
    result = Assessor(knowledge, lang).assess(given, day)
    if as_json:
        data = result.model_dump(mode="json")
        _print({**data.pop("outcomes"), **data})
        return
    typer.echo(MarkdownReport(knowledge, result, given).text())


def compare(
    before: Annotated[Path, typer.Argument(help="Answers, or an assessment kept with 'report --format json'.")],
    after: Annotated[Path, typer.Argument(help="Answers or an assessment to compare with.")],
    lang: InLanguage = Language.EN,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Compare two sets of answers, or an assessment kept earlier with today's: what came, went or moved."""
    from assistant.law.comparison import compare as differences

    knowledge = _knowledge()
    old, new = (_assessment(path, knowledge, lang, as_of) for path in (before, after))
    found = differences(old, new)
    if as_json:
        _print(found.model_dump(mode="json"))
        return
    titles = {duty.id: duty.title for one in (old, new) for duty in one.obligations}
    for change in found.outcomes:
        typer.echo(f"{change.title}: {change.before} → {change.after}")
    for sign, duties in (("+", found.added), ("-", found.removed), ("?", found.opened), ("~", found.reworded)):
        for duty in duties:
            typer.echo(f"{sign} {duty} {titles[duty]}")
    for moved in found.moved:
        typer.echo(f"> {moved.id} {moved.title}: {moved.before} → {moved.after}")
    if found.nothing:
        typer.echo("Nothing differs.")
    reasons = [("the knowledge base has changed", found.other_knowledge), ("the day differs", found.other_day)]
    for reason in [text for text, is_so in reasons if is_so]:
        typer.echo(f"Note: {reason}.")


def report(
    answers: AnswersFile,
    output: Annotated[Path, typer.Option("-o", help="File to write.")],
    form: Annotated[Form, typer.Option("--format", help="md, docx, pdf, xlsx (the duties) or json.")] = "md",
    lang: InLanguage = Language.EN,
    as_of: AsOf = None,
) -> None:
    """Write the assessment as a document."""
    from assistant.law.assessment import Assessor
    from assistant.law.report.formats import render

    knowledge = _knowledge()
    given, day = _given(answers, knowledge, as_of)
    result = Assessor(knowledge, lang).assess(given, day)
    _write(output, render(form, knowledge, result, given))
    typer.echo(f"{output} written")


def _knowledge() -> Knowledge:
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings

    return load_knowledge(load_settings().knowledge_dir)


def _given(path: Path, knowledge: Knowledge, as_of: str | None) -> tuple[Answers, date]:
    from assistant.law.answers import read_answers

    given = read_answers(path, knowledge)
    if as_of is None:
        return given, given.day or date.today()
    try:
        return given, date.fromisoformat(as_of)
    except ValueError as error:
        raise AssistantError(f"'{as_of}' is not a day; write it as YYYY-MM-DD, for example 2027-12-02.") from error


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
        given, day = _given(path, knowledge, as_of)
        return Assessor(knowledge, lang).assess(given, day)


def _described(question: Question, knowledge: Knowledge, lang: Language) -> dict[str, Any]:
    return {
        "fact": question.fact,
        "kind": knowledge.facts[question.fact].kind,
        "text": question.text.in_language(lang),
        "help": question.help.in_language(lang),
        "why": question.why.in_language(lang),
        "provisions": question.provisions,
        "options": [{"value": option.value, "text": option.text.in_language(lang)} for option in question.options],
    }


def _prompt(question: Question, knowledge: Knowledge, lang: Language) -> str:
    labels = "; ".join(knowledge.label(provision, lang) for provision in question.provisions)
    lines = [
        question.text.in_language(lang),
        f"  {question.help.in_language(lang)}",
        f"  {question.why.in_language(lang)} ({labels})",
    ]
    lines += [f"  {option.value}: {option.text.in_language(lang)}" for option in question.options]
    return "\n".join(lines)


def _ask_all(knowledge: Knowledge, given: Answers, lang: Language, output: Path | None) -> Answers:
    """Ask on the terminal until nothing is left, keeping every answer at once where a file is named."""
    from assistant.law.answers import UNKNOWN, parse_answers
    from assistant.law.questionnaire import remaining

    while left := remaining(knowledge, given):
        question = left[0]
        typer.echo(_prompt(question, knowledge, lang))
        kind = knowledge.facts[question.fact].kind
        form = {"boolean": "yes / no", "set": "values, comma between", "choice": "one value", "date": "YYYY-MM-DD"}[kind]
        said = typer.prompt(f"[{form}, or ? for I don't know]").strip()
        try:
            value = UNKNOWN if said == "?" else _parsed(said, kind)
            parsed = parse_answers({"questionnaire": knowledge.questionnaire, "facts": {question.fact: value}}, knowledge)
        except AssistantError as error:
            typer.echo(f"! {error}")
            continue
        given = replace(given, facts={**given.facts, **parsed.facts}, unknown=given.unknown | parsed.unknown)
        if output is not None:
            _write(output, _as_json(knowledge, given).encode())
    return given


def _parsed(said: str, kind: str) -> object:
    if kind == "boolean":
        return {"yes": True, "y": True, "はい": True, "no": False, "n": False, "いいえ": False}.get(said.casefold(), said)
    return [part.strip() for part in said.replace("、", ",").split(",") if part.strip()] if kind == "set" else said


def _as_json(knowledge: Knowledge, given: Answers) -> str:
    from assistant.law.answers import as_data

    return json.dumps(as_data(given, knowledge), ensure_ascii=False, indent=2)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AssistantError(f"{path} cannot be written ({error.strerror}). Choose another place with -o.") from error


def _print(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
