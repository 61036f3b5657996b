"""The commands under ``evals``: they measure, compare, gate and show; the work is done in ``evals/``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_evals_checks import external, judge, mutate, open_for_evaluation, scoreboard
from assistant.cli_shared import AsJson, print_json, write_file
from assistant.progress import counting_bar
from assistant.types import AssistantError

if TYPE_CHECKING:
    from assistant.answer.pipeline import Assistant
    from evals.judge import Judge
    from evals.recorded import Voice
    from evals.results import Run

app = typer.Typer(
    no_args_is_help=True, help="Measure answers on the evaluation set, and hold a change against the last accepted run."
)
TaskNames = Annotated[
    list[str] | None,
    typer.Option("--task", help="retrieval, answers, assessment or extraction; may be repeated; default: the first three."),
]
Part = Annotated[str | None, typer.Option("--slice", help="Only the questions of this slice or language.")]
_DETERMINISTIC = ("retrieval", "answers", "assessment")
for _command in (external, judge, mutate, scoreboard):
    app.command()(_command)


@app.command()
def run(
    task: TaskNames = None,
    part: Part = None,
    model: Annotated[
        str | None,
        typer.Option(help="provider:model that words the answers, or recorded:SPEAKER for replies kept in the datasets."),
    ] = None,
    judged_by: Annotated[
        str | None, typer.Option("--judge", help="provider:model that judges each sentence; 'evals judge' admits it first.")
    ] = None,
    official: Annotated[bool, typer.Option("--official", help="Answer over the official texts installed here too.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Result file to write.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run tasks and print the figures; with -o every case is kept, and an interrupted run goes on."""
    from evals.judge import load_judge, refuse_unless_admitted
    from evals.text_report import run_lines

    if judged_by is not None:
        refuse_unless_admitted(judged_by)
    voice = _voice(model)
    assistant = open_for_evaluation(model, official=official or "extraction" in (task or []), voice=voice)
    chosen = load_judge(judged_by) if judged_by is not None else None
    done = _run(assistant, task or list(_DETERMINISTIC), part, output, voice, chosen)
    if as_json:
        print_json(done.model_dump(mode="json", exclude_defaults=True))
        return
    for line in run_lines(done):
        typer.echo(line)
    if stale := getattr(voice, "stale", None):
        typer.echo(f"{len(stale)} recorded replies are to an older prompt: 'evals record' makes new ones.", err=True)


@app.command()
def record(
    model: Annotated[
        str, typer.Option(help="provider:model whose replies are kept in the datasets; the questions are sent there.")
    ],
    part: Part = None,
) -> None:
    """Ask a model and keep its replies, so that runs can be repeated without it."""
    from assistant.answer.models import load_model
    from evals.recorded import Recorder, write_replies

    recorder = Recorder(load_model(model), model)
    _run(open_for_evaluation(model, voice=recorder), ["answers"], part, None, recorder)
    write_replies(recorder.kept)
    typer.echo(f"{len(recorder.kept)} replies of {model} kept. 'evals run --model recorded:{model}' replays them.")


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="Result file of the run before.")],
    b: Annotated[Path, typer.Argument(help="Result file of the run after.")],
) -> None:
    """Compare two runs case by case: differences with intervals, and the cases that flipped."""
    from evals import results
    from evals.compare import compare as compared
    from evals.text_report import compared_lines

    before, after = results.read(a), results.read(b)
    for line in compared_lines(before, after, compared(before, after)):
        typer.echo(line)


@app.command()
def gate(
    release: Annotated[bool, typer.Option("--release", help="Also run the held-out questions; tells aggregates only.")] = False,
    accept: Annotated[
        str | None, typer.Option(metavar="REASON", help="Make this run the new baseline, and say why what got worse is accepted.")
    ] = None,
) -> None:
    """Hold this checkout against the accepted baseline; exit 1 with the reasons where anything got worse."""
    from evals import results
    from evals.gate import BASELINE, regressions

    if accept is None and not BASELINE.is_file():
        raise AssistantError("There is no baseline to hold this against. 'evals gate --accept REASON' makes this run the first.")
    before = results.read(BASELINE) if BASELINE.is_file() else None
    assistant = open_for_evaluation()
    done = _run(assistant, list(_DETERMINISTIC))
    try:
        found = regressions(before, done) if before else []
    except AssistantError as error:
        if accept is None:
            raise
        found = [str(error)]
    for reason in found:
        typer.echo(reason)
    if release:
        _held_out(assistant, keep=accept is not None)
    if accept is not None:
        results.write(done.model_copy(update={"accepted": accept}), BASELINE)
        typer.echo(f"This run is the new baseline: {accept}")
    elif found:
        typer.echo(f"{len(found)} reason(s) not to accept this. Mend them, or say why with --accept.")
        raise SystemExit(1)
    else:
        typer.echo("Nothing got worse.")


@app.command()
def check(
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a question and stop.")] = False,
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Write the hashes of the gold as it words now: only after reading it again.")
    ] = False,
) -> None:
    """Check the datasets: form, slices, second readings, and gold that the law has overtaken; exit 1 on a fault."""
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings
    from assistant.texts.library import Library
    from evals import tasks
    from evals.cases import Case
    from evals.freshness import stamp_file
    from evals.health import examine

    if schema:
        print_json(Case.model_json_schema())
        return
    settings = load_settings()
    knowledge = load_knowledge(settings.knowledge_dir)
    library = Library(settings.texts_dir, knowledge)
    if stamp:
        for path in (tasks.QUESTIONS, tasks.HELD_OUT):
            changed = stamp_file(path, tasks.read_questions(knowledge, path), knowledge, library)
            typer.echo(f"{path.name}: {changed} case(s) stamped anew")
    health = examine(knowledge, library)
    for line in [*health.lines, *health.faults, f"{len(health.faults)} fault(s) in the datasets"]:
        typer.echo(line)
    if health.faults:
        raise SystemExit(1)


@app.command()
def view(
    result: Annotated[Path, typer.Argument(help="Result file of a run.")],
    before: Annotated[Path | None, typer.Option(help="Result file of an earlier run, to show what changed side by side.")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML file to write.")] = Path("evaluation.html"),
) -> None:
    """Write a run as one HTML file: figures with intervals, slices, where cases failed, and every case."""
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings
    from evals import results
    from evals.tasks import read_questions
    from evals.view import page

    done = results.read(result)
    questions = read_questions(load_knowledge(load_settings().knowledge_dir))
    earlier = results.read(before) if before is not None else None
    write_file(output, page(done, {case.id: case for case in questions}, earlier).encode())
    typer.echo(f"Written to {output}.")


def _voice(model: str | None) -> Voice | None:
    from evals.recorded import PREFIX, replayer

    return replayer(model.removeprefix(PREFIX)) if model is not None and model.startswith(PREFIX) else None


def _run(
    assistant: Assistant,
    names: list[str],
    part: str | None = None,
    output: Path | None = None,
    voice: Voice | None = None,
    judge: Judge | None = None,
) -> Run:
    from evals.run import planned, provenance, run

    with counting_bar("Cases") as told:
        tasks = planned(assistant, names, part, voice=voice, judge=judge)
        return run(tasks, provenance(assistant, names, part), output, told)


def _held_out(assistant: Assistant, *, keep: bool) -> None:
    """Run the held-out questions; with ``keep`` the aggregates are written as those of the accepted version."""
    from evals import results
    from evals.gate import RELEASE
    from evals.release import run_held_out
    from evals.run import provenance
    from evals.text_report import run_lines

    done = run_held_out(assistant, provenance(assistant, []))
    typer.echo("Held-out questions:")
    for line in run_lines(done):
        typer.echo(line)
    if keep:
        results.write(done, RELEASE)
