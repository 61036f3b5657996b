"""From a question to a checked answer: understand, route, retrieve, compose, verify."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.answer import refusals
from assistant.answer.compose import Composer
from assistant.answer.refusals import Refusal
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question, understand
from assistant.answer.verify import Verifier
from assistant.answer.wording import long_date, phrase
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.law.schema import Provision
from assistant.search.open import open_retriever
from assistant.search.retrieval import Found, Retrieved, Retriever
from assistant.search.router import Reference, Router
from assistant.search.tokens import language_of
from assistant.settings import Settings, make_data_dir
from assistant.types import Answer, Language, Reason, SearchHit
from assistant.version import __version__

Progress = Callable[[int, int], None]
_RETRIEVED = 12
_MOST_REFERENCES = 3


@dataclass
class _Draft:
    """An answer in the making."""

    blocks: list[Block] = field(default_factory=list)
    refusal: Refusal | None = None
    understood: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    retrieved: Retrieved | None = None


class Assistant:
    """Answers questions and searches, over one knowledge base and one open index."""

    def __init__(
        self, knowledge: Knowledge, retriever: Retriever, settings: Settings, today: Callable[[], date] = date.today
    ) -> None:
        self.knowledge = knowledge
        self._retriever = retriever
        self._router = Router(knowledge)
        self._settings = settings
        self._today = today

    @classmethod
    def open(cls, settings: Settings, progress: Progress | None = None, *, rebuild: bool = False) -> Assistant:
        """Load the knowledge base and open the index, building what is missing.

        Raises:
            AssistantError: the knowledge base is faulty, or the data folder cannot be used.
        """
        make_data_dir(settings)
        knowledge = load_knowledge(settings.knowledge_dir)
        return cls(knowledge, open_retriever(knowledge, settings, progress, rebuild=rebuild), settings)

    @property
    def has_vectors(self) -> bool:
        """Tell whether questions are matched by meaning as well as by words."""
        return self._retriever.vectors is not None

    @property
    def checked_on(self) -> date:
        """The day on which the knowledge base was last checked."""
        return max(document.checked_on for document in self.knowledge.documents.values())

    def stale_warning(self, language: Language) -> str | None:
        """Return a warning where the knowledge base was last checked too long ago."""
        if (self._today() - self.checked_on).days <= self._settings.stale_after_days:
            return None
        return phrase("stale", language, date=long_date(self.checked_on, language))

    def search(self, query: str, k: int = 10, language: Language | None = None) -> list[SearchHit]:
        """Return the ``k`` provisions that fit ``query`` best, those it names first."""
        chosen = language or self._settings.language or language_of(query)
        named = [entry.id for reference in self._router.references(query) for entry in self._entries(reference)]
        retrieved = self._retriever.retrieve(query, self._today(), k)
        rest = [found for found in retrieved.found if found.provision not in named]
        best = retrieved.found[0].score if retrieved.found else 0.0
        top = [Found(provision, best + 1.0, {"named": 1}) for provision in named]
        return [self._hit(found, chosen) for found in [*top, *rest][:k]]

    def ask(self, text: str, language: Language | None = None, as_of: date | None = None) -> Answer:
        """Answer one question; a refusal is an answer too."""
        started = time.perf_counter()
        chosen = language or self._settings.language
        draft, question = _Draft(), None
        draft.refusal = refusals.before_search(text, self._settings.max_question_chars, chosen or language_of(text[:1000]))
        if draft.refusal is None:
            question = understand(text, self.knowledge, self._router, chosen)
        said_in = question.language if question else chosen or language_of(text[:1000])
        day = (question.day if question else None) or as_of or self._today()
        sources = Sources(self.knowledge, said_in, day)
        if question is not None:
            self._draft(draft, question, day, sources)
        return self._finish(draft, question, said_in, day, sources, started)

    def _draft(self, draft: _Draft, question: Question, day: date, sources: Sources) -> None:
        """Fill the draft: refuse early, or compose from what is named or found."""
        if question.day is not None:
            draft.understood.append(phrase("understood_date", question.language, date=long_date(day, question.language)))
        draft.refusal = refusals.by_scope(question)
        if draft.refusal is not None:
            return
        composer = Composer(self.knowledge, question, day, sources)
        if question.references:
            self._from_references(draft, question, day, composer)
        else:
            self._from_search(draft, question, day, composer)

    def _from_references(self, draft: _Draft, question: Question, day: date, composer: Composer) -> None:
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
            entries = self._entries(reference)
            if not named:
                asked = self.knowledge.label(reference.candidates[0], question.language)
                draft.understood.append(phrase("understood_reference", question.language, label=asked))
            exact = bool(entries) and entries[0].id in reference.candidates
            parts = [] if exact else self.knowledge.entries_below(reference.candidates[0])
            if entries and not parts:
                draft.blocks += composer.named(entries)
                self._warn_if_nearest(draft, question, reference, entries[0])
            elif parts:
                draft.blocks += composer.parts(reference.candidates[0], parts)
            else:
                draft.refusal = refusals.not_covered(reference.candidates[0], self.knowledge, question.language)
        if draft.blocks:
            draft.refusal = None
        elif draft.refusal is None:
            self._from_search(draft, question, day, composer)

    def _from_search(self, draft: _Draft, question: Question, day: date, composer: Composer) -> None:
        prefer = [self.knowledge.documents[document] for document in question.documents]
        if unknown := refusals.first_known(prefer, day):
            draft.refusal = refusals.not_yet_known(unknown, question.language)
            return
        draft.retrieved = self._retriever.retrieve(
            question.text, day, _RETRIEVED, prefer=question.jurisdictions, documents=question.documents
        )
        draft.refusal = refusals.by_search(question, draft.retrieved)
        if draft.refusal is None:
            draft.blocks = composer.found(draft.retrieved.found)

    def _settled(self, reference: Reference, question: Question, day: date) -> Reference:
        """Decide which document is meant where the question names none: the one whose text fits it best."""
        owners = {self.knowledge.document_of(candidate).id for candidate in reference.candidates}
        if len(owners) < 2:
            return reference
        within = [p for p in self.knowledge.provisions if self.knowledge.document_of(p).id in owners]
        found = self._retriever.retrieve(question.text, day, 1, prefer=question.jurisdictions, within=within).found
        chosen = self.knowledge.document_of(found[0].provision).id if found else sorted(owners)[0]
        kept = tuple(one for one in reference.candidates if self.knowledge.document_of(one).id == chosen)
        return Reference(reference.text, chosen, kept, reference.exists)

    def _refused_by_date(self, draft: _Draft, question: Question, reference: Reference, day: date) -> bool:
        document = self.knowledge.document_of(reference.candidates[0])
        if unknown := refusals.first_known([document], day):
            draft.refusal = refusals.not_yet_known(unknown, question.language)
        return draft.refusal is not None

    def _entries(self, reference: Reference) -> list[Provision]:
        """Return the entry a reference means: itself, or the nearest entry above it."""
        for candidate in reference.candidates:
            if entry := self.knowledge.provisions.get(candidate):
                return [entry]
        entry = self.knowledge.resolve(reference.candidates[0]) if reference.candidates and reference.exists else None
        return [entry] if entry else []

    def _warn_if_nearest(self, draft: _Draft, question: Question, reference: Reference, shown: Provision) -> None:
        if shown.id in reference.candidates:
            return
        labels = (self.knowledge.label(one, question.language) for one in (reference.candidates[0], shown.id))
        draft.warnings.append(phrase("nearest_shown", question.language, asked=next(labels), shown=next(labels)))

    def _finish(
        self, draft: _Draft, question: Question | None, language: Language, day: date, sources: Sources, started: float
    ) -> Answer:
        """Check every sentence, number the citations that remain, and record how the answer came about."""
        if draft.refusal is not None:
            draft.blocks = []
        blocks, removed = Verifier(self.knowledge, language, sources.provision_of).check(draft.blocks)
        warnings = [*draft.warnings, *[phrase("removed", language)] * len(removed)]
        if not blocks and draft.refusal is None:
            told = [phrase("not_in_knowledge", language), phrase("rephrase", language)]
            draft.refusal = Refusal(Reason.NOT_IN_KNOWLEDGE, told)
        blocks, citations = sources.renumbered(blocks)
        warnings += self._warnings(language)
        return Answer(
            answer=render(blocks, language) if draft.refusal is None else " ".join(draft.refusal.sentences),
            language=language,
            refused=draft.refusal is not None,
            reason=draft.refusal.reason if draft.refusal else None,
            as_of=day,
            understood_as=" ".join(draft.understood) or None,
            sentences=[sentence for block in blocks for sentence in block.sentences],
            citations=citations,
            warnings=warnings,
            trace=self._trace(draft, question, [sentence.text for sentence in removed], started),
        )

    def _warnings(self, language: Language) -> list[str]:
        found = [warning] if (warning := self.stale_warning(language)) else []
        if self._retriever.vectors is None and self._settings.embedding != "none":
            found.append(phrase("words_only", language))
        return found

    def _trace(self, draft: _Draft, question: Question | None, removed: list[str], started: float) -> dict[str, Any]:
        retrieved = draft.retrieved
        return {
            "version": __version__,
            "knowledge": self.knowledge.version,
            "embedding": self._settings.embedding if self._retriever.vectors else None,
            "model": None,
            "kind": question.kind if question else None,
            "references": [list(one.candidates[:1]) for one in question.references] if question else [],
            "retrieved": [found.__dict__ for found in retrieved.found] if retrieved else [],
            "coverage": round(retrieved.coverage, 3) if retrieved else None,
            "similarity": round(retrieved.similarity, 3) if retrieved and retrieved.similarity else None,
            "removed": removed,
            "milliseconds": round((time.perf_counter() - started) * 1000, 1),
        }

    def _hit(self, found: Found, language: Language) -> SearchHit:
        entry = self.knowledge.provisions[found.provision]
        document = self.knowledge.document_of(entry.id)
        wording = entry.wording_on(self._today()) or entry.wording[-1]
        return SearchHit(
            provision=entry.id,
            document=document.id,
            label=self.knowledge.label(entry.id, language),
            heading=entry.heading.in_language(language),
            summary=wording.summary.in_language(language),
            score=round(found.score, 4),
            lanes=found.lanes,
            url=document.link,
        )


def render(blocks: list[Block], language: Language) -> str:
    """Return the answer as Markdown, each sentence followed by the numbers of its citations."""
    gap = "" if language is Language.JA else " "
    lines = []
    for block in blocks:
        text = gap.join(sentence.text + "".join(f"[{n}]" for n in sentence.citations) for sentence in block.sentences)
        lines.append(f"- {text}" if block.item else text)
    return "\n\n".join(lines)
