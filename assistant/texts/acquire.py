"""From publisher or disk into the library: one outcome for each text, whatever happens to the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.law.knowledge import Knowledge
from assistant.law.text_source import TextSource
from assistant.texts.fetch import Fetcher, FetchError, Progress
from assistant.texts.library import Library
from assistant.texts.model import UnreadableTextError
from assistant.texts.pdf import Limits
from assistant.types import AssistantError


@dataclass(frozen=True)
class Outcome:
    """What became of one text or file: ``installed``, ``refused`` or, in a folder, ``skipped`` as not ours.

    ``reason`` names a refusal for other languages: ``download``, ``unknown_name``, ``too_large``, else that of the reader.
    """

    name: str
    state: Literal["installed", "refused", "skipped"]
    message: str
    reason: str = ""


def chosen(knowledge: Knowledge, names: Iterable[str]) -> list[TextSource]:
    """Return the texts that ``names`` mean: ids of texts or of documents; all where none is given.

    Raises:
        AssistantError: a name is neither.
    """
    wanted = list(names)
    found = [s for s in knowledge.texts.values() if not wanted or s.id in wanted or s.document in wanted]
    known = {s.id for s in found} | {s.document for s in found}
    for name in wanted:
        if name not in known:
            raise AssistantError(f"The catalogue has no text '{name}'. 'sources list' shows the names to use.")
    return found


def fetch(library: Library, fetcher: Fetcher, source: TextSource, limits: Limits, progress: Progress | None = None) -> Outcome:
    """Download one text and install it."""
    downloads = library.root / "downloads"
    try:
        file, url = fetcher.fetch(source, downloads, progress)
    except FetchError as error:
        return Outcome(source.id, "refused", str(error), "download")
    try:
        library.install(source, file, url, limits)
    except UnreadableTextError as error:
        return Outcome(source.id, "refused", f"{source.id}: what the publisher sent was not accepted. {error}", error.reason)
    finally:
        file.unlink(missing_ok=True)
    return Outcome(source.id, "installed", url)


def import_files(
    library: Library, paths: Iterable[Path], limits: Limits, max_bytes: int, as_: str | None = None
) -> Iterator[Outcome]:
    """Install local files, matched to the catalogue by name or, for a single file, by the text it is said to be.

    Raises:
        AssistantError: a path does not exist, ``as_`` is no text of the catalogue, or several files are said to be one text.
    """
    paths = list(paths)
    if as_ and (len(paths) > 1 or any(path.is_dir() for path in paths)):
        raise AssistantError("Several files cannot be one text; give a single file with --as.")
    by_name = {name: source for source in library.knowledge.texts.values() for name in source.files}
    named = chosen(library.knowledge, [as_])[0] if as_ else None
    for path, from_folder in _files(paths):
        source = named or by_name.get(path.name)
        size = path.stat().st_size
        if source is None and from_folder:
            yield Outcome(path.name, "skipped", f"{path.name}: no text of the catalogue has this name.")
        elif source is None:
            message = f"{path.name}: no text of the catalogue has this name; say which text it is with --as."
            yield Outcome(path.name, "refused", message, "unknown_name")
        elif size > max_bytes:
            message = f"{path.name}: {size >> 20} MiB; the limit is {max_bytes >> 20} MiB (ASSISTANT_MAX_FILE_MIB)."
            yield Outcome(path.name, "refused", message, "too_large")
        else:
            yield _install(library, source, path, limits)


def _install(library: Library, source: TextSource, path: Path, limits: Limits) -> Outcome:
    try:
        library.install(source, path, f"file {path.name}", limits)
    except UnreadableTextError as error:
        return Outcome(path.name, "refused", f"{path.name}: {error}", error.reason)
    return Outcome(path.name, "installed", source.id)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield the files meant, and whether each was found in a folder."""
    for path in paths:
        if path.is_dir():
            yield from ((file, True) for file in sorted(path.rglob("*")) if file.is_file())
        elif path.is_file():
            yield path, False
        else:
            raise AssistantError(f"{path} does not exist. Give a file, or a folder with files.")
