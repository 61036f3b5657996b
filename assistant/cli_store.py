"""The commands ``backup`` and ``restore``: everything that is kept, in one file and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
