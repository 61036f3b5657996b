"""What other processes change is taken up without a restart: official texts, an index built anew, one that is back."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from assistant.answer.pipeline import Assistant
from assistant.search.open import may_be_back, replaced
from assistant.settings import Settings
from assistant.store.database import Database
from assistant.store.marks import Marks
from assistant.types import AssistantError

log = logging.getLogger(__name__)
_EVERY = 5.0  # seconds
_LONGEST = 60.0  # seconds between two attempts, where one after the other fails


class Watch:
    """Looks every few seconds whether the assistant should be opened anew; the old one answers until the new one is open."""

    def __init__(self, settings: Settings) -> None:
        """Begin before the assistant is opened: what is installed meanwhile is not missed."""
        self._settings = settings
        self._seen = self._texts()
        self._pause = 0.0
        self._again = 0.0  # from when on, after an attempt that failed, on the monotonic clock

    def start(self, assistant: Assistant, database: Database) -> None:
        """Begin to look, in the background."""
        threading.Thread(target=self._loop, args=(assistant, Marks(database)), daemon=True).start()

    def look(self, assistant: Assistant, marks: Marks) -> bool:
        """Take up what changed; return whether anything did.

        Raises:
            AssistantError: the assistant cannot be opened anew, or the database is away; the old one goes on.
        """
        if time.monotonic() < self._again:
            return False
        texts, back = self._texts(), assistant.retriever.lost and may_be_back(self._settings)
        if texts == self._seen and not back and not replaced(self._settings, marks, assistant.retriever):
            return False
        self._pause = min(max(2 * self._pause, _EVERY), _LONGEST)
        self._again = time.monotonic() + self._pause
        assistant.refresh()
        self._seen = texts
        if not assistant.retriever.lost:
            self._pause = self._again = 0.0
        return True

    def _loop(self, assistant: Assistant, marks: Marks) -> None:
        while True:
            time.sleep(_EVERY)
            try:
                self.look(assistant, marks)
            except AssistantError as error:
                log.warning("What changed cannot be taken up yet: %s", error)
            except Exception:
                log.exception("What changed could not be taken up; the assistant goes on with what it has")

    def _texts(self) -> list[tuple[str, int, int]]:
        """Return what tells installed texts apart from those a moment ago: every file, its last change and its size."""
        folder: Path = self._settings.texts_dir
        found = []
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if any(part.startswith(".") for part in path.relative_to(folder).parts):  # not whole yet
                continue
            try:
                told = path.stat()
            except OSError:  # removed while we look
                continue
            found.append((path.relative_to(folder).as_posix(), told.st_mtime_ns, told.st_size))
        return found
