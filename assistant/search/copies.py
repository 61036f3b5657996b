"""Copies of the user's files: each is kept together with its row in the database, or not at all, whenever the process ends.

While the two do not agree, the name of the file says so; what a crash leaves under such a name is settled by the rows.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.store.documents import StoredDocument
from assistant.types import AssistantError

_PENDING = ".pending-"
_LOCK_SECONDS = 60


class Copies:
    """The copies in one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "documents"
        self._lock = data_dir / "documents.lock"

    def path_of(self, document: StoredDocument) -> Path:
        """Return where the copy of a document's file is kept."""
        return self._folder / f"{document.id}{Path(document.file).suffix.casefold()[:10]}"

    @contextmanager
    def adding(self, file: Path, document: StoredDocument) -> Iterator[None]:
        """Copy a file while its row is added; an error leaves nothing behind.

        Raises:
            AssistantError: another process is changing the documents and does not finish in time.
        """
        target = self.path_of(document)
        pending = _pending(target)
        with self._held():
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(file, pending)
                yield
            except BaseException:
                pending.unlink(missing_ok=True)
                raise
            pending.replace(target)

    @contextmanager
    def removing(self, document: StoredDocument) -> Iterator[None]:
        """Remove a copy while its row is removed; an error leaves it in its place.

        Raises:
            AssistantError: as for ``adding``.
        """
        target = self.path_of(document)
        pending = _pending(target)
        with self._held():
            there = target.exists()
            if there:
                target.replace(pending)
            try:
                yield
            except BaseException:
                if there:
                    pending.replace(target)
                raise
            pending.unlink(missing_ok=True)

    def settle(self, documents: Callable[[], Iterable[StoredDocument]]) -> None:
        """Finish what a crash interrupted: the copy of a document that is known goes to its place, any other away."""
        if not any(self._folder.glob(f"{_PENDING}*")):
            return
        with self._held():
            known = {self.path_of(document) for document in documents()}
            for pending in self._folder.glob(f"{_PENDING}*"):
                target = pending.with_name(pending.name.removeprefix(_PENDING))
                if target in known:
                    pending.replace(target)
                else:
                    pending.unlink()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep other processes away meanwhile: what is pending is theirs only after a crash."""
        lock = FileLock(self._lock, timeout=_LOCK_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise AssistantError("Another process is changing the documents. Wait until it is done and try again.") from error
        try:
            yield
        finally:
            lock.release()


def _pending(target: Path) -> Path:
    return target.with_name(_PENDING + target.name)
