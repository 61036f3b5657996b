"""The shape of the entries in ``knowledge/asked/``: words for searching, which state no law."""

from __future__ import annotations

from pydantic import Field

from assistant.law.base import Entry, EntryId, Words
from assistant.types import Language


class Asked(Entry):
    """Words in which people ask for a provision: searched, never shown, and no statement of law."""

    provision: EntryId
    en: list[Words] = Field(min_length=1)
    ja: list[Words] = Field(min_length=1)

    @property
    def id(self) -> str:
        """The provision that it asks for."""
        return self.provision

    def in_language(self, language: Language) -> list[str]:
        """Return the phrases in ``language``."""
        return self.ja if language is Language.JA else self.en
