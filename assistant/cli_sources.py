"""The commands ``sources …``: official texts listed, fetched, imported, verified, compared and removed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.types import AssistantError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.texts.acquire import Outcome
    from assistant.texts.library import Library
    from assistant.texts.pdf import Limits

app = typer.Typer(no_args_is_help=True, help="Official texts on this machine: get, check, compare and remove them.")
Names = Annotated[list[str] | None, typer.Argument(help="Ids of texts or documents, as 'sources list' shows them; default: all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@app.command("list")
def list_texts(as_json: AsJson = False) -> None:
    """Show every text of the catalogue: installed or not, since when in force, size, day obtained."""
    library, _ = _library()
    rows = [_row(library, identity) for identity in library.knowledge.texts]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        state = (
            f"{row['size'] / 1024:,.0f} KiB, obtained {row['obtained_on']}"
            if row["installed"]
            else f"not installed ({row['how']})"
        )
        force = "in force" if row["in_force"] else "not in force today"
        typer.echo(f"{row['id']}: {force}{', reference translation' if row['reference'] else ''}; {state}")


@app.command("fetch")
def fetch_texts(names: Names = None) -> None:
    """Download texts from their publishers; exit 1 if one could not be had."""
    from assistant.progress import download_bar
    from assistant.texts import acquire
    from assistant.texts.fetch import Fetcher

    library, settings = _library()
    sources = acquire.chosen(library.knowledge, names or [])
    if not names:
        sources = [source for source in sources if source.request is not None]
    fetcher = Fetcher(settings.fetch_pause_seconds, max_bytes=settings.max_file_mib << 20, mirrors=settings.mirrors)
    outcomes = []
    for source in sources:
        with download_bar(source.id) as progress:
            outcomes.append(acquire.fetch(library, fetcher, source, _limits(settings), progress))
        _tell(outcomes[-1])
    _finish(library, outcomes)


@app.command("import")
def import_texts(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders with files, of official texts.")],
    as_: Annotated[str | None, typer.Option("--as", help="The text that a file is, where its name does not tell.")] = None,
) -> None:
    """Install texts from local files; exit 1 if a file was not accepted."""
    from assistant.texts import acquire

    library, settings = _library()
    outcomes = []
    for outcome in acquire.import_files(library, paths, _limits(settings), settings.max_file_mib << 20, as_):
        outcomes.append(outcome)
        _tell(outcome)
    _finish(library, outcomes)


@app.command("verify")
def verify_texts(names: Names = None, as_json: AsJson = False) -> None:
    """Check installed texts: checksum, counts, and every provision that we cite; exit 1 if something is wrong."""
    from assistant.texts import acquire
    from assistant.texts.verification import verify

    library, _ = _library()
    installed = library.installed()
    wanted = [s.id for s in acquire.chosen(library.knowledge, names or []) if s.id in installed or names]
    verdicts = [verify(library, identity) for identity in wanted]
    if as_json:
        typer.echo(json.dumps([verdict.__dict__ for verdict in verdicts], ensure_ascii=False, indent=2))
    else:
        for verdict in verdicts:
            found = verdict.sought - len(verdict.missing)
            typer.echo(f"{verdict.id}: {found} of {verdict.sought} provisions found{''.join(f'; {f}' for f in verdict.faults)}")
            for provision in verdict.missing:
                typer.echo(f"  not found: {provision}")
    if any(verdict.faults or verdict.missing for verdict in verdicts):
        raise SystemExit(1)


@app.command("remove")
def remove_texts(names: Annotated[list[str], typer.Argument(help="Ids of texts, as 'sources list' shows them.")]) -> None:
    """Delete texts from this machine; the summaries remain."""
    library, _ = _library()
    for name in names:
        library.remove(name)
        typer.echo(f"{name} removed")


@app.command("diff")
def diff_versions(
    provision: Annotated[str, typer.Argument(help="Id of a provision, such as eu.ai_act.art_6.par_1.")],
    before: Annotated[str | None, typer.Option(help="Version to start from; default: the older one installed.")] = None,
    after: Annotated[str | None, typer.Option(help="Version to compare with; default: the newer one installed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two versions of a provision word by word: [-went-] {+came+}."""
    from assistant.texts.diff import changes, marked
    from assistant.texts.versions import two_versions

    library, _ = _library()
    older, newer = two_versions(library, provision, before, after)
    found = changes(older.text, newer.text)
    if as_json:
        data = {"provision": provision, "before": older.source.version, "after": newer.source.version}
        typer.echo(json.dumps(data | {"changes": [change.__dict__ for change in found]}, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{provision}: {older.source.version} → {newer.source.version}\n\n{marked(found)}")


def _library() -> tuple[Library, Settings]:
    from assistant.law.knowledge import load_knowledge
    from assistant.settings import load_settings, make_data_dir
    from assistant.texts.library import Library

    settings = load_settings()
    make_data_dir(settings)
    return Library(settings.texts_dir, load_knowledge(settings.knowledge_dir)), settings


def _limits(settings: Settings) -> Limits:
    from assistant.texts.pdf import Limits

    return Limits(pages=settings.max_pages)


def _row(library: Library, identity: str) -> dict[str, Any]:
    source, record = library.knowledge.texts[identity], library.record(identity)
    document = library.knowledge.documents[source.document]
    return {
        "id": identity,
        "document": document.short.en,
        "version": source.version,
        "language": source.language,
        "reference": source.reference,
        "in_force": source.covers(date.today()),
        "installed": record is not None,
        "size": record.size if record else None,
        "obtained_on": record.obtained_on.isoformat() if record else None,
        "obtained_from": record.obtained_from if record else None,
        "how": "sources fetch" if source.request else f"save {source.files[0]} from {document.link} and import it",
    }


def _tell(outcome: Outcome) -> None:
    sign = {"installed": f"{outcome.name} → ", "refused": "! ", "skipped": "- "}[outcome.state]
    typer.echo(f"{sign}{outcome.message}", err=outcome.state == "refused")


def _finish(library: Library, outcomes: list[Outcome]) -> None:
    if not outcomes:
        raise AssistantError("There is no file in that place. Give a file, or a folder with files.")
    states = [outcome.state for outcome in outcomes]
    told = ", ".join(f"{states.count(state)} {state}" for state in ("installed", "refused", "skipped") if state in states)
    typer.echo(f"{told}; {len(library.installed())} of {len(library.knowledge.texts)} texts are on this machine.")
    if "refused" in states:
        raise SystemExit(1)
