"""Commands under ``evals`` that measure the yardsticks themselves, and the search on sets that others wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_shared import knowledge_in_use
from assistant.progress import counting_bar
from assistant.types import AssistantError

if TYPE_CHECKING:
    from assistant.answer.pipeline import Assistant
    from evals.recorded import Voice


def judge(
    model: Annotated[
        str | None,
        typer.Option(help="provider:model to measure; the claims are sent there. Default: the strict reader, which needs none."),
    ] = None,
) -> None:
    """Measure a judge on labelled pairs, and admit a model where it is good enough; exit 1 where it is not."""
    from evals import judge as judges

    claims = judges.read_claims()
    chosen = judges.strict_reader if model is None else judges.load_judge(model)
    measured = judges.measure(chosen, claims, knowledge_in_use())
    for line in judges.lines(model or "strict reader", measured, claims):
        typer.echo(line)
    if model is not None:
        judges.admit(model, measured)
        if not measured.admitted:
            raise SystemExit(1)


def mutate(
    part: Annotated[str | None, typer.Option("--slice", help="Only the questions of this slice or language.")] = None,
) -> None:
    """Spoil answers and the index on purpose; exit 1 where the harness does not notice every time."""
    from evals.mutate import mutate as spoil
    from evals.run import planned

    assistant = open_for_evaluation()
    (task,) = planned(assistant, ["answers"], part)
    found = spoil(assistant, list(task.cases.values()))
    for name, kills in found.items():
        rate = f"{kills.caught / kills.made:.3f}" if kills.made else "none made"
        typer.echo(f"{name:<22} {kills.caught:5d} of {kills.made:5d} caught  {rate}")
        for survivor in kills.survivors:
            typer.echo(f"  not noticed: {survivor}")
    if any(kills.survivors for kills in found.values()):
        raise SystemExit(1)


def external(
    folder: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl, queries.jsonl and qrels/test.tsv (BEIR layout).")],
    words: Annotated[bool, typer.Option("--words", help="By words alone: no vectors are made, which takes minutes.")] = False,
) -> None:
    """Rank an outside set with the product's own index and print the usual figures with intervals."""
    from assistant.settings import load_settings
    from evals.beir import read_set
    from evals.external import lanes_of, measure, named_in, open_set
    from evals.place import isolated

    outside = read_set(folder)
    settings = isolated(load_settings())
    with counting_bar("Passages") as told:
        index = open_set(outside, settings.model_copy(update={"embedding": "none"}) if words else settings, told)
    typer.echo(f"{outside.name}: {len(outside.queries)} queries, {len(outside.passages)} passages")
    named = named_in(outside, index)
    for system, search in lanes_of(index).items():
        found = measure(outside, system, search, named)
        typer.echo(f"\n{system}, {found.milliseconds:.0f} ms a query")
        for name, one in found.figures.items():
            typer.echo(f"  {name:<16} {one.mean:.3f}  [{one.low:.3f}, {one.high:.3f}]  n={one.n}")


def scoreboard(
    outside: Annotated[list[Path] | None, typer.Argument(help="Folders of outside sets in the BEIR layout.")] = None,
) -> None:
    """Print the published scoreboard as Markdown: answers as accepted, then rankings of ours, of words and vectors alone, and of
    a plain tutorial pipeline, run anew.
    """
    try:
        from evals.scoreboard import scoreboard as lines_of
    except ModuleNotFoundError as error:
        raise AssistantError(
            f"The scoreboard measures a plain tutorial pipeline too, which needs {error.name}: install the test tools, "
            'pip install "governance-assistant[test]".'
        ) from error

    from evals import gate, results
    from evals.beir import read_set
    from evals.published import published

    sets = [read_set(folder) for folder in outside or []]
    assistant = open_for_evaluation()
    for line in [*published(results.read(gate.BASELINE), results.read(gate.RELEASE)), ""]:
        typer.echo(line)
    with counting_bar("Passages") as told:
        lines = list(lines_of(assistant, sets, told))
    for line in lines:
        typer.echo(line)


def open_for_evaluation(model: str | None = None, *, official: bool = False, voice: Voice | None = None) -> Assistant:
    """Open the assistant in a data folder of its own, with the clock at the day of the datasets."""
    from assistant.settings import load_settings
    from evals.place import open_isolated

    settings = load_settings().model_copy(update={"model": model or "", "model_consent": True})  # the command's help tells it
    return open_isolated(settings, texts=official, voice=voice)
