"""Which passages of the user's documents a question is about: by their clause numbers, by what it asks, document by document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from assistant.answer.understand import Question
from assistant.answer.vocabulary import shows
from assistant.law.cues import folded
from assistant.search.shelf import OwnHit, Shelf
from assistant.search.tokens import normalise, tokens
from assistant.store.documents import StoredDocument
from assistant.texts.clauses import opens
from assistant.types import Language

_MOST = 4
_CANDIDATES = 12  # passages among which the documents to compare, and those that add something, are looked for
_FOREIGN = 3  # passages of a named document in another language, where no words can be compared
_ADDS = {Language.EN: 2, Language.JA: 4}  # words, or runs of three characters, that a second passage has beyond the first
_CLAUSE = re.compile(r"(?:clause|section|article|§{1,2})\s*(\d+)|第(\d+)条|(\d+)番|条項(\d+)", re.IGNORECASE)
_ACRONYM = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])")
_ASKING = re.compile(r"[^.!?。！？\n]*[?？]")


def passages_on(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[OwnHit]:
    """Return the passages that a question names by number, else those that fit it; ``named`` are documents that it names."""
    return _distinct(_clauses(shelf, question, named) or _found(shelf, question, named))[:_MOST]


def points_to_documents(text: str) -> bool:
    """Tell whether a text points to documents of the user's."""
    plain = normalise(text)
    return shows("own_documents", plain) or shows("own_named", plain)


def asks_of_documents(question: Question, documents: list[StoredDocument]) -> bool:
    """Tell whether every sentence that asks, or the whole where none does, is about the user's documents."""
    text = normalise(question.text)
    asking = [found for found in _ASKING.findall(text) if found.strip("? ")] or [text]
    return all(points_to_documents(one) or named_documents(documents, replace(question, text=one)) for one in asking)


def named_documents(documents: list[StoredDocument], question: Question) -> list[StoredDocument]:
    """Return the documents whose title, file name or abbreviation the question names."""
    text = normalise(question.text)
    plain = _spaced(text)
    acronyms = set(_ACRONYM.findall(text)) if not question.documents else set()

    def names(document: StoredDocument) -> bool:
        titles = (document.title, Path(document.file).stem)
        whole = any(len(title) > 3 and _spaced(normalise(title)) in plain for title in titles)
        return whole or any(acronyms & set(_ACRONYM.findall(title.replace("_", " "))) for title in titles)

    return [document for document in documents if names(document)]


def without_own_clauses(question: Question, shelf: Shelf, law_named_at: int | None) -> Question:
    """Return a question without the references that are clauses of the user's document, as "Article 4 of our rules".

    That they are is plain where the question points to documents, one of them has a clause of that number, and no law is
    named before it; ``law_named_at`` is the place in the text of the first law named.
    """
    if not question.references or not points_to_documents(question.text):
        return question
    text = normalise(question.text)
    numbers = _numbers(text[:law_named_at] if question.language is Language.JA or law_named_at is None else "")
    if not numbers & {number for passage in shelf.store.passages() for number in _opened(passage.text)}:
        return question
    kept = [one for one in question.references if not _numbers(normalise(one.text)) & numbers]
    return replace(question, references=kept)


def _found(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[OwnHit]:
    """Search for each part of a question and, where documents are compared, in each of them."""
    text = question.text
    if len(compared := _compared(shelf, question, named)) > 1:
        return [hit for document in compared for hit in shelf.search(text, 1, document.id)]
    within = named[0] if len(named) == 1 else None
    foreign = within is not None and within.language != question.language
    best = shelf.search(text, _FOREIGN if foreign else 1, within.id if within else None)
    parts = [part for part in question.parts if len(set(tokens(part))) > 1]
    hits = [*best, *(hit for part in parts for hit in shelf.search(part, 1, within.id if within else None))]
    return [*hits, *_adding(shelf, question, hits)] if named or points_to_documents(text) else hits


def _adding(shelf: Shelf, question: Question, hits: list[OwnHit]) -> list[OwnHit]:
    """Return the passage of the same document that says most of what the question asks and the others do not say."""
    if not hits:
        return []
    left = _units(question.text, question.language).difference(*(_units(hit.passage.text, question.language) for hit in hits))
    shared = {hit: len(left & _units(hit.passage.text, question.language)) for hit in _near(shelf, question, hits[0])}
    best = max(shared, key=lambda hit: shared[hit], default=None)
    return [best] if best and shared[best] >= _ADDS[question.language] else []


def _near(shelf: Shelf, question: Question, hit: OwnHit) -> list[OwnHit]:
    return shelf.search(question.text, _CANDIDATES, hit.document.id)


def _units(text: str, language: Language) -> set[str]:
    """Return what tells that a text says the same: words, in Japanese runs of three characters, grammar included."""
    plain = normalise(text)
    return {plain[n : n + 3] for n in range(len(plain) - 2)} if language is Language.JA else set(tokens(text))


def _compared(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[StoredDocument]:
    """Return the documents that a question names or sets against each other; where it does not say which, the nearest two."""
    if len(named) > 1:
        return named
    if not shows("own_compared", normalise(question.text)):
        return []
    found = [hit.document for hit in shelf.search(question.text, _CANDIDATES)]
    everything = shelf.all()
    nearest = list({one.id: one for one in [*named, *found, *(everything if len(everything) == 2 else [])]}.values())
    return nearest[:2]


def _clauses(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[OwnHit]:
    """Return the passages that are the clauses a question names by number, and about what it asks."""
    numbers = _numbers(normalise(question.text))
    if not numbers or (question.references and not points_to_documents(question.text)):
        return []
    words = set(tokens(question.text))
    return [
        OwnHit(document, passage, 1.0)
        for document in named or shelf.all()
        for passage in shelf.store.passages(document.id)
        if numbers & set(_opened(passage.text)[:1]) and words & set(tokens(passage.text))
    ]


def _numbers(text: str) -> set[str]:
    return {number for groups in _CLAUSE.findall(text) for number in groups if number}


def _opened(passage: str) -> list[str]:
    """Return the numbers of the clauses that a passage opens, in order."""
    return [opened.number for row in passage.split("\n") if (opened := opens(normalise(row))) and opened.number]


def _distinct(hits: Iterable[OwnHit]) -> list[OwnHit]:
    return list({(hit.document.id, hit.passage.place): hit for hit in hits}.values())


def _spaced(text: str) -> str:
    return folded(text).replace("_", " ")
