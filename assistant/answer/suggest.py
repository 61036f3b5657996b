"""From a description in somebody's own words to answers they may want to confirm, each with the words it rests on.

Suggestions are never a verdict and count for nothing until confirmed; better none than a wrong one. Clauses of the
description are compared with the examples of ``examples.yaml``, by words and by vectors. A model, if the user has one, may
propose as well: what it cannot show in the description, or what does not fit the question, does not reach the reader.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from assistant.answer.consent import may_send
from assistant.answer.likeness import RELATED, Clause, Example, clauses, denies, likeness, strength, unit, words_of
from assistant.answer.listening import Fault, Limits, ModelFailedError, whole
from assistant.answer.models import load_model
from assistant.law.answers import parse_answers
from assistant.law.derivations import Question
from assistant.law.knowledge import Knowledge
from assistant.search.embedding import cached_embeddings
from assistant.search.tokens import tokens
from assistant.settings import Settings, make_data_dir
from assistant.types import AssistantError, Language

log = logging.getLogger(__name__)
_PROMPT = (Path(__file__).resolve().parent / "prompts" / "suggest.md").read_text(encoding="utf-8")
PROMPT_HASH = hashlib.sha256(_PROMPT.encode()).hexdigest()[:12]
_LONGEST = 4000  # characters of a description that are read
_JSON = re.compile(r"\{.*\}", re.DOTALL)


class Suggestion(BaseModel):
    """An answer to one question, in the form of an answers file, and what it rests on.

    ``words`` are exact substrings of the description: one for each value of a set, in their order, otherwise one.
    """

    model_config = ConfigDict(frozen=True)

    fact: str
    value: bool | str | list[str]
    words: tuple[str, ...]
    source: Literal["search", "model"]


class Suggester:
    """Proposes answers to the questions of one knowledge base."""

    def __init__(
        self,
        knowledge: Knowledge,
        embeddings: Embeddings | None,
        model: BaseChatModel | None = None,
        limits: Limits | None = None,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        """``may_send`` tells before each use whether the user agrees that the description is sent to the model."""
        self._limits = limits or Limits()
        self._may_send = may_send
        self._knowledge = knowledge
        self._embeddings = embeddings
        self._model = model
        self._asked = {fact: one for fact, one in knowledge.questions.items() if _may_be_proposed(one, knowledge)}
        self._examples = [
            Example(one.fact, one.value, text, words_of(text), denies(text))
            for one in knowledge.examples.values()
            for text in one.words.all
            if one.fact in self._asked
        ]
        self._vectors: NDArray[np.float64] | None = None

    def suggest(self, description: str, language: Language) -> list[Suggestion]:
        """Return suggestions in the order of the questions; for one fact, the model's take the place of the search's.

        A description may be in either language; ``language`` is the one in which a model reads the questions.
        """
        text = description[:_LONGEST]
        found = self._searched(text)
        if self._model is not None and text.strip() and self._may_send():
            try:
                found |= self._modelled(_reply(self._model, self._request(text, language), self._limits), text)
            except ModelFailedError as error:
                log.warning("The model suggested nothing: %s.", error)
        return [found[fact] for fact in self._asked if fact in found]

    def _searched(self, text: str) -> dict[str, Suggestion]:
        best: dict[tuple[str, str], tuple[float, str]] = {}
        read = list(clauses(text))
        for clause, nearness in zip(read, self._nearness(read), strict=True):
            for option, (overlap, near) in likeness(clause, self._examples, nearness).items():
                found = strength(overlap, near)
                if found > best.get(option, (0.0, ""))[0]:
                    best[option] = found, clause.text
        matches: dict[str, dict[bool | str, str]] = {}
        for (fact, value), (_, words) in sorted(best.items(), key=lambda item: -item[1][0]):
            matches.setdefault(fact, {})[value] = words
        return {fact: self._merged(fact, values, "search") for fact, values in matches.items()}

    def _merged(self, fact: str, found: Mapping[bool | str, str], source: Literal["search", "model"]) -> Suggestion:
        """Return all values of a set, where ``none`` gives way to any other, or the first of another fact."""
        if self._knowledge.facts[fact].kind != "set":
            value, words = next(iter(found.items()))
            return Suggestion(fact=fact, value=value, words=(words,), source=source)
        values = [one for one in self._knowledge.facts[fact].values if one in found and (one != "none" or len(found) == 1)]
        return Suggestion(fact=fact, value=values, words=tuple(found[one] for one in values), source=source)

    def _nearness(self, read: list[Clause]) -> Sequence[Sequence[float]]:
        """Return how near each clause is to each example: its cosine, standardised over the examples."""
        if self._embeddings is None or not read or not self._examples:
            return [[RELATED] * len(self._examples)] * len(read)
        if self._vectors is None:
            self._vectors = unit(self._embeddings.embed_documents([example.text for example in self._examples]))
        cosines = unit([self._embeddings.embed_query(clause.text) for clause in read]) @ self._vectors.T
        spread = np.maximum(cosines.std(axis=1, keepdims=True), 1e-6)
        standardised: list[list[float]] = ((cosines - cosines.mean(axis=1, keepdims=True)) / spread).tolist()
        return standardised

    def _request(self, text: str, language: Language) -> str:
        questions = [
            {
                "fact": fact,
                "kind": self._knowledge.facts[fact].kind,
                "question": question.text.in_language(language),
                "values": {
                    option.value: option.text.in_language(language)
                    for option in question.options
                    if self._may_be_chosen(fact, option.value)
                },
            }
            for fact, question in self._asked.items()
        ]
        return json.dumps({"questions": questions, "description": text}, ensure_ascii=False)

    def _modelled(self, proposals: Iterable[object], text: str) -> dict[str, Suggestion]:
        found: dict[str, dict[bool | str, str]] = {}
        for proposal in proposals:
            for fact, value, words in self._checked(proposal, text):
                found.setdefault(fact, {}).setdefault(value, words)
        return {fact: self._merged(fact, values, "model") for fact, values in found.items()}

    def _checked(self, proposal: object, text: str) -> Iterator[tuple[str, bool | str, str]]:
        """Yield each value that a proposal may give its fact; nothing where it fits no question or shows no words."""
        given: dict[str, Any] = proposal if isinstance(proposal, dict) else {}
        fact, words = given.get("fact"), given.get("words")
        if not isinstance(fact, str) or fact not in self._asked or not isinstance(words, str):
            return
        if words not in text or not tokens(words):
            return
        data = {"questionnaire": self._knowledge.questionnaire, "facts": {fact: given.get("value")}}
        try:
            answer = parse_answers(data, self._knowledge).facts.get(fact)
        except AssistantError:
            return
        for value in answer if isinstance(answer, frozenset) else [answer]:
            if isinstance(value, bool | str) and self._may_be_chosen(fact, value):
                yield fact, value, words

    def _may_be_chosen(self, fact: str, value: bool | str) -> bool:
        """Tell whether a value may be proposed: "none of these" only where there are examples of it."""
        return value != "none" or f"{fact}={value}" in self._knowledge.examples


def open_suggester(knowledge: Knowledge, settings: Settings) -> Suggester:
    """Return a suggester with the embedder and the model of the settings.

    Raises:
        AssistantError: the data folder cannot be used, or the chosen embedder or model cannot be loaded.
    """
    make_data_dir(settings)
    model = load_model(settings.model, settings) if settings.model else None
    return Suggester(knowledge, cached_embeddings(settings), model, Limits.of(settings), lambda: may_send(settings))


def _may_be_proposed(question: Question, knowledge: Knowledge) -> bool:
    kind = knowledge.facts[question.fact].kind
    return kind in ("boolean", "choice", "set") and question.suggest


def _reply(model: BaseChatModel, request: str, limits: Limits) -> list[object]:
    text = whole(model, [SystemMessage(_PROMPT), HumanMessage(request)], limits)
    match = _JSON.search(text)
    try:
        proposals = json.loads(match[0] if match else "")["suggestions"]
    except (ValueError, KeyError, RecursionError) as error:
        raise ModelFailedError(Fault.FORM) from error
    return proposals if isinstance(proposals, list) else []
