"""Downloads of official texts in the background: one at a time, told text by text."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answer.pipeline import Assistant
from assistant.law.text_source import TextSource
from assistant.texts import acquire
from assistant.texts.fetch import Fetcher
from assistant.texts.pdf import Limits

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrival:
    """One text of a download: waiting, arriving, installed or refused, with the reason."""

    text: str
    state: Literal["waiting", "arriving", "installed", "refused"] = "waiting"
    message: str = ""
    reason: str = ""


class Downloads:
    """The download that runs or ran last, over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = threading.Lock()
        self._arrivals: list[Arrival] = []
        self._thread: threading.Thread | None = None

    @property
    def arrivals(self) -> list[Arrival]:
        """The texts of the last download as they stand."""
        with self._lock:
            return list(self._arrivals)

    @property
    def running(self) -> bool:
        """Tell whether a download is at work."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, wanted: Sequence[TextSource]) -> bool:
        """Begin to download; nothing happens, and no is returned, where one is at work already."""
        with self._lock:
            if self.running:
                return False
            self._arrivals = [Arrival(source.id) for source in wanted]
            self._thread = threading.Thread(target=self._work, args=(list(wanted),), daemon=True)
            self._thread.start()
        return True

    def _work(self, wanted: list[TextSource]) -> None:
        settings, library = self._assistant.settings, self._assistant.library
        fetcher = Fetcher(settings.fetch_pause_seconds, max_bytes=settings.max_file_mib << 20, mirrors=settings.mirrors)
        for place, source in enumerate(wanted):
            self._set(place, "arriving")
            try:
                outcome = acquire.fetch(library, fetcher, source, Limits(pages=settings.max_pages))
                installed = outcome.state == "installed"
                told = ("", "") if installed else (outcome.message, outcome.reason)
                self._set(place, "installed" if installed else "refused", *told)
            except Exception as error:
                log.exception("A text could not be downloaded")
                self._set(place, "refused", str(error))
        try:
            self._assistant.refresh()
        except Exception:
            log.exception("The index could not take up the new texts")

    def _set(self, place: int, state: Literal["arriving", "installed", "refused"], message: str = "", reason: str = "") -> None:
        with self._lock:
            self._arrivals[place] = replace(self._arrivals[place], state=state, message=message, reason=reason)
