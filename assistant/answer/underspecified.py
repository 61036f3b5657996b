"""Questions that lack their subject: one question is asked back, with options that can be asked as they stand.

A question lacks it where nothing is left once the words that only ask are taken away, and it names no document, place or role.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer.understand import Question
from assistant.law.base import Entry
from assistant.law.cues import folded, stands_in
from assistant.law.knowledge import Knowledge
from assistant.law.reading import read_entries
from assistant.law.schema import Text
from assistant.search.tokens import normalise, tokens
from assistant.types import Language

_HERE = Path(__file__).resolve().parent
_MOST_OPTIONS = 5
_JAPANESE = re.compile(r"[\u3005-\u3007\u30a1-\u30fa\u30fc\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z0-9][a-z0-9' ]*")
_NUMBER = re.compile(r"\d+[a-z]{0,2}|[ivx]+|[a-z]")


class _Asking(Entry):
    en: str
    ja: str


class UnderspecifiedFile(Entry):
    """``underspecified.yaml``."""

    asking: _Asking
    ask: dict[str, Text]
    options: dict[str, list[Text]]
    of_document: dict[str, Text]


@dataclass(frozen=True)
class AskBack:
    """The question to ask back, and full questions to choose from."""

    question: str
    options: list[str]


def ask_back(question: Question, knowledge: Knowledge) -> AskBack | None:
    """Return what to ask back where a question lacks its subject."""
    if question.documents or question.jurisdictions or question.roles or question.own_documents:
        return None
    defining = question.kind == "definition"
    if has_subject(question.text, definition=defining) or (defining and _names_term(question.text, knowledge)):
        return None
    documents = _documents_meant(question, knowledge)
    if question.references and len(documents) < 2:
        return None
    language, file = question.language, _file()
    kind = (
        "provision" if question.references else question.kind if question.kind in ("penalty", "date", "definition") else "other"
    )
    if kind == "provision":
        form = file.of_document["provision"].in_language(language)
        options = [form.format(label=knowledge.label(one, language)) for one in documents.values()]
    elif kind == "penalty":
        form = file.of_document["penalty"].in_language(language)
        options = [form.format(document=name) for name in _with_penalties(knowledge, language)]
    else:
        options = [option.in_language(language) for option in file.options[kind]]
    return AskBack(file.ask[kind].in_language(language), options[:_MOST_OPTIONS])


def has_subject(text: str, *, definition: bool = False) -> bool:
    """Tell whether a text has a word that is more than asking; ``definition``: "AI" alone is then a subject."""
    plain = folded(normalise(text))
    if definition and re.search(r"(?<![a-z])ai(?![a-z])", plain):
        return True
    words = [token for piece in _LATIN.findall(plain) for token in tokens(piece)]
    if any(token not in _asking_words() and not _NUMBER.fullmatch(token) for token in words):
        return True
    for phrase in _asking_phrases():
        plain = plain.replace(phrase, " ")
    return bool(_JAPANESE.search(plain))


def _names_term(text: str, knowledge: Knowledge) -> bool:
    plain = folded(normalise(text))
    return any(stands_in(name, plain) for term in knowledge.terms.values() for name in (term.term.en, term.term.ja))


def _documents_meant(question: Question, knowledge: Knowledge) -> dict[str, str]:
    """Return the provision that the first reference may mean, by document, those with binding law first as in the catalogue."""
    found: dict[str, str] = {}
    for reference in question.references[:1]:
        for candidate in reference.candidates:
            found.setdefault(knowledge.document_of(candidate).id, candidate)
    return {document: found[document] for document in knowledge.documents if document in found}


def _with_penalties(knowledge: Knowledge, language: Language) -> list[str]:
    """Return the documents under whose own provisions breaches are punished, those with most duties first."""
    duties: dict[str, int] = {}
    for duty in knowledge.obligations.values():
        for document in {knowledge.document_of(provision).id for provision in duty.sanction.provisions}:
            duties[document] = duties.get(document, 0) + 1
    ordered = sorted(duties, key=lambda document: -duties[document])
    return [knowledge.documents[document].short.in_language(language) for document in ordered]


@cache
def _asking_words() -> frozenset[str]:
    return frozenset(tokens(_file().asking.en))


@cache
def _asking_phrases() -> list[str]:
    phrases = {folded(normalise(phrase)) for phrase in _file().asking.ja.split()}
    return sorted(phrases, key=lambda phrase: (-len(phrase), phrase))


@cache
def _file() -> UnderspecifiedFile:
    return read_entries(_HERE / "underspecified.yaml", UnderspecifiedFile, _HERE)
