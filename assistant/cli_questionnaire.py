"""The command ``questionnaire``: what to ask next, asked on the terminal, explained, or answered otherwise."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import yaml

from assistant.cli_shared import AsJson, InLanguage, knowledge_in_use, print_json, write_file
from assistant.types import AssistantError, Language

if TYPE_CHECKING:
    from assistant.law.answers import Answers
    from assistant.law.derivations import Question
    from assistant.law.knowledge import Knowledge


def questionnaire(
    answers: Annotated[Path | None, typer.Option("--answers", help="Answers so far; without them a terminal is asked.")] = None,
    lang: InLanguage = Language.EN,
    output: Annotated[
        Path | None, typer.Option("-o", help="Where to keep the answers; on a terminal, a file that is there is taken up again.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="FACT=ANSWER: answer otherwise, tell what that changes; keep it with -o.")
    ] = None,
    explain: Annotated[str | None, typer.Option("--explain", help="FACT: tell what each answer to it would change.")] = None,
    print_schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of an answers file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what to ask next, ask it on the terminal, or tell what another answer changes."""
    from assistant.law.answers import Answers, read_answers, schema

    knowledge = knowledge_in_use()
    if print_schema:
        print_json(schema(knowledge))
        return
    given = read_answers(answers, knowledge) if answers else Answers()
    if explain:
        _explain(knowledge, given, explain, lang, as_json=as_json)
    elif set_:
        _answer_otherwise(knowledge, given, set_, lang, output)
    elif answers is None and sys.stdin.isatty() and not as_json:
        from assistant.cli_dialogue import Dialogue

        if output is not None and output.is_file():
            given = read_answers(output, knowledge)
        _tell_state(knowledge, Dialogue(knowledge, lang, output).run(given), lang, output)
    elif as_json:
        print_json(_state(knowledge, given, lang))
    else:
        _tell_next(knowledge, given, lang)


def _tell_next(knowledge: Knowledge, given: Answers, lang: Language) -> None:
    from assistant.law.questionnaire import remaining
    from assistant.law.words import named, word

    left = remaining(knowledge, given)
    for question in left[:1]:
        typer.echo(_prompt(question, knowledge, lang))
    for fact in given.anew:
        typer.echo(word("asking.anew", lang, fact=named(fact, knowledge.facts, lang)))
    _tell_state(knowledge, given, lang)


def _tell_state(knowledge: Knowledge, given: Answers, lang: Language, output: Path | None = None) -> None:
    """Tell what is settled, how far it is, and where the answers are kept."""
    from assistant.law.questionnaire import progress
    from assistant.law.words import word

    for line in _settled(knowledge, given, lang):
        typer.echo(line)
    answered, left = progress(knowledge, given)
    typer.echo(word("asking.progress", lang, answered=answered, left=left))
    if output is not None:
        typer.echo(word("asking.saved", lang, path=output))


def _state(knowledge: Knowledge, given: Answers, lang: Language) -> dict[str, Any]:
    """Return the next question with what each answer leads to, those that may follow, and what is settled."""
    from assistant.law.assessment import Assessor
    from assistant.law.questionnaire import progress, remaining
    from assistant.law.whatif import consequences

    left = [_described(question, knowledge, lang) for question in remaining(knowledge, given)]
    if left:
        told = consequences(knowledge, given, left[0]["fact"], date.today(), lang)
        left[0] = left[0] | {"leads_to": [one.model_dump() for one in told]}
    outcomes = Assessor(knowledge, lang).assess(given, date.today()).outcomes
    return {
        "next": left[0] if left else None,
        "remaining": left,
        "answered": progress(knowledge, given)[0],
        "about_left": len(left),
        "settled": {name: one.outcome for name, one in outcomes.items() if one.outcome != "open"},
        "anew": list(given.anew),
    }


def _settled(knowledge: Knowledge, given: Answers, lang: Language) -> list[str]:
    from assistant.law.assessment import Assessor
    from assistant.law.words import word

    outcomes = Assessor(knowledge, lang).assess(given, date.today()).outcomes.values()
    return [
        f"  {word('listed', lang, head=one.title, text=word(one.outcome, lang))}" for one in outcomes if one.outcome != "open"
    ]


def _explain(knowledge: Knowledge, given: Answers, fact: str, lang: Language, *, as_json: bool) -> None:
    from assistant.law.whatif import consequences
    from assistant.law.words import word

    if fact not in knowledge.questions:
        raise AssistantError(f"'{fact}' is not a fact that is asked; 'questionnaire --schema' lists them.")
    told = consequences(knowledge, given, fact, date.today(), lang)
    if as_json:
        print_json([one.model_dump() for one in told])
        return
    typer.echo(_prompt(knowledge.questions[fact], knowledge, lang))
    for one in told:
        typer.echo("- " + word("listed", lang, head=one.answer, text=one.told))


def _answer_otherwise(knowledge: Knowledge, given: Answers, changes: list[str], lang: Language, output: Path | None) -> None:
    """Change answers, tell what follows, and keep them where a file is named."""
    from assistant.law.answers import as_data, parse_answers
    from assistant.law.assessment import Assessor
    from assistant.law.comparison import compare
    from assistant.law.whatif import summed_up

    data = as_data(given, knowledge)
    for change in changes:
        fact, found, value = change.partition("=")
        if not found:
            raise AssistantError(f"'{change}' is not FACT=ANSWER, for example eu.profiling=true or eu.roles=[provider,deployer].")
        try:
            data["facts"][fact.strip()] = yaml.load(value, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise AssistantError(f"'{value}' cannot be read; write a list as [one,two].") from error
    changed = parse_answers(data, knowledge)
    assessor, today = Assessor(knowledge, lang), date.today()
    typer.echo(summed_up(compare(assessor.assess(given, today), assessor.assess(changed, today)), lang))
    if output is not None:
        write_file(output, json.dumps(as_data(changed, knowledge), ensure_ascii=False, indent=2).encode())
        typer.echo(f"{output} written")


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
