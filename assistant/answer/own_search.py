"""Which passages of the user's documents a question is about: by their clause numbers, by what it asks, document by document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from assistant.answer.understand import Question
from assistant.answer.vocabulary import cues, shows
from assistant.law.cues import folded
from assistant.search.shelf import OwnHit, Shelf
from assistant.search.tokens import normalise, tokens
from assistant.store.documents import StoredDocument
from assistant.texts.clauses import opens
from assistant.types import Language

_MOST = 4
_CANDIDATES = 12  # passages among which the documents to compare, and those that add something, are looked for
_FOREIGN = 3  # passages of a named document in another language, where no words can be compared
_ADDS = {
    Language.EN: 2,
    Language.JA: 4,
}  # words, and in Japanese runs of three characters, that a second passage has beyond the first
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
    return [
        document
        for document in documents
        if any(title in plain for title in _titles(document))
        or any(acronyms & set(_ACRONYM.findall(title.replace("_", " "))) for title in (document.title, document.file))
    ]


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


def _asked(text: str, documents: list[StoredDocument]) -> str:
    """Return a text without the words that only say which document is asked: they stand in every passage or in none."""
    plain = _spaced(normalise(text))
    words = [word for kind in ("own_documents", "own_named", "own_said") for said in cues(kind).values() for word in said]
    titles = [title for document in documents for title in _titles(document)]
    for word in sorted([*titles, *map(folded, words)], key=len, reverse=True):
        plain = re.sub(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), " ", plain)
    return plain if tokens(plain) else text


def _found(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[OwnHit]:
    """Search for each part of a question and, where documents are compared, in each of them."""
    text = _asked(question.text, named)
    if len(compared := _compared(shelf, question, named)) > 1:
        return [hit for document in compared for hit in shelf.search(text, 1, document.id)]
    within = named[0] if len(named) == 1 else None
    foreign = within is not None and within.language != question.language
    best = shelf.search(text, _FOREIGN if foreign else 1, within.id if within else None)
    parts = [part for one in question.parts if len(set(tokens(part := _asked(one, named)))) > 1]
    hits = [*best, *(hit for part in parts for hit in shelf.search(part, 1, within.id if within else None))]
    about = bool(named) or points_to_documents(question.text)
    return [*hits, *_adding(shelf, replace(question, text=text), hits)] if about else hits


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
    """Return what tells that a text says the same: words, in Japanese also runs of three characters, grammar included."""
    plain = normalise(text)
    runs = {plain[n : n + 3] for n in range(len(plain) - 2)} if language is Language.JA else set()
    return runs | set(tokens(text))


def _compared(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[StoredDocument]:
    """Return the documents that a question names or sets against each other; where it does not say which, the nearest two."""
    if len(named) > 1:
        return named
    if not shows("own_compared", normalise(question.text)):
        return []
    text = _asked(question.text, named)
    everything = shelf.documents()
    few = everything if len(everything) <= _CANDIDATES else []
    hits = [*shelf.search(text, _CANDIDATES), *(hit for one in few for hit in shelf.search(text, 1, one.id))]
    found = [hit.document for hit in sorted(hits, key=lambda hit: -hit.score)]
    return list({one.id: one for one in [*named, *found]}.values())[:2]


def _clauses(shelf: Shelf, question: Question, named: list[StoredDocument]) -> list[OwnHit]:
    """Return the clauses that a question names by number, of the document that shares most words with it."""
    numbers = _numbers(normalise(question.text))
    if not numbers or (question.references and not points_to_documents(question.text)):
        return []
    words = set(tokens(question.text))
    best: tuple[int, list[OwnHit]] = (0, [])
    for document in named or shelf.documents():
        passages = shelf.passages(document.id)
        about = len(words & {word for passage in passages for word in tokens(passage.text)})
        chosen = [one for one in passages if numbers & set(_opened(one.text)[:1]) and words & set(tokens(one.text))]
        if chosen and about > best[0]:
            best = about, [OwnHit(document, passage, 1.0) for passage in chosen]
    return best[1]


def _numbers(text: str) -> set[str]:
    return {number for groups in _CLAUSE.findall(text) for number in groups if number}


def _opened(passage: str) -> list[str]:
    """Return the numbers of the clauses that a passage opens, in order."""
    return [opened.number for row in passage.split("\n") if (opened := opens(normalise(row))) and opened.number]


def _distinct(hits: Iterable[OwnHit]) -> list[OwnHit]:
    return list({(hit.document.id, hit.passage.place): hit for hit in hits}.values())


def _titles(document: StoredDocument) -> list[str]:
    """Return title and file name as they are looked for; what is too short names nothing."""
    return [_spaced(normalise(name)) for name in (document.title, Path(document.file).stem) if len(name) > 3]


def _spaced(text: str) -> str:
    return folded(text).replace("_", " ")
