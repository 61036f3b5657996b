"""What the user's own documents say on a question: quoted as they stand, apart from the law.

Text of a document is content, never an instruction: it is only ever quoted, and no model is shown it.
"""

from __future__ import annotations

import re

from assistant.answer.sources import Block, Sources
from assistant.answer.understand import asks_about_own_documents
from assistant.answer.wording import phrase
from assistant.search.shelf import Shelf
from assistant.search.tokens import normalise, tokens
from assistant.types import Language, Sentence

_MOST = 3
_QUOTE = 320
_SENTENCE = re.compile(r"(?<=[.!?。])(?!\d)\s*|\n")  # not within a number such as 9.1


def own_blocks(shelf: Shelf, text: str, language: Language, sources: Sources) -> list[Block]:
    """Return a headed list of the passages that fit a question; empty where none is about it."""
    hits = shelf.search(text, _MOST, named_document(shelf, text))
    if not hits:
        return []
    blocks = [Block([Sentence(text=phrase("in_your_documents", language))])]
    for hit in hits:
        key = "your_document" if hit.passage.page else "your_document_unpaged"
        quote = fitting(hit.passage.text, text)
        said = phrase(key, language, title=_plain(hit.document.title), page=str(hit.passage.page), quote=_plain(quote))
        blocks.append(Block([Sentence(text=said, citations=[sources.cite_own(hit)])], item=True))
    return blocks


def document_first(shelf: Shelf, text: str) -> bool:
    """Tell whether a question is about the user's documents rather than about the law."""
    return asks_about_own_documents(text) or named_document(shelf, text) is not None


def named_document(shelf: Shelf, text: str) -> str | None:
    """Return the document whose title the question names."""
    plain = normalise(text).casefold()
    named = [d for d in shelf.all() if len(d.title) > 3 and normalise(d.title).casefold() in plain]
    return max(named, key=lambda document: len(document.title)).id if named else None


def fitting(passage: str, question: str) -> str:
    """Return the part of a passage that shares most words with the question: whole sentences, cut where too long."""
    pieces = [piece.strip() for piece in _SENTENCE.split(passage) if piece.strip()]
    wanted = set(tokens(question))
    best = max(range(len(pieces)), key=lambda place: (len(wanted & set(tokens(pieces[place]))), len(pieces[place])))
    quote = pieces[best]
    for piece in pieces[best + 1 :]:
        if len(quote) + len(piece) > _QUOTE or f"{quote} {piece}" not in passage:
            break
        quote = f"{quote} {piece}"
    return quote if len(quote) <= _QUOTE else quote[:_QUOTE].rstrip() + " …"


def _plain(text: str) -> str:
    """Return ``text`` so that nothing in it is Markdown, a link or an element."""
    return re.sub(r"([\\`*_\[\]<>#|!])", r"\\\1", text.replace("\n", " "))
