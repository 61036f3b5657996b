"""Copies of the user's documents that earlier builds kept as files beside the database: taken into it, once."""

from __future__ import annotations

from pathlib import Path

from assistant.store.documents import DocumentStore, pieces
from assistant.store.marks import Marks
from assistant.types import AssistantError

_PENDING = ".pending-"  # how the name of a file began while it and its row did not agree
_LOCK_SECONDS = 60


def take_over(folder: Path, store: DocumentStore, marks: Marks) -> None:
    """Move every copy in ``folder`` whose document is known into the database; a killed process is carried on by the next.

    Raises:
        AssistantError: another process is at it and does not finish in time, or the database cannot be written.
    """
    if not folder.is_dir():
        return
    try:
        with marks.alone("documents", _LOCK_SECONDS):
            for file in sorted(one for one in folder.iterdir() if one.is_file()):
                _moved(file, store)
    except TimeoutError as error:
        raise AssistantError("Another process is changing the documents. Wait until it is done and try again.") from error


def _moved(file: Path, store: DocumentStore) -> None:
    """Move one copy; what was being added or deleted when a process was killed goes by whether its row is there."""
    identity = file.name.removeprefix(_PENDING).partition(".")[0]
    if store.take_content(identity, pieces(file)) or file.name.startswith(_PENDING):
        file.unlink()
