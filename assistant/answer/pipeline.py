"""From a question to a checked answer: understand, route, retrieve, compose, verify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any

from assistant.answer import refusals, trace
from assistant.answer.confidence import in_words
from assistant.answer.conversation import Conversation
from assistant.answer.drafting import Draft, Drafter
from assistant.answer.evidence import RETRIEVED
from assistant.answer.opening import Progress, guest_of, opened
from assistant.answer.own import OwnPassages, own_passages, with_own_documents
from assistant.answer.own_search import without_own_clauses
from assistant.answer.refusals import Refusal
from assistant.answer.rendering import hit, render
from assistant.answer.sources import Block, Sources
from assistant.answer.system import OwnSystem
from assistant.answer.turn import Turn, Worded
from assistant.answer.understand import Question
from assistant.answer.verify import Verifier
from assistant.answer.wording import long_date, phrase
from assistant.law.answers import Answers
from assistant.law.knowledge import Knowledge
from assistant.search.hybrid import Found, HybridIndex
from assistant.search.retrieval import Retrieved, Retriever
from assistant.search.router import Router
from assistant.search.shelf import Shelf
from assistant.search.tokens import language_of
from assistant.settings import Settings, make_data_dir
from assistant.store.acting import Who, only_one
from assistant.texts.library import Library
from assistant.types import Answer, Language, Reason, SearchHit

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


class Assistant:
    """Answers questions and searches, over one knowledge base and one open index."""

    knowledge: Knowledge
    library: Library
    retriever: Retriever
    router: Router
    _drafter: Drafter
    _conversation: Conversation

    def __init__(
        self,
        knowledge: Knowledge,
        retriever: Retriever,
        settings: Settings,
        today: Callable[[], date] = date.today,
        model: BaseChatModel | None = None,
        who: Who = only_one,
    ) -> None:
        self._settings = settings
        self._turning = Lock()
        self._use(knowledge, retriever)
        make_data_dir(settings)
        self.shelf = Shelf(settings, who=who)
        self._today = today
        self._guest = guest_of(model, settings)

    @classmethod
    def open(
        cls,
        settings: Settings,
        progress: Progress | None = None,
        *,
        rebuild: bool = False,
        today: Callable[[], date] = date.today,
        model: BaseChatModel | None = None,
        who: Who = only_one,
    ) -> Assistant:
        """Load the knowledge base and open the index, building what is missing.

        ``today`` is the clock; ``model`` stands in for the one that the settings name; ``who`` says whose documents are quoted.

        Raises:
            AssistantError: the knowledge base is faulty, or the data folder cannot be used.
        """
        return cls(*opened(settings, progress, rebuild=rebuild), settings, today, model, who)

    def refresh(self) -> None:
        """Take up official texts that were installed or removed since the assistant was opened."""
        self._use(*opened(self._settings))

    def _use(self, knowledge: Knowledge, retriever: Retriever) -> None:
        """Turn to a knowledge base and index, all at once: questions at work go on with what they began with."""
        router = Router(knowledge)
        parts = {
            "knowledge": knowledge,
            "library": Library(self._settings.texts_dir, knowledge),
            "retriever": retriever,
            "router": router,
            "_drafter": Drafter(knowledge, retriever),
            "_conversation": Conversation(knowledge, router),
        }
        with self._turning:
            self.__dict__.update(parts)

    def _as_it_stands(self) -> Assistant:
        with self._turning:
            return copy(self)

    @property
    def settings(self) -> Settings:
        """The settings in effect."""
        return self._settings

    @property
    def has_vectors(self) -> bool:
        """Tell whether questions are matched by meaning as well as by words."""
        return self.retriever.by_meaning

    @property
    def corpus(self) -> str:
        """Hash of everything that is searched."""
        return self.retriever.corpus

    @property
    def index(self) -> HybridIndex:
        """What is searched, without the law's own rules of ranking."""
        return self.retriever.index

    @property
    def checked_on(self) -> date:
        """The day on which the knowledge base was last checked."""
        return max(document.checked_on for document in self.knowledge.documents.values())

    def stale_warning(self, language: Language) -> str | None:
        """Return a warning where the knowledge base was last checked too long ago."""
        if (self._today() - self.checked_on).days <= self._settings.stale_after_days:
            return None
        return phrase("stale", language, date=long_date(self.checked_on, language))

    def search(
        self, query: str, k: int = 10, language: Language | None = None, as_of: date | None = None, history: Sequence[str] = ()
    ) -> list[SearchHit]:
        """Return the ``k`` provisions that fit ``query`` best, those it names first, as an answer would find them."""
        chosen = language or self._settings.language or language_of(query)
        question, retrieved = self.retrieve(query, chosen, as_of, history, k)
        named, found = self.named(question), retrieved.found
        rest = [one for one in found if one.provision not in named]
        best = found[0].score if found else 0.0
        top = [Found(provision, best + 1.0, {"named": 1}) for provision in named]
        return [hit(one, self.knowledge, self._today(), chosen) for one in [*top, *rest][:k]]

    def retrieve(
        self, text: str, language: Language, as_of: date | None, history: Sequence[str] = (), k: int = RETRIEVED
    ) -> tuple[Question, Retrieved]:
        """Return a question as understood, and what search finds for it before anything is answered or refused."""
        question, _ = self._read(text, history, language, as_of)
        return question, self._drafter.gatherer.retrieve(question, question.day or as_of or self._today(), k)

    def named(self, question: Question) -> list[str]:
        """Return the provisions that a question names, as far as the knowledge base has them."""
        return [entry.id for reference in question.references for entry in self._drafter.entries(reference)]

    def ask(
        self,
        text: str,
        language: Language | None = None,
        as_of: date | None = None,
        history: Sequence[str] = (),
        answers: Answers | None = None,
        turn: Turn | None = None,
        *,
        more: bool = False,
    ) -> Answer:
        """Answer one question, asked after those of ``history`` (oldest first); a refusal is an answer too.

        ``turn`` says how a model may take part;
        ``more`` asks for the long answer: whole summaries, with the duties, exceptions and sanctions that hang on them.

        Raises:
            AssistantError: ``answers``, those about the user's own system, contradict each other.
        """
        here = self._as_it_stands()
        return here._ask(text, language, as_of, history, answers, turn, more=more)  # noqa: SLF001 - a copy of this very object

    def _ask(
        self,
        text: str,
        language: Language | None,
        as_of: date | None,
        history: Sequence[str],
        answers: Answers | None,
        turn: Turn | None,
        *,
        more: bool,
    ) -> Answer:
        clock = trace.Stopwatch()
        said_in = language or self._settings.language or language_of(text[:1000])
        refusal = refusals.before_search(text, self._settings.max_question_chars, said_in)
        own = OwnSystem(self.knowledge, self.router, answers) if answers else None
        question, told = (None, []) if refusal else self._read(text, history, said_in, as_of, own)
        clock.lap("understand")
        day = (question.day if question else None) or as_of or self._today()
        sources = Sources(self.knowledge, said_in, day, self.library)
        quoted = own_passages(self.shelf, question) if question else OwnPassages([])
        draft = Draft(refusal=refusal, ruled=quoted.alone)
        if question and not quoted.alone:
            draft = self._drafted(self._without_own_clauses(question), day, sources, own, more=more)
        draft.understood[:0] = told
        clock.lap("find and compose")
        blocks, removed = ([], []) if quoted.alone else self._checked(draft, said_in, sources)
        clock.lap("check")
        worded = Worded() if draft.ruled else self._worded(draft, question, blocks, sources, turn or Turn())
        clock.lap("model")
        blocks = worded.blocks or blocks
        blocks = with_own_documents(quoted, self.shelf, question, draft, blocks, sources) if question is not None else blocks
        blocks, citations = sources.renumbered(blocks)
        clock.lap("cite")
        return Answer(
            answer=draft.refusal.text if draft.refusal else render(blocks, said_in),
            language=said_in,
            refused=draft.refusal is not None,
            reason=draft.refusal.reason if draft.refusal else None,
            as_of=day,
            understood_as=" ".join(draft.understood) or None,
            sentences=[sentence for block in blocks for sentence in block.sentences],
            citations=citations,
            warnings=[*draft.warnings, *self._warnings(said_in)],
            confidence=None if draft.refusal else in_words(draft.likely),
            options=draft.refusal.options if draft.refusal else [],
            trace=self._versions()
            | trace.understood(question)
            | trace.found(draft, removed, citations)
            | worded.trace
            | {"steps": clock.steps, "milliseconds": clock.total},
        )

    def _read(
        self, text: str, history: Sequence[str], language: Language, as_of: date | None, own: OwnSystem | None = None
    ) -> tuple[Question, list[str]]:
        """Return a question as understood in its conversation, and what to tell about that."""
        day = as_of or self._today()
        earlier = [one for one in history if len(one) <= self._settings.max_question_chars]
        return self._conversation.read(text, earlier, language, self._drafter.judge(day, own.stands if own else None))

    def _drafted(self, question: Question, day: date, sources: Sources, own: OwnSystem | None, *, more: bool) -> Draft:
        """Answer from the user's system where the question is about it, else from the law."""
        if own is not None and (ruled := own.draft(question, day, sources)):
            return ruled
        question, told = own.informed(question, day) if own else (question, [])
        draft = self._drafter.draft(question, day, sources, more=more)
        draft.understood += told
        return draft

    def _checked(self, draft: Draft, language: Language, sources: Sources) -> tuple[list[Block], list[str]]:
        """Return the blocks of a draft without what its sources do not carry, and the texts removed."""
        if draft.refusal is not None:
            return [], []
        blocks, removed = Verifier(self.knowledge, language, sources.provision_of).check(draft.blocks)
        draft.warnings += [phrase("removed", language)] * len(removed)
        if not blocks:
            told = [phrase("not_in_knowledge", language), phrase("rephrase", language)]
            draft.refusal = Refusal(Reason.NOT_IN_KNOWLEDGE, told)
        return blocks, [sentence.text for sentence in removed]

    def _without_own_clauses(self, question: Question) -> Question:
        mentions = self.router.mentions(question.text)
        return without_own_clauses(question, self.shelf, min((one.start for one in mentions), default=None))

    def _worded(self, draft: Draft, question: Question | None, composed: list[Block], sources: Sources, turn: Turn) -> Worded:
        """Let the model, if there is one, word the composed answer; where it fails that is said, and the composed one stands."""
        if self._guest is None or question is None or draft.refusal is not None:
            return Worded()
        worded = self._guest.word(question.text, composed, sources, turn)
        draft.warnings += worded.warnings
        return worded

    def _warnings(self, language: Language) -> list[str]:
        found = [warning] if (warning := self.stale_warning(language)) else []
        if not self.has_vectors and self._settings.embedding != "none":
            found.append(phrase("words_only", language))
        return found

    def _versions(self) -> dict[str, Any]:
        embedding = self._settings.embedding if self.has_vectors else None
        return trace.versions(self.knowledge.version, self.retriever.corpus, embedding)
