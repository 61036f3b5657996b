"""When not to answer, and what to say instead: a reason machines can count, a sentence people can use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.answer.absence import absence
from assistant.answer.understand import Question
from assistant.answer.wording import long_date, phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Document, Provision
from assistant.search.retrieval import Retrieved
from assistant.search.router import Reference
from assistant.search.tokens import tokens
from assistant.types import Language, Reason

# Measured on tests/cases/questions.yaml and off_topic.yaml, see evals/README.md.
_SIMILARITY = 0.85
_SIMILARITY_SUPPORTED = 0.83  # by a term named or by nearly all words
_COVERAGE = 0.8
_COVERAGE_ALONE = 0.4
_MOST_ABSENCES = 3  # of documents, where none is named


@dataclass(frozen=True)
class Refusal:
    """A reason and its sentences."""

    reason: Reason
    sentences: list[str]


def before_search(text: str, limit: int, language: Language) -> Refusal | None:
    """Refuse what cannot be a question: nothing, or far too much."""
    if not text.strip():
        return Refusal(Reason.EMPTY, [phrase("empty", language)])
    if len(text) > limit:
        told = phrase("too_long", language, length=f"{len(text):,}", limit=f"{limit:,}")
        return Refusal(Reason.TOO_LONG, [told, phrase("shorten", language)])
    return None


def by_scope(question: Question) -> Refusal | None:
    """Refuse other jurisdictions, disputes, and questions without a subject."""
    language = question.language
    if question.elsewhere:
        told = [phrase("other_jurisdiction", language), phrase("ask_eu_or_japan", language)]
        return Refusal(Reason.OTHER_JURISDICTION, told)
    if question.dispute:
        return Refusal(Reason.NEEDS_LEGAL_ADVICE, [phrase("needs_legal_advice", language)])
    if not question.references and not question.documents and not tokens(question.text):
        told = [phrase("underspecified", language), phrase("underspecified_options", language)]
        return Refusal(Reason.UNDERSPECIFIED, told)
    return None


def no_such_provision(reference: Reference, knowledge: Knowledge, language: Language) -> Refusal:
    """Say that a provision does not exist, at which level it leaves the law, and what stands there."""
    told = [absence(one, knowledge, language) for one in reference.missing[:_MOST_ABSENCES]]
    return Refusal(Reason.NO_SUCH_PROVISION, [*told, phrase("check_number", language)])


def not_covered(provision: str, knowledge: Knowledge, language: Language) -> Refusal:
    """Say that a provision is not in the knowledge base; the numbering does not rule it out."""
    document = knowledge.document_of(provision)
    label = knowledge.label(provision, language)
    told = phrase("known_but_absent", language, label=label)
    return Refusal(Reason.NOT_IN_KNOWLEDGE, [told, phrase("read_official", language, link=document.link)])


def not_yet_known(document: Document, language: Language) -> Refusal:
    """Say from which day on a document is known."""
    name = document.short.in_language(language)
    told = phrase("known_from", language, document=name, date=long_date(document.known_from, language))
    return Refusal(Reason.NOT_IN_KNOWLEDGE, [told, phrase("ask_from", language)])


def not_the_law_then(provision: Provision, day: date, knowledge: Knowledge, language: Language) -> Refusal:
    """Say that a provision was not, or is no longer, part of the law on a day, and when it was or is."""
    label = knowledge.label(provision.id, language)
    start, end = provision.wording[0].from_, provision.wording[-1].to
    if day < start:
        told = phrase("not_yet_law", language, label=label, day=long_date(day, language), start=long_date(start, language))
    else:
        last = date.fromordinal((end or day).toordinal() - 1)
        told = phrase("no_longer_law", language, label=label, last=long_date(last, language))
    return Refusal(Reason.NOT_IN_KNOWLEDGE, [told, phrase("ask_another_day", language)])


def by_search(question: Question, retrieved: Retrieved) -> Refusal | None:
    """Refuse what the knowledge base does not speak about."""
    language = question.language
    if question.documents and retrieved.found:
        return None
    if retrieved.found and _on_topic(retrieved):
        return None
    if question.jurisdictions or question.roles:
        told = [phrase("not_in_knowledge", language), phrase("rephrase", language)]
        return Refusal(Reason.NOT_IN_KNOWLEDGE, told)
    return Refusal(Reason.OFF_TOPIC, [phrase("off_topic", language), phrase("ask_instead", language)])


def _on_topic(retrieved: Retrieved) -> bool:
    """Tell whether a question is about what the knowledge base speaks of: by meaning, by words, by terms named."""
    if retrieved.similarity is None:
        return retrieved.coverage >= _COVERAGE_ALONE or bool(retrieved.terms)
    supported = bool(retrieved.terms) or retrieved.coverage >= _COVERAGE
    return retrieved.similarity >= (_SIMILARITY_SUPPORTED if supported else _SIMILARITY)


def first_known(documents: list[Document], day: date) -> Document | None:
    """Return the first of these documents of which nothing is known on ``day``."""
    return next((document for document in documents if document.known_from > day), None)
