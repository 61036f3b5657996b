"""The commands ``documents …``: the user's own files added, listed, changed and deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.types import AssistantError, Jurisdiction, Language

if TYPE_CHECKING:
    from assistant.search.shelf import Shelf

app = typer.Typer(no_args_is_help=True, help="Your own documents: policies, contracts, guidance, standards.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a document, as 'documents list' shows it.")]


@app.command("add")
def add_documents(
    files: Annotated[list[Path], typer.Argument(help="PDF, Word (.docx), HTML, Markdown or text files.")],
    shareable: Annotated[
        bool, typer.Option("--shareable", help="A configured model may be shown it; default: local only.")
    ] = False,
) -> None:
    """Add files; exit 1 if one was not accepted."""
    from assistant.progress import progress_bar

    failed = 0
    with progress_bar() as progress:
        shelf = _shelf(progress)
        for file in files:
            try:
                if not file.is_file():
                    raise AssistantError(f"{file} does not exist or is no file.")
                document = shelf.add(file, local_only=not shareable)
            except AssistantError as error:
                failed += 1
                typer.echo(f"! {file.name}: {error}", err=True)
                continue
            pages = f", {document.pages} pages" if document.pages else ""
            empty = f", {document.empty_pages} of them without text (scanned?)" if document.empty_pages else ""
            typer.echo(f"{document.id}  {document.title} ({document.language}{pages}{empty})")
    if failed:
        raise SystemExit(1)


@app.command("list")
def list_documents(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False) -> None:
    """Show your documents."""
    documents = _shelf().all()
    if as_json:
        typer.echo(
            json.dumps([d.__dict__ | {"added_on": d.added_on.isoformat()} for d in documents], ensure_ascii=False, indent=2)
        )
        return
    for d in documents:
        shared = "local only" if d.local_only else "shareable with a model"
        typer.echo(f"{d.id}  {d.title} ({d.file}; {d.language}; {d.jurisdiction or 'no jurisdiction'}; {shared})")
    if not documents:
        typer.echo("You have added no documents. 'documents add FILE…' adds some.")


@app.command("edit")
def edit_document(
    identity: Id,
    title: Annotated[str | None, typer.Option(help="New title.")] = None,
    lang: Annotated[Language | None, typer.Option(help="Its language.")] = None,
    jurisdiction: Annotated[Jurisdiction | None, typer.Option(help="The jurisdiction it is about.")] = None,
    local_only: Annotated[
        bool | None, typer.Option("--local-only/--shareable", help="May a configured model be shown it?")
    ] = None,
) -> None:
    """Change what is known of a document."""
    values = {
        "title": title,
        "language": lang.value if lang else None,
        "jurisdiction": jurisdiction.value if jurisdiction else None,
        "local_only": local_only,
    }
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        raise AssistantError("Say what to change: --title, --lang, --jurisdiction, --local-only or --shareable.")
    document = _shelf().change(identity, **given)
    typer.echo(f"{document.id}  {document.title} ({document.language}; {document.jurisdiction or 'no jurisdiction'})")


@app.command("remove")
def remove_documents(identities: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of documents.")]) -> None:
    """Delete documents: file, passages and vectors."""
    shelf = _shelf()
    for identity in identities:
        shelf.remove(identity)
        typer.echo(f"{identity} deleted")


def _shelf(progress: object = None) -> Shelf:
    from assistant.search.shelf import Shelf
    from assistant.settings import load_settings, make_data_dir
    from assistant.store.acting import always

    settings = load_settings()
    make_data_dir(settings)
    return Shelf(settings, progress, always(settings.organisation))  # type: ignore[arg-type]
