"""Words by which a question shows what it is about: in groups, of each of which one must stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from pydantic import Field

from assistant.law.base import Entry, Words
from assistant.types import Language

_OPEN = "*"
_ALIKE = str.maketrans("-‐‑–’‘", "    ''")  # one character for one, so that places in the text stay


class CueGroups(Entry):
    """Groups of words per language: a text shows the thing where, in one language, every group has a word in it.

    A Latin word counts as a whole, ``watermark*`` with any ending; a Japanese one anywhere. A hyphen reads as a space.
    """

    en: list[list[Words]] = Field(default_factory=list)
    ja: list[list[Words]] = Field(default_factory=list)

    def in_language(self, language: Language) -> list[list[str]]:
        """Return the groups of one language."""
        return self.ja if language is Language.JA else self.en

    def strength(self, text: str) -> int:
        """Return how many characters of ``text`` (folded) the groups account for, the fuller language counting; 0: no match."""
        return max(_strength(self.en, text), _strength(self.ja, text))


def folded(text: str) -> str:
    """Return a text that was normalised in the form in which cues are looked for."""
    return text.casefold().translate(_ALIKE)


def stands_in(cue: str, text: str) -> bool:
    """Tell whether a cue stands in a folded text."""
    return any_in((cue,), text)


def any_in(cues: Iterable[str], text: str) -> bool:
    """Tell whether one of several cues stands in a folded text."""
    return _pattern(tuple(cues)).search(text) is not None


def _strength(groups: list[list[str]], text: str) -> int:
    total = 0
    for group in groups:
        longest = max((len(match[0]) for match in _pattern(tuple(group)).finditer(text)), default=0)
        if not longest:
            return 0  # nearly always already here: a hundred beliefs are held against every question
        total += longest
    return total


@cache
def _pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for all cues of a group, the longest first; nothing matches where there is none."""
    return re.compile("|".join(sorted(map(_spelling, cues), key=lambda one: (-len(one), one))) or r"(?!)")


def _spelling(cue: str) -> str:
    plain = folded(cue)
    if not plain.isascii():
        return re.escape(plain)
    end = "" if plain.endswith(_OPEN) else r"(?![a-z0-9])"
    return rf"(?<![a-z0-9]){re.escape(plain.removesuffix(_OPEN))}{end}"
