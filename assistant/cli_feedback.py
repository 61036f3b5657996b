"""The commands ``feedback …``: what readers said of answers, listed, and exported as drafts of evaluation cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_shared import AsJson, print_json, write_file

if TYPE_CHECKING:
    from assistant.store.feedback import FeedbackStore

app = typer.Typer(no_args_is_help=True, help="What readers said of the answers.")


@app.command("list")
def list_feedback(as_json: AsJson = False) -> None:
    """Show what was said of which answer, oldest first."""
    judged = _store().all()
    if as_json:
        print_json([{"question": one.question, **one.feedback.__dict__, "at": one.feedback.at.isoformat()} for one in judged])
        return
    for one in judged:
        given = one.feedback
        told = "; ".join(filter(None, [given.reason, given.comment]))
        typer.echo(f"{given.at:%Y-%m-%d}  {given.verdict:<4}  {one.question}" + (f"\n    {told}" if told else ""))
    if not judged:
        typer.echo("Nobody has said anything of an answer yet.")


@app.command("export")
def export_feedback(
    output: Annotated[Path, typer.Option("-o", "--output", help="JSON Lines file to write.")],
) -> None:
    """Write feedback as drafts of evaluation cases, with verdict, answer and trace beside."""
    from evals.feedback import drafts

    lines = [json.dumps(draft, ensure_ascii=False) for draft in drafts(_store())]
    write_file(output, "".join(f"{line}\n" for line in lines).encode())
    typer.echo(f"{output}: {len(lines)} draft(s); fill in gold from the official texts before they become cases.")


def _store() -> FeedbackStore:
    from assistant.settings import load_settings, make_data_dir
    from assistant.store.acting import always
    from assistant.store.database import open_database
    from assistant.store.feedback import FeedbackStore

    settings = load_settings()
    make_data_dir(settings)
    return FeedbackStore(open_database(settings.effective_database_url), who=always(settings.organisation))
