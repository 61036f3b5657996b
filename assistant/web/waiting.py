"""Uploads that were looked at and wait for a word: what is in them is done only once somebody confirms it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from assistant.store.acting import Acting
from assistant.store.rows import new_id

_MOST, _MOST_BYTES = 32, 256 << 20  # kept at once; one upload is kept whatever its size


@dataclass(frozen=True)
class Upload:
    """A file as it was sent, and by whom."""

    name: str
    content: bytes
    sender: Acting


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
            while len(self._kept) > 1 and (len(self._kept) > _MOST or self._bytes() > _MOST_BYTES):
                self._kept.popitem(last=False)
        return key

    def get(self, key: str, sender: Acting) -> Upload | None:
        """Return an upload of whoever sent it; nothing where it is gone."""
        upload = self._kept.get(key)
        return upload if upload and upload.sender == sender else None

    def _bytes(self) -> int:
        return sum(len(upload.content) for upload in self._kept.values())

    def forget(self, key: str) -> None:
        """Let an upload go; one that is gone already is no fault."""
        with self._lock:
            self._kept.pop(key, None)
