"""The command ``governance-assistant``: exit 0 success, 1 a check failed, 2 a usage or input error.

Heavy libraries load inside the commands that need them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli_ask import a_day, own_answers, read_batch, read_history
from assistant.cli_assess import assess, compare, report
from assistant.cli_documents import add_documents
from assistant.cli_documents import app as documents_app
from assistant.cli_evals import app as evals_app
from assistant.cli_feedback import app as feedback_app
from assistant.cli_knowledge import app as knowledge_app
from assistant.cli_mcp import mcp
from assistant.cli_model import open_to_ask, open_to_search
from assistant.cli_questionnaire import questionnaire
from assistant.cli_sources import app as sources_app
from assistant.cli_store import backup, move, restore
from assistant.cli_team import app as team_app
from assistant.types import Answer, AssistantError, Language

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="AI governance between the EU and Japan: questions answered with cited sources. Not legal advice.",
)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(sources_app, name="sources")
app.add_typer(documents_app, name="documents")
app.add_typer(evals_app, name="evals")
app.add_typer(feedback_app, name="feedback")
app.add_typer(team_app, name="team")
sources_app.command("add")(add_documents)
for _command in (questionnaire, assess, compare, report, backup, restore, move, mcp):
    app.command()(_command)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
InLanguage = Annotated[Language | None, typer.Option("--lang", help="Language of the answer; default: that of the question.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Day for which to answer, as YYYY-MM-DD; default: today.")]


def main() -> None:
    """Run the command line; every foreseen failure is one sentence on stderr and exit status 2."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        app()
    except AssistantError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2) from error


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in English or Japanese.")] = None,
    lang: InLanguage = None,
    as_of: AsOf = None,
    batch: Annotated[
        Path | None, typer.Option(help='JSON Lines file with one {"question": …, "lang": …, "as_of": …, "history": […]} a line.')
    ] = None,
    history: Annotated[
        Path | None, typer.Option(help="Earlier questions of the conversation, oldest first: a JSON list, or one a line.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="Answers about your system, for questions about it; 'questionnaire -o FILE' writes them.")
    ] = None,
    system: Annotated[
        str | None, typer.Option(help="Id of a system of the register, for questions about it: the end of its page's address.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="provider:model that words the answer; the question is sent there.")] = None,
    send: Annotated[
        bool, typer.Option("--send", help="Agree that questions are sent to the model, without being asked.")
    ] = False,
    more: Annotated[bool, typer.Option("--more", help="The long answer: duties, exceptions, sanctions too.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="Print as well why this answer was given; JSON always has it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question with cited sources, or many from a file."""
    if (question is None) == (batch is None):
        raise AssistantError("Give either a question or --batch FILE.")
    if batch is not None and history is not None:
        raise AssistantError("In a batch each line has its own 'history'; leave --history out.")
    day = a_day(as_of)
    earlier = read_history(history) if history else []
    items = read_batch(batch) if batch else []
    assistant = open_to_ask(model, lang, question or "", send=send)
    own = own_answers(answers, system, assistant)
    day = day or (own.day if own else None)
    if batch is not None:
        for item in items:
            told = assistant.ask(item["question"], item["lang"] or lang, item["as_of"] or day, item["history"], own, more=more)
            typer.echo(told.model_dump_json())
        return
    answer = assistant.ask(question or "", lang, day, earlier, own, more=more)
    typer.echo(answer.model_dump_json(indent=2) if as_json else _plain(answer))
    if trace and not as_json:
        from assistant.answer.why import why

        typer.echo("\n".join(["", *why(answer, assistant.knowledge).lines()]))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="What to look for, in English or Japanese.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many provisions.")] = 10,
    lang: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """List the provisions that fit a query best."""
    hits = open_to_search().search(query, k, lang)
    if as_json:
        _print_json([hit.model_dump(mode="json") for hit in hits])
        return
    for rank, hit in enumerate(hits, start=1):
        typer.echo(f"{rank:>2}. {hit.label} – {hit.heading}\n    {hit.provision}")


@app.command()
def provision(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of a provision, such as eu.ai_act.art_26.par_5.")],
    lang: InLanguage = None,
    as_of: AsOf = None,
    version: Annotated[str | None, typer.Option(help="Version of the official text; default: the one in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show one provision: our summary, and the official wording where its text is installed."""
    from assistant.answer.lookup import look_up
    from assistant.settings import load_settings

    shown = look_up(load_settings(), identity, lang or Language.EN, a_day(as_of) or date.today(), version)
    if as_json:
        _print_json(shown.model_dump(mode="json"))
        return
    typer.echo(f"{shown.label} – {shown.heading}\n\n{shown.summary}")
    if shown.official:
        verified = "matches the source" if shown.verified else "does not match the source"
        typer.echo(f"\nOfficial wording ({shown.quote_language}, version {shown.version}, {verified}):\n\n{shown.quote}")
    if shown.translation:
        typer.echo(f"\nReference translation:\n\n{shown.translation}")
    typer.echo("".join(f"\n! {note}" for note in shown.notes) + f"\n\n{shown.url}")


@app.command()
def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew even if nothing changed.")] = False,
) -> None:
    """Build the search index, or bring it up to date."""
    from assistant.answer.pipeline import Assistant
    from assistant.law.schema import Unsummarised
    from assistant.settings import load_settings

    started = time.perf_counter()
    with _progress_bar() as report:
        opened = Assistant.open(load_settings(), report, rebuild=rebuild)
    if opened.retriever.lost:
        raise AssistantError("The index was neither built nor opened, for the reason above; mend that and run this again.")
    how = "words and vectors" if opened.has_vectors else "words alone"
    provisions = opened.knowledge.provisions.values()
    quoted = sum(isinstance(provision, Unsummarised) for provision in provisions)
    texts = f" and {quoted} more from official texts" if quoted else ""
    typer.echo(
        f"The index is up to date: {len(provisions) - quoted} provisions{texts}, searched by {how}; "
        f"{time.perf_counter() - started:.1f} s."
    )


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = None,
    team: Annotated[bool, typer.Option("--team", help="With accounts: everybody signs in.")] = False,
) -> None:
    """Serve the web application until interrupted."""
    from assistant.settings import load_settings
    from assistant.web.server import serve as run

    settings = load_settings()
    changed = {name: value for name, value in (("host", host), ("port", port), ("team", team or None)) if value is not None}
    run(settings.model_copy(update=changed))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Show the effective settings and say what is missing; exit 1 if something is."""
    from assistant.doctor import examine
    from assistant.settings import load_settings

    report = examine(load_settings())
    if as_json:
        _print_json(report.as_data())
    else:
        for line in report.lines():
            typer.echo(line)
    if not report.healthy:
        raise SystemExit(1)


def _plain(answer: Answer) -> str:
    """Return an answer for the terminal: text, sources, warnings."""
    from assistant.answer.why import confidence_told
    from assistant.answer.wording import force_name, made_by, phrase

    lines = [answer.understood_as] if answer.understood_as else []
    lines.append(re.sub(r"\\([^\w\s])", r"\1", answer.answer.replace("**", "")))
    for citation in answer.citations:
        force = force_name(citation.force.value, answer.language)
        version = f", {citation.version}" if citation.version else ""
        lines.append(f"[{citation.n}] {citation.label} – {citation.heading} ({force}{version})\n    {citation.url}")
    lines += [f"! {warning}" for warning in answer.warnings]
    last = [confidence_told(answer), made_by(answer), phrase("disclaimer", answer.language)]
    return "\n\n".join([*lines, " ".join(filter(None, last))])


def _print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _progress_bar() -> Any:
    from assistant.progress import progress_bar

    return progress_bar()
