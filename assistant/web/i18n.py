"""Texts of the interface in one language, from the files in ``i18n/<language>/``, one a part of the application."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Language

_FOLDER = Path(__file__).resolve().parent / "i18n"


class Texts:
    """The interface texts of one language."""

    def __init__(self, language: Language, entries: dict[str, Any]) -> None:
        self.language = language
        self._entries = entries

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under ``key``, filled in."""
        return str(self._entries[key]).format(**values)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a text under ``key``."""
        return key in self._entries

    def listed(self, key: str) -> list[str]:
        """Return a list of texts."""
        return [str(item) for item in self._entries[key]]

    @property
    def keys(self) -> set[str]:
        """All keys: the two languages must have the same."""
        return set(self._entries)


@cache
def texts(language: Language) -> Texts:
    """Return the interface texts in ``language``.

    Raises:
        ValueError: a key stands in two files.
    """
    entries: dict[str, Any] = {}
    for file in sorted((_FOLDER / language.value).glob("*.yaml")):
        own = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if twice := entries.keys() & own.keys():
            raise ValueError(f"{file}: {sorted(twice)} stand in another file of {language.value} as well")
        entries |= own
    return Texts(language, entries)
