"""What other processes change is taken up without a restart: official texts, and an index that was away and is back."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from assistant.answer.pipeline import Assistant

log = logging.getLogger(__name__)
_EVERY = 5.0  # seconds


class Watch:
    """Looks every few seconds whether the assistant should be opened anew; the old one answers until the new one is open."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._seen = self._texts()
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to look, in the background."""
        threading.Thread(target=self._loop, daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()

    def look(self) -> bool:
        """Take up what changed; return whether anything did."""
        texts = self._texts()
        if texts == self._seen and not self._assistant.retriever.lost:
            return False
        self._assistant.refresh()
        self._seen = texts
        return True

    def _loop(self) -> None:
        while not self._ended.wait(_EVERY):
            try:
                self.look()
            except Exception:
                log.exception("What changed could not be taken up; the assistant goes on with what it has")

    def _texts(self) -> list[tuple[str, int]]:
        """Return what tells installed texts apart from those a moment ago: every file with the time of its last change."""
        folder: Path = self._assistant.settings.texts_dir
        found = []
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if any(part.startswith(".") for part in path.relative_to(folder).parts):  # not whole yet
                continue
            try:
                found.append((path.relative_to(folder).as_posix(), path.stat().st_mtime_ns))
            except OSError:  # removed while we look
                continue
        return found
