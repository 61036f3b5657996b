"""The commands ``backup``, ``restore`` and ``move``: everything that is kept, in one file and back, or to another database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.types import AssistantError


def backup(
    output: Annotated[Path, typer.Option("-o", "--output", help="The new zip file.")],
) -> None:
    """Write everything that is kept into one zip file: systems, conversations, documents, texts."""
    from assistant.settings import load_settings, make_data_dir
    from assistant.store.backup import backup as write
    from assistant.store.database import open_database

    settings = load_settings()
    make_data_dir(settings)
    engine = open_database(settings.effective_database_url)
    try:
        manifest = write(engine, settings.data_dir, output)
    finally:
        engine.dispose()
    size = output.stat().st_size / (1 << 20)
    typer.echo(f"{output}: {len(manifest.members)} files, {size:.1f} MiB. Keep it where only you can read it.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A zip file that 'backup' wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is kept now.")] = False,
) -> None:
    """Put back what a backup holds; what is kept now stays beside it as '….before-restore'."""
    from assistant.settings import load_settings, make_data_dir
    from assistant.store.restoring import restore as put_back

    settings = load_settings()
    make_data_dir(settings)
    manifest = put_back(source, settings.data_dir, settings.effective_database_url, replace=replace)
    typer.echo(f"The backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC is restored. 'index' brings the search up to date.")


def move(
    to: Annotated[str, typer.Argument(metavar="URL", help="Address of the new, empty database, as for ASSISTANT_DATABASE_URL.")],
) -> None:
    """Copy everything from the database in use to another one, such as from SQLite to PostgreSQL; the old one stays."""
    import tempfile

    from assistant.settings import load_settings, make_data_dir
    from assistant.store.backup import backup as write
    from assistant.store.database import new_engine, open_database, same_database
    from assistant.store.restoring import restore_rows

    settings = load_settings()
    make_data_dir(settings)
    target = new_engine(to)
    engine = open_database(settings.effective_database_url)
    try:
        if same_database(engine, target):
            raise AssistantError("That is the database in use. Give the address of another one.")
        with tempfile.TemporaryDirectory(prefix=".moving-", dir=settings.data_dir) as folder:
            packed = Path(folder, "all.zip")
            write(engine, Path(folder, "no-files"), packed)  # files of documents and texts stay where they are
            restore_rows(packed, to, Path(folder))
    finally:
        engine.dispose()
        target.dispose()
    typer.echo("Everything was copied. Set ASSISTANT_DATABASE_URL to the new address before you start the application again.")
