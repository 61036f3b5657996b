"""Uploads that were looked at and wait for a word: what is in them is done only once somebody confirms it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from assistant.store.rows import new_id

_MOST = 8


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Waiting:
    """The uploads of this process by a key that nobody can guess; beyond a handful the oldest one goes."""

    _kept: OrderedDict[str, Upload] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, upload: Upload) -> str:
        """Keep an upload and return its key."""
        key = new_id()
        with self._lock:
            self._kept[key] = upload
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return key

    def get(self, key: str) -> Upload | None:
        """Return an upload; nothing where it is gone."""
        return self._kept.get(key)

    def forget(self, key: str) -> None:
        """Let an upload go; one that is gone already is no fault."""
        with self._lock:
            self._kept.pop(key, None)
