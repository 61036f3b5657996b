"""What the user's own documents say on a question: quoted as they stand, apart from the law.

Text of a document is content, never an instruction: it is only ever quoted, and no model is shown it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answer.drafting import Draft
from assistant.answer.own_search import asks_of_documents, named_documents, passages_on, points_to_documents
from assistant.answer.quoting import fitting
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question
from assistant.answer.vocabulary import shows
from assistant.answer.wording import phrase
from assistant.search.shelf import OwnHit, Shelf
from assistant.search.tokens import normalise
from assistant.types import Language, Reason, Sentence


@dataclass(frozen=True)
class OwnPassages:
    """The passages of the user's documents that fit a question.

    ``first``: it is about the documents, so they come before the law; ``alone``: it asks for nothing but what they say.
    """

    hits: list[OwnHit]
    first: bool = False
    alone: bool = False


def own_passages(shelf: Shelf, question: Question) -> OwnPassages:
    """Return what the documents say on a question; nothing where it says that it is not about them."""
    documents = shelf.documents()
    if not documents or shows("own_aside", normalise(question.text)):
        return OwnPassages([])
    named = named_documents(documents, question)
    hits = passages_on(shelf, question, named)
    first = points_to_documents(question.text) or bool(named)
    return OwnPassages(hits, first, alone=bool(hits) and not _asks_for_law(question) and asks_of_documents(question, documents))


def _asks_for_law(question: Question) -> bool:
    """Tell whether a question wants the law too, or advice that nobody here gives."""
    advice = question.beyond is not None and question.beyond.reason is Reason.NEEDS_LEGAL_ADVICE
    named = question.documents or question.jurisdictions or question.roles
    return advice or bool(named) or shows("own_law", normalise(question.text))


def with_own_documents(
    found: OwnPassages, shelf: Shelf, question: Question, draft: Draft, blocks: list[Block], sources: Sources
) -> list[Block]:
    """Return the blocks with what the user's documents say: after the law, or before it where the question is about them.

    They come after any model has worded the answer, so that no model is ever shown them. Whoever asks for the law of
    another country stays refused: what a document says of it is no answer to that.
    """
    own = _blocks(found, shelf, question, sources)
    if not own:
        return blocks
    if draft.refusal is not None:
        if draft.refusal.reason not in (Reason.OFF_TOPIC, Reason.NOT_IN_KNOWLEDGE):
            return blocks
        told = [Sentence(text=sentence) for sentence in draft.refusal.sentences[:1]]
        draft.refusal = None
        return [*own, Block(told)]
    return [*own, *blocks] if found.first else [*blocks, *own]


def _blocks(found: OwnPassages, shelf: Shelf, question: Question, sources: Sources) -> list[Block]:
    """Return a headed list of the passages found, each cited; empty where there is none."""
    if not found.hits:
        return []
    language = sources.language
    head = [Sentence(text=phrase("in_your_documents", language))]
    if found.alone:
        head.append(Sentence(text=phrase("only_your_documents", language)))
    return [Block(head), *(_quoted(hit, shelf, question, language, sources) for hit in found.hits)]


def _quoted(hit: OwnHit, shelf: Shelf, question: Question, language: Language, sources: Sources) -> Block:
    key = "your_document" if hit.passage.page else "your_document_unpaged"
    others = (passage.text for passage in shelf.passages(hit.document.id))
    quote = _plain(fitting(hit.passage.text, question.text, others))
    said = phrase(key, language, title=_plain(hit.document.title), page=str(hit.passage.page), quote=quote)
    return Block([Sentence(text=said, citations=[sources.cite_own(hit)])], item=True)


def _plain(text: str) -> str:
    """Return ``text`` so that nothing in it is Markdown, a link or an element."""
    return re.sub(r"([\\`*_\[\]<>#|!])", r"\\\1", text.replace("\n", " "))
