"""Questions that name a provision are routed to it, not guessed.

What ``spellings`` reads in a question is attached to the document named nearest to it. The tables of numbering say which
of the provisions it may mean exist, and where those that do not leave the law.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product

from assistant.law.knowledge import Knowledge
from assistant.law.numbering import Gap, kind_of, number_of
from assistant.search.spellings import Spelled, spelled
from assistant.search.tokens import normalise

_NEAR = 24
_MOST_NAMED = 80  # provisions of one question: beyond them nobody asks, and each costs time
_SAME_ACT = re.compile(r"(?:同|本)(?:法|規則|指令|ガイドライン)の?$")
_OF_SAME_ACT = re.compile(r"\s*(?:of|in)\s+(?:the\s+same|that|said)\s+(?:act|law|regulation|directive|guidelines?)\b")


@dataclass(frozen=True)
class Mention:
    """A document named in a question, and where; ``also`` are others that people call by the same name."""

    document: str
    start: int
    end: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """What a document does not have: ``segment`` in ``parent``, an existing unit of it ("" for the document itself)."""

    document: str
    parent: str
    segment: str


@dataclass(frozen=True)
class Reference:
    """A provision named in a question.

    ``candidates`` are ids it may mean, best first; ``document`` is nothing where the question names none, or by a name of
    two. ``exists`` is false where the numbering rules every reading out; ``missing`` then says where, document by document.
    """

    text: str
    document: str | None
    candidates: tuple[str, ...]
    exists: bool
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """One id a spelling may mean, and where it stands in the numbering, or leaves it."""

    document: str
    path: str
    found: str | Gap

    @property
    def id(self) -> str:
        return f"{self.document}.{self.path}"

    @property
    def depth(self) -> int:
        """How many levels of the path exist before it leaves the law."""
        return len(self.found.parent.split(".")) if isinstance(self.found, Gap) and self.found.parent else 0


class Router:
    """Finds the documents and provisions that a question names."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def mentions(self, question: str) -> list[Mention]:
        """Return the documents named in ``question``, in order; longer names win over names within them."""
        text = normalise(question).casefold()
        taken = bytearray(len(text))
        found: list[Mention] = []
        for name, pattern, documents in self._names:
            if name in text:
                for match in pattern.finditer(text):
                    if not any(taken[match.start() : match.end()]):
                        taken[match.start() : match.end()] = b"\1" * len(match[0])
                        found.append(Mention(documents[0], *match.span(), documents[1:]))
        return sorted(found, key=lambda one: one.start)

    def references(self, question: str) -> list[Reference]:
        """Return the provisions named in ``question``, in order."""
        text = normalise(question).casefold()
        mentions = self.mentions(question)
        found: dict[tuple[str, ...], Reference] = {}
        last: list[Reference] = []
        phrases = spelled(text, [(one.start, one.end) for one in mentions])
        for member in islice(chain.from_iterable(phrases), _MOST_NAMED):
            reference = self._reference(text, member, mentions, last)
            if reference.candidates:
                found.setdefault(reference.candidates, reference)
                last = [reference]
        return list(found.values())

    @cached_property
    def _names(self) -> list[tuple[str, re.Pattern[str], tuple[str, ...]]]:
        owners: dict[str, list[str]] = {}
        for document in self._knowledge.documents.values():
            for name in {*document.aliases.all, document.short.en, document.short.ja}:
                owners.setdefault(normalise(name).casefold(), []).append(document.id)
        for document in self._knowledge.documents.values():
            for name in document.shared_names.all:
                owners.setdefault(normalise(name).casefold(), []).append(document.id)
        names = []
        for name, documents in owners.items():
            edges = (r"(?<![a-z0-9])" if name[0].isascii() else "", r"(?![a-z0-9])" if name[-1].isascii() else "")
            names.append((name, re.compile(edges[0] + re.escape(name) + edges[1]), tuple(documents)))
        return sorted(names, key=lambda one: -len(one[0]))

    @cached_property
    def _documents_by_head(self) -> dict[str, list[str]]:
        """The documents of which we know anything at a top-level unit (``art_5``), in the order of the catalogue."""
        found: dict[str, dict[str, None]] = {}
        for document in self._knowledge.documents:
            for provision in self._knowledge.provisions:
                if provision.startswith(f"{document}."):
                    found.setdefault(provision.removeprefix(f"{document}.").split(".")[0], {})[document] = None
        return {head: list(documents) for head, documents in found.items()}

    def _reference(self, text: str, member: Spelled, mentions: list[Mention], last: list[Reference]) -> Reference:
        words = text[member.start : member.end].strip()
        if member.kind == "id":
            known = any(member.head.startswith(f"{document}.") for document in self._knowledge.documents)
            return Reference(words, None, (member.head,) if known else (), exists=True)
        if not member.head:
            return self._same_article(words, member, last)
        paths = _paths(member)
        kind = kind_of(member.head.removeprefix("suppl_"))
        owners = [one for one in mentions if self._numbers_by(one.document, kind)]
        mention = _nearest(text, member, owners)
        if member.kind == "guideline" and not (mention and self._has_points(mention.document)):
            return Reference(words, None, (), exists=True)
        if mention is None:
            return self._anywhere(words, paths)
        return self._within(words, (mention.document, *mention.also), paths)

    def _same_article(self, words: str, member: Spelled, last: list[Reference]) -> Reference:
        """Return what 「同条第2項」 means: a level of the article, or paragraph, named before."""
        if not last or not last[0].candidates:
            return Reference(words, None, (), exists=True)
        document = self._knowledge.document_of(last[0].candidates[0]).id
        segments = last[0].candidates[0].removeprefix(f"{document}.").split(".")
        kept = segments[:2] if words.startswith("同項") else segments[:1]
        base = ".".join(segments[: len(kept)])
        return self._within(words, (document,), [f"{base}.{'.'.join(one)}" for one in product(*member.levels)])

    def _within(self, words: str, documents: tuple[str, ...], paths: list[str]) -> Reference:
        """Return the reference to a provision of the document named; of either where a name is that of two."""
        readings = [reading for document in documents for reading in self._readings(document, paths)]
        existing = [one for one in readings if isinstance(one.found, str)]
        owners = list(dict.fromkeys(one.document for one in existing))
        if not existing:
            gaps = self._deepest([one for one in readings if one.document == documents[0]])
            return Reference(words, documents[0], (gaps[0].id,), exists=False, missing=_missing(gaps[:1]))
        return Reference(words, owners[0] if len(owners) == 1 else None, self._candidates(existing), exists=True)

    def _anywhere(self, words: str, paths: list[str]) -> Reference:
        """Return the reference to a provision of no named document: of every one that has it and of which we know it."""
        knowing = self._documents_by_head.get(paths[0].split(".")[0], ())
        readings = [reading for document in knowing for reading in self._readings(document, paths)]
        existing = [one for one in readings if isinstance(one.found, str) and self._sure(one)]
        readings = [one for one in readings if isinstance(one.found, Gap)]
        if existing or not readings:
            return Reference(words, None, self._candidates(existing), exists=True)
        gaps = self._deepest(readings)
        gaps = [one for one in gaps if self._has_siblings(one)] or gaps
        nearest = list({one.document: one for one in reversed(gaps)}.values())[::-1]
        return Reference(words, None, tuple(one.id for one in nearest), exists=False, missing=_missing(nearest))

    def _readings(self, document: str, paths: list[str]) -> Iterator[_Reading]:
        numbering = self._knowledge.numbering.get(document)
        for path in paths:
            yield _Reading(document, path, path if numbering is None else numbering.find(path))

    def _sure(self, reading: _Reading) -> bool:
        """Tell whether a provision exists for sure: by a whole numbering, or because it stands in the knowledge base."""
        numbering = self._knowledge.numbering.get(reading.document)
        return (numbering is not None and numbering.whole) or self._known(reading.id)

    def _candidates(self, existing: list[_Reading]) -> tuple[str, ...]:
        """Return the ids of readings, those in the law as written and known to us best; each followed by its full id."""
        ranked = sorted(existing, key=lambda one: (one.path != one.found, -self._depth(one.id)))
        written: dict[str, str] = {}
        for one in ranked:
            written.setdefault(f"{one.document}.{one.found}", one.id)  # "a" and "point_a" may be one unit
        ids = [identity for found, as_written in written.items() for identity in (as_written, found)]
        return tuple(dict.fromkeys(ids))

    def _deepest(self, readings: list[_Reading]) -> list[_Reading]:
        """Return the readings that go furthest into the law, and leave it among units of their own kind if any does."""
        deepest = max(one.depth for one in readings)
        nearest = [one for one in readings if one.depth == deepest]
        return sorted(nearest, key=lambda one: not self._has_siblings(one))

    def _has_siblings(self, reading: _Reading) -> bool:
        numbering = self._knowledge.numbering.get(reading.document)
        if numbering is None or not isinstance(reading.found, Gap):
            return False
        sought = reading.found.segment
        beside = numbering.beside(reading.found)[:1]
        return [(kind_of(one), _is_figure(one)) for one in beside] == [(kind_of(sought), _is_figure(sought))]

    def _numbers_by(self, document: str, kind: str) -> bool:
        numbering = self._knowledge.numbering.get(document)
        return numbering is None or numbering.numbers_by(kind)

    def _has_points(self, document: str) -> bool:
        """Tell whether a document is numbered by points from its top, as the Commission's guidelines are."""
        return any(provision.startswith(f"{document}.point_") for provision in self._knowledge.provisions)

    def _known(self, identity: str) -> bool:
        return identity in self._knowledge.provisions or identity in self._knowledge.children_of

    def _depth(self, candidate: str) -> int:
        """Return how much of a candidate id stands in the knowledge base, as a count of segments."""
        parts = candidate.split(".")
        return next((end for end in range(len(parts), 1, -1) if self._known(".".join(parts[:end]))), 0)


def _paths(member: Spelled) -> list[str]:
    """Return the ids, below the document, that a spelling may mean."""
    return [".".join([member.head, *combination]) for combination in product(*member.levels)]


def _is_figure(segment: str) -> bool:
    return number_of(segment)[:1].isdigit()


def _missing(readings: list[_Reading]) -> tuple[Missing, ...]:
    found = [(one.document, one.found) for one in readings]
    return tuple(Missing(document, gap.parent, gap.segment) for document, gap in found if isinstance(gap, Gap))


def _nearest(text: str, member: Spelled, mentions: list[Mention]) -> Mention | None:
    """Return the mention a provision belongs to: named right before or after it, else the only or last one before.

    "The same Act" is the one named last before.
    """
    if not mentions:
        return None
    place = bisect_right([one.start for one in mentions], member.start)
    before, after = mentions[max(0, place - 1) : place], mentions[place : place + 1]
    same = _SAME_ACT.search(text, max(0, member.start - 10), member.start) or _OF_SAME_ACT.match(text, member.end)
    if before and same:
        return before[0]

    def gap(mention: Mention) -> int:
        return member.start - mention.end if mention.end <= member.start else mention.start - member.end

    nearest = min([*before, *after], key=gap)
    if gap(nearest) <= _NEAR or len({mention.document for mention in mentions}) == 1:
        return nearest
    return before[0] if before else nearest
