"""Whose law a question is about where it is neither that of the EU nor of Japan; the places and their acts are data.

An act of another country asks about it. So does a place followed by a word for law, and a place alone where neither the EU, Japan
nor a document of ours is named. The EU and Japan count only where they are more than a direction ("to Japan") or somebody's
seat ("a Japanese company") once another law is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from assistant.answer.vocabulary import any_of
from assistant.law.base import Entry
from assistant.law.cues import any_in, folded
from assistant.law.reading import read_entries
from assistant.law.schema import Names, Text
from assistant.search.router import Mention

Subject = Literal["ai", "data"]
_HERE = Path(__file__).resolve().parent
_BETWEEN = r"(?:'?s|の)? ?(?:own |new |federal |state |draft |[a-z]+ )?"
_JAPANESE_GAP = "の?[^にをがはへでと、。 ]{0,8}"
_ENDS_IN_POSSESSIVE = re.compile(r"(?:'s|の)?\s*$")


class Laws(Entry):
    """What the acts and authorities of a place are called, by what they are about."""

    ai: list[str]
    data: list[str]

    @property
    def by_subject(self) -> list[tuple[Subject, list[str]]]:
        """The names, with what the acts of these names are about."""
        return [("ai", self.ai), ("data", self.data)]


class Place(Entry):
    """A country, state or city outside the EU and Japan."""

    id: str
    name: Text
    places: Names
    laws: Laws


class Passing(Entry):
    """Words around the EU or Japan by which it is named in passing only."""

    not_alone: list[str]
    en_before: list[str]
    en_after: list[str]
    ja_after: list[str]


class ElsewhereFile(Entry):
    """``elsewhere.yaml``."""

    places: list[Place]
    law_words: Names
    transfers: Names
    passing: Passing


@dataclass(frozen=True)
class Elsewhere:
    """The place whose law is asked about, and what its act is about, if the question says so."""

    place: Place
    subject: Subject | None


def elsewhere(plain: str, mentions: list[Mention], ours: dict[str, list[str]]) -> Elsewhere | None:
    """Return the place whose law a normalised question is about; ``ours`` are the words for the EU and Japan."""
    text = folded(plain)
    named = _law_named(text)
    place = named.place if named else _place(text)
    if place is None:
        return None
    own = [mention for mention in mentions if not _theirs(text, mention, place)]
    asked = named or (Elsewhere(place, _subject(text)) if own != mentions or _of_law(text, place) else None)
    if asked is not None:
        return None if own or _more_than_passing(text, ours) else asked
    if own or any_of(ours, text) or _transfer(text, place):
        return None
    return Elsewhere(place, _subject(text))


def _subject(text: str) -> Subject | None:
    """Return what a question on another country's law is about, where it says so."""
    if any_in(("ai",), text):
        return "ai"
    return "data" if any_in(_file().transfers.all, text) else None


def _law_named(text: str) -> Elsewhere | None:
    """Return the place whose act or authority is named; the place named besides decides where two have one of that name."""
    found = [
        Elsewhere(place, subject) for place in _file().places for subject, names in place.laws.by_subject if any_in(names, text)
    ]
    return max(found, key=lambda one: any_of(_words(one.place), text), default=None)


def _place(text: str) -> Place | None:
    """Return the place named first as asked about for its law, else the first named."""
    named = [place for place in _file().places if any_of(_words(place), text)]
    return next((place for place in named if _of_law(text, place)), named[0] if named else None)


def _of_law(text: str, place: Place) -> bool:
    words = _file().law_words
    latin = "|".join(re.escape(word) for word in words.en)
    japanese = "|".join(words.ja)
    return any(
        re.search(rf"(?<![a-z0-9]){re.escape(name)}{_BETWEEN}(?:{latin})(?![a-z0-9])", text) for name in place.places.en
    ) or any(re.search(rf"{re.escape(folded(name))}{_JAPANESE_GAP}(?:{japanese})", text) for name in place.places.ja)


def _theirs(text: str, mention: Mention, place: Place) -> bool:
    """Tell whether a name of a document of ours is part of a name of theirs: right behind the place, or within their act."""
    before = _ENDS_IN_POSSESSIVE.sub("", text[: mention.start])
    if any(before.endswith(folded(name)) for name in place.places.all):
        return True
    laws = [folded(name) for name in (*place.laws.ai, *place.laws.data)]
    spans = [(match.start(), match.end()) for name in laws for match in re.finditer(re.escape(name), text)]
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def _more_than_passing(text: str, ours: dict[str, list[str]]) -> bool:
    """Tell whether the EU or Japan is named other than as a direction or as somebody's seat."""
    skipped = _file().passing.not_alone
    return _beside({name: [cue for cue in words if cue not in skipped] for name, words in ours.items()}, text)


def _transfer(text: str, place: Place) -> bool:
    """Tell whether a place is only where data go or somebody sits, in a question on personal data."""
    moved = any_in(_file().transfers.all, text)
    return moved and not _beside(_words(place), text)


def _beside(names: dict[str, list[str]], text: str) -> bool:
    """Tell whether a place stands in a text other than as a direction or as somebody's seat."""
    passing = _file().passing
    towards = re.compile(rf"\b(?:{'|'.join(passing.en_before)}|(?:{'|'.join(passing.en_after)}) (?:in|at)) (?:the |our |an? )?$")
    seat = re.compile(rf" (?:[a-z]+ )?(?:{'|'.join(passing.en_after)})\b|{'|'.join(passing.ja_after)}")
    return any(
        not towards.search(text[: match.start()]) and not seat.match(text[match.end() :])
        for words in names.values()
        for cue in words
        for match in _places_of(folded(cue), text)
    )


def _places_of(cue: str, text: str) -> list[re.Match[str]]:
    spelling = rf"(?<![a-z0-9]){re.escape(cue)}(?![a-z0-9])" if cue.isascii() else re.escape(cue)
    return list(re.finditer(spelling, text))


def _words(place: Place) -> dict[str, list[str]]:
    return {"en": place.places.en, "ja": place.places.ja}


def places() -> list[Place]:
    """Return every place whose law is not covered.

    Raises:
        KnowledgeError: the file does not fit its schema.
    """
    return _file().places


@cache
def _file() -> ElsewhereFile:
    return read_entries(_HERE / "elsewhere.yaml", ElsewhereFile, _HERE)
