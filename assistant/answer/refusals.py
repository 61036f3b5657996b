"""When not to answer, and what to say instead: a reason machines can count, a sentence people can use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from assistant.answer.absence import absence
from assistant.answer.confidence import calibration, probability
from assistant.answer.elsewhere import Elsewhere
from assistant.answer.scope import Subject
from assistant.answer.underspecified import ask_back
from assistant.answer.understand import Question
from assistant.answer.vocabulary import shows
from assistant.answer.wording import long_date, phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Document, Provision
from assistant.search.retrieval import Retrieved
from assistant.search.router import Reference
from assistant.search.tokens import normalise
from assistant.types import Language, Reason

# Where no vectors are available; with vectors the calibrated confidence decides.
_COVERAGE_ALONE = 0.4
_MOST_ABSENCES = 3  # of documents, where none is named


@dataclass(frozen=True)
class Refusal:
    """A reason, its sentences, and full questions that can be asked instead."""

    reason: Reason
    sentences: list[str]
    options: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The refusal as Markdown: its sentences, the options as a list."""
        return "\n\n".join([" ".join(self.sentences), *(f"- {option}" for option in self.options)])


def before_search(text: str, limit: int, language: Language) -> Refusal | None:
    """Refuse what cannot be a question: nothing, or far too much."""
    if not text.strip():
        return Refusal(Reason.EMPTY, [phrase("empty", language)])
    if len(text) > limit:
        told = phrase("too_long", language, length=f"{len(text):,}", limit=f"{limit:,}")
        return Refusal(Reason.TOO_LONG, [told, phrase("shorten", language)])
    return None


def by_scope(question: Question) -> Refusal | None:
    """Refuse other jurisdictions, disputes and other subjects, and what was nothing but an instruction."""
    language = question.language
    if question.beyond and question.beyond.reason is not Reason.NOT_IN_KNOWLEDGE:
        return _beyond(question.beyond, language)
    if question.elsewhere:
        return _elsewhere(question.elsewhere, language)
    if question.beyond:
        return _beyond(question.beyond, language)
    if not question.text and not question.own_documents:
        return _off_topic(language)
    return None


def without_subject(question: Question, knowledge: Knowledge) -> Refusal | None:
    """Ask back where a question lacks its subject."""
    asked = ask_back(question, knowledge)
    if asked is None:
        return None
    told = phrase("underspecified", question.language, question=asked.question)
    return Refusal(Reason.UNDERSPECIFIED, [told], asked.options)


def _elsewhere(found: Elsewhere, language: Language) -> Refusal:
    told = [phrase("other_jurisdiction", language, place=found.place.name.in_language(language))]
    told.append(phrase(f"nearest_{found.subject}" if found.subject else "ask_eu_or_japan", language))
    return Refusal(Reason.OTHER_JURISDICTION, told)


def _beyond(subject: Subject, language: Language) -> Refusal:
    if subject.reason is Reason.NEEDS_LEGAL_ADVICE:
        return Refusal(subject.reason, [phrase("needs_legal_advice", language)])
    if subject.reason is Reason.OFF_TOPIC:
        return _off_topic(language)
    told = [phrase("not_covered_subject", language, name=subject.name.in_language(language)), phrase("rephrase", language)]
    return Refusal(subject.reason, told)


def _off_topic(language: Language) -> Refusal:
    return Refusal(Reason.OFF_TOPIC, [phrase("off_topic", language), phrase("ask_instead", language)])


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
    if question.roles or question.side or (question.jurisdictions and shows("law_words", normalise(question.text))):
        told = [phrase("not_in_knowledge", language), phrase("rephrase", language)]
        return Refusal(Reason.NOT_IN_KNOWLEDGE, told)
    return _off_topic(language)


def _on_topic(retrieved: Retrieved) -> bool:
    """Tell whether what was found is likely enough about the question; without vectors, whether words or terms speak for it."""
    likely = probability(retrieved)
    if likely is None:
        return retrieved.coverage >= _COVERAGE_ALONE or bool(retrieved.terms)
    return likely >= calibration().answer_from


def first_known(documents: list[Document], day: date) -> Document | None:
    """Return the first of these documents of which nothing is known on ``day``."""
    return next((document for document in documents if document.known_from > day), None)
