"""What an answer rests on: the provisions a question names, or those that search finds, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.answer import refusals
from assistant.answer.compose import Composer
from assistant.answer.confidence import in_words, probability
from assistant.answer.conversation import Judge
from assistant.answer.evidence import Gatherer
from assistant.answer.premises import corrected, wrong_premise
from assistant.answer.refusals import Refusal
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question
from assistant.answer.wording import long_date, phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Provision
from assistant.search.retrieval import Retrieved, Retriever
from assistant.search.router import Reference
from assistant.search.tokens import tokens
from assistant.types import Confidence, Language

_MOST_REFERENCES = 3
_BEYOND_NAMES = {Language.EN: 9, Language.JA: 16}  # index terms of a question; Japanese ones are pairs of signs
# Measured on the follow-ups in tests/cases/conversations.yaml against tests/cases/off_topic.yaml; refusals.py asks for more.
_TOUCHING = 0.8
_TOUCHING_ALONE = 0.84
_TOUCHING_COVERAGE = 0.25


@dataclass
class Draft:
    """An answer in the making; one that is ``ruled`` says what rules decided about the user's system, and no model words it."""

    blocks: list[Block] = field(default_factory=list)
    refusal: Refusal | None = None
    understood: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    retrieved: Retrieved | None = None
    ruled: bool = False
    likely: float | None = None
    way: Literal["search", "named", "premise", "system"] = "search"


class Drafter:
    """Drafts answers over one knowledge base."""

    def __init__(self, knowledge: Knowledge, retriever: Retriever) -> None:
        self.knowledge = knowledge
        self._retriever = retriever
        self.gatherer = Gatherer(knowledge, retriever)

    def draft(self, question: Question, day: date, sources: Sources, *, more: bool = False) -> Draft:
        """Refuse early, or compose from what is named or found; ``more`` says all of it."""
        draft = Draft(refusal=refusals.by_scope(question))
        if question.day is not None:
            draft.understood.append(phrase("understood_date", question.language, date=long_date(day, question.language)))
        if draft.refusal is None:
            composer = Composer(self.knowledge, question, day, sources, more=more)
            real = all(reference.exists for reference in question.references)
            if real and (premise := wrong_premise(question, day, self.knowledge)):
                draft.blocks, draft.way, draft.likely = corrected(premise, question, sources, composer), "premise", 1.0
            elif lacking := refusals.without_subject(question, self.knowledge):
                draft.refusal = lacking
            elif question.references:
                self._from_references(draft, question, day, composer)
            else:
                self._from_search(draft, question, day, composer)
        return draft

    def judge(self, day: date, stands: Callable[[Question], bool] | None) -> Judge:
        """Return what reading a conversation must know of questions; ``stands`` tells those that depend on none before."""
        return Judge(
            speaks_of=lambda question: self._speaks_of(question, day),
            touches=lambda question: self._touches(question, day),
            stands=stands or (lambda _: False),
        )

    def _speaks_of(self, question: Question, day: date) -> bool:
        """Tell whether a question is about what the knowledge base covers, so that others can follow on it."""
        if refusals.by_scope(question) is not None:
            return False
        return bool(question.references) or refusals.by_search(question, self.gatherer.retrieve(question, day)) is None

    def _touches(self, question: Question, day: date) -> bool:
        """Tell whether a fragment may be about the domain: what is about something else entirely follows on nothing."""
        retrieved = self.gatherer.retrieve(question, day)
        shares = retrieved.coverage >= _TOUCHING_COVERAGE
        if retrieved.similarity is None:
            return shares
        return retrieved.similarity >= _TOUCHING_ALONE or (shares and retrieved.similarity >= _TOUCHING)

    def entries(self, reference: Reference) -> list[Provision]:
        """Return the entry a reference means: itself, or the nearest entry above it."""
        for candidate in reference.candidates:
            if entry := self.knowledge.provisions.get(candidate):
                return [entry]
        entry = self.knowledge.resolve(reference.candidates[0]) if reference.candidates and reference.exists else None
        return [entry] if entry else []

    def _from_references(self, draft: Draft, question: Question, day: date, composer: Composer) -> None:
        wrong = next((one for one in question.references if not one.exists), None)
        if wrong is not None:
            draft.refusal = refusals.no_such_provision(wrong, self.knowledge, question.language)
            return
        for reference in question.references[:_MOST_REFERENCES]:
            named = reference.document is not None
            reference = self._settled(reference, question, day)
            if not reference.candidates:
                continue
            if self._refused_by_date(draft, question, reference, day):
                return
            entries = self.entries(reference)
            if not named:
                asked = self.knowledge.label(reference.candidates[0], question.language)
                draft.understood.append(phrase("understood_reference", question.language, label=asked))
            exact = bool(entries) and entries[0].id in reference.candidates
            parts = [] if exact else self.knowledge.entries_below(reference.candidates[0])
            if entries and not parts and entries[0].wording_on(day) is None:
                draft.refusal = refusals.not_the_law_then(entries[0], day, self.knowledge, question.language)
            elif entries and not parts:
                draft.blocks += composer.named(entries)
                self._warn_if_nearest(draft, question, reference, entries[0])
            elif parts:
                costs = composer.penalties_of(parts) if question.kind == "penalty" else []
                draft.blocks += costs or composer.parts(reference.candidates[0], parts)
            else:
                draft.refusal = refusals.not_covered(reference.candidates[0], self.knowledge, question.language)
        if draft.blocks:
            draft.refusal, draft.way = None, "named"
            draft.blocks += self._beside(question, day, composer)
        elif draft.refusal is None:
            self._from_search(draft, question, day, composer)

    def _from_search(self, draft: Draft, question: Question, day: date, composer: Composer) -> None:
        prefer = [self.knowledge.documents[document] for document in question.documents]
        if unknown := refusals.first_known(prefer, day):
            draft.refusal = refusals.not_yet_known(unknown, question.language)
            return
        draft.retrieved = self.gatherer.retrieve(question, day)
        draft.likely = probability(draft.retrieved)
        draft.refusal = refusals.by_search(question, draft.retrieved)
        if draft.refusal is None:
            sure = in_words(draft.likely) is Confidence.HIGH
            if question.side and not sure:
                side = phrase(f"side_{question.side}", question.language)
                draft.warnings.append(phrase("side_unsure", question.language, side=side))
            draft.blocks = composer.found(self.gatherer.groups(question, day, draft.retrieved), sure=sure)

    def _beside(self, question: Question, day: date, composer: Composer) -> list[Block]:
        """Return what a question asks beyond the provisions that it names, where it says enough for that."""
        if len(tokens(question.text)) < _BEYOND_NAMES[question.language]:
            return []
        named = [entry.id for reference in question.references for entry in self.entries(reference)]
        return composer.points([one.provision for one in self.gatherer.beside(question, day, named)])

    def _settled(self, reference: Reference, question: Question, day: date) -> Reference:
        """Decide which document is meant where the question names none: the one whose text fits it best."""
        owners = {self.knowledge.document_of(candidate).id for candidate in reference.candidates}
        if len(owners) < 2:
            return reference
        within = [p for p in self.knowledge.provisions if self.knowledge.document_of(p).id in owners]
        found = self._retriever.retrieve(question.text, day, 1, wish=question.wish, within=within).found
        chosen = self.knowledge.document_of(found[0].provision).id if found else sorted(owners)[0]
        kept = tuple(one for one in reference.candidates if self.knowledge.document_of(one).id == chosen)
        return Reference(reference.text, chosen, kept, reference.exists)

    def _refused_by_date(self, draft: Draft, question: Question, reference: Reference, day: date) -> bool:
        document = self.knowledge.document_of(reference.candidates[0])
        if unknown := refusals.first_known([document], day):
            draft.refusal = refusals.not_yet_known(unknown, question.language)
        return draft.refusal is not None

    def _warn_if_nearest(self, draft: Draft, question: Question, reference: Reference, shown: Provision) -> None:
        if shown.id in reference.candidates:
            return
        labels = (self.knowledge.label(one, question.language) for one in (reference.candidates[0], shown.id))
        draft.warnings.append(phrase("nearest_shown", question.language, asked=next(labels), shown=next(labels)))
