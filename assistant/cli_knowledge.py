"""The commands ``knowledge …``: the knowledge base checked and tallied, and what is made from it made anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Look after the knowledge base.")


@app.command("check")
def knowledge_check(
    official: Annotated[
        Path | None, typer.Option("--official", help="Folder of official texts that no summary may repeat word for word.")
    ] = None,
    stale_after: Annotated[
        int | None, typer.Option("--stale-after", min=1, help="Also report entries last checked more than this many days ago.")
    ] = None,
) -> None:
    """Load the knowledge base and report every fault; exit 1 if there is one."""
    from assistant.law.check import faults, stale_day
    from assistant.settings import load_settings

    oldest = None if stale_after is None else stale_day(date.today(), stale_after)
    found = faults(load_settings().knowledge_dir, official, oldest)
    for fault in found:
        typer.echo(str(fault))
    typer.echo(f"{len(found)} fault(s) in the knowledge base")
    if found:
        raise SystemExit(1)


@app.command("tally")
def knowledge_tally() -> None:
    """Print, as a table, how much the knowledge base holds of each document and against what it was checked."""
    from assistant.law.knowledge import load_knowledge
    from assistant.law.tally import tally
    from assistant.settings import load_settings

    typer.echo(tally(load_knowledge(load_settings().knowledge_dir)))


@app.command("numbering")
def knowledge_numbering() -> None:
    """For maintainers: write knowledge/numbering/ anew from the installed official texts."""
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings
    from assistant.texts.library import Library
    from assistant.texts.numbering import write_tables

    settings = load_settings()
    library = Library(settings.texts_dir, load_knowledge(settings.knowledge_dir))
    changed = write_tables(library, settings.knowledge_dir / "numbering")
    for path in changed:
        typer.echo(f"written: {path.name}")
    typer.echo(f"{len(changed)} table(s) of numbering changed")


@app.command("vectors")
def knowledge_vectors() -> None:
    """For maintainers: embed the shipped summaries and write knowledge/vectors/."""
    from assistant.law.knowledge import load_knowledge
    from assistant.progress import progress_bar
    from assistant.search.shipping import ship_vectors
    from assistant.settings import load_settings

    settings = load_settings()
    with progress_bar() as report:
        written = ship_vectors(load_knowledge(settings.knowledge_dir), settings, report)
    for path, count in written:
        typer.echo(f"{count} vectors written to {path.name}")
