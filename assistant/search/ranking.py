"""How provisions are ranked for a question: lanes put on one scale, and what the law itself says of each provision.

The lanes say how well a provision fits by its words, by meaning, by the terms named and by the ways in which people ask for it.
On top come what the question asks for (a jurisdiction, a document, a date, a definition, a sanction) and what stands near:
the other parts of an article, and the provisions that a good one points to. The weights are data, tuned per language on the
development questions (``evals/tuning.py``, figures in evals/README.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from assistant.law.knowledge import Knowledge
from assistant.search.hybrid import Found
from assistant.types import Force, Jurisdiction, Language

Scores = NDArray[np.float32]
LANES = ("words", "vectors", "terms", "asked_words", "asked_vectors", "parts")
_FLOORED = frozenset({"vectors", "asked_vectors", "parts"})  # cosines: only the distance to the others says anything
_FLOOR_RANK = 200
_SOURCES = 30
_SEEN_FROM = 10
_CALENDAR = {"application": 1.0, "transition": 0.5}


class Weights(BaseModel):
    """Weights of the lanes and of what lifts or lowers a provision, for questions in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: float = Field(ge=0)
    vectors: float = Field(ge=0)
    terms: float = Field(ge=0)
    asked_words: float = Field(ge=0)
    asked_vectors: float = Field(ge=0)
    parts: float = Field(ge=0)
    jurisdiction: float = Field(ge=0)
    document: float = Field(ge=0)
    calendar: float = Field(ge=0)
    definition: float = Field(ge=0)
    role: float = Field(ge=0)
    prohibition: float = Field(ge=0)
    sanction: float = Field(ge=0)
    article: float = Field(ge=0)
    see: float = Field(ge=0)
    explanation: float = Field(ge=0, description="what is taken from provisions that only explain a binding act")


@dataclass(frozen=True)
class Wish:
    """What a question asks for, as far as it matters for ranking; ``parts`` are its several questions, if it has several.

    ``asks_leave`` is a question whether something may be done.
    """

    language: Language = Language.EN
    kind: str = "obligation"
    jurisdictions: frozenset[Jurisdiction] = frozenset()
    documents: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    asks_leave: bool = False


@cache
def shipped_weights() -> dict[Language, Weights]:
    """Return the weights in ``ranking.yaml`` by language."""
    text = (Path(__file__).resolve().parent / "ranking.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    return {language: Weights.model_validate(data[language.value]) for language in Language}


class Ranking:
    """Ranks the provisions of one knowledge base; a score array has one place a provision, in the order of ``provisions``."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.provisions = list(knowledge.provisions)
        self.place = {provision: place for place, provision in enumerate(self.provisions)}
        documents = [self.knowledge.document_of(provision) for provision in self.provisions]
        entries = list(self.knowledge.provisions.values())
        self._documents = np.array([document.id for document in documents])
        self._jurisdictions = np.array([document.jurisdiction.value for document in documents])
        binding = np.array([document.force is Force.BINDING for document in documents])
        self._explains = binding & np.array([self.knowledge.force(entry) is Force.GUIDANCE for entry in entries])
        self._calendar = np.array([_CALENDAR.get(entry.calendar or "", 0.0) for entry in entries])
        self._defines = np.array([".def_" in provision for provision in self.provisions])
        self._articles, self._article_of = self._grouped(documents_ids=[document.id for document in documents])
        self._borne = self._borne_by_role()
        self._prohibits = self._prohibited()
        self._sanctions = self._sanctions_of()
        self._see = [self._places(entry.see) for entry in entries]

    def order(
        self, lanes: Mapping[str, Scores], allowed: NDArray[np.bool_], wish: Wish, k: int, weights: Weights | None = None
    ) -> list[Found]:
        """Return the ``k`` best of the provisions allowed, with their rank in each lane that speaks for them.

        ``weights`` stand in for the shipped ones.
        """
        weights = weights or shipped_weights()[wish.language]
        shares = {name: _share(scores, floored=name in _FLOORED) for name, scores in lanes.items()}
        if not any(share.any() for share in shares.values()):
            return []
        total = sum((getattr(weights, name) * share for name, share in shares.items()), np.zeros(len(self.provisions)))
        total = np.where(allowed, self._near(total + self._lift(wish, weights), wish, weights), -np.inf)
        best = np.argsort(-total, kind="stable")[: 2 * k]
        ranks = {name: _ranks(share, best) for name, share in shares.items()}
        found = [self._found(int(place), float(total[place]), ranks) for place in best if np.isfinite(total[place])]
        return sorted(found, key=lambda one: (-one.score, one.provision))[:k]

    def _found(self, place: int, score: float, ranks: Mapping[str, Mapping[int, int]]) -> Found:
        lanes = {name: rank[place] for name, rank in ranks.items() if place in rank}
        return Found(self.provisions[place], score, lanes)

    def _lift(self, wish: Wish, weights: Weights) -> NDArray[np.float64]:
        """Return what speaks for or against each provision whatever its wording."""
        lift: NDArray[np.float64] = -weights.explanation * self._explains
        lift = lift + weights.document * np.isin(self._documents, list(wish.documents))
        lift = lift + weights.jurisdiction * np.isin(self._jurisdictions, [one.value for one in wish.jurisdictions])
        for role in wish.roles:
            lift = lift + weights.role * self._borne.get(role, 0.0)
        if wish.asks_leave:
            lift = lift + weights.prohibition * self._prohibits
        if wish.kind == "date":
            lift = lift + weights.calendar * self._calendar
        if wish.kind == "definition":
            lift = lift + weights.definition * self._defines
        return lift

    def _near(self, total: NDArray[np.float64], wish: Wish, weights: Weights) -> NDArray[np.float64]:
        """Add what comes from neighbours: the best part of the same article, sanctions of duties found, cross-references."""
        best: NDArray[np.float64] = np.zeros(len(self._articles))
        np.maximum.at(best, self._article_of, total)
        total = total + weights.article * best[self._article_of]
        if wish.kind == "penalty":
            total = total + weights.sanction * self._pointed(total, self._sanctions, _SOURCES)
        return total + weights.see * self._pointed(total, self._see, _SEEN_FROM)

    def _pointed(self, total: NDArray[np.float64], targets: list[list[int]], sources: int) -> NDArray[np.float64]:
        """Return for each provision the best score of those, among the best ``sources``, that point to it."""
        carried: NDArray[np.float64] = np.zeros(len(total))
        for source in np.argsort(-total)[:sources]:
            for target in targets[source]:
                carried[target] = max(carried[target], total[source])
        return carried

    def _grouped(self, documents_ids: list[str]) -> tuple[dict[str, int], NDArray[np.int64]]:
        articles: dict[str, int] = {}
        places = []
        for provision, document in zip(self.provisions, documents_ids, strict=True):
            head = f"{document}.{provision.removeprefix(f'{document}.').split('.')[0]}"
            places.append(articles.setdefault(head, len(articles)))
        return articles, np.array(places)

    def _sanctions_of(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.provisions]
        for duty in self.knowledge.obligations.values():
            for place in self._places(duty.provisions):
                found[place] += self._places(duty.sanction.provisions)
        return found

    def _prohibited(self) -> NDArray[np.float64]:
        """Mark the provisions that prohibit something by themselves: the first that such a duty rests on."""
        found = np.zeros(len(self.provisions))
        found[self._places([duty.provisions[0] for duty in self.knowledge.obligations.values() if duty.prohibits])] = 1.0
        return found

    def _borne_by_role(self) -> dict[str, NDArray[np.float64]]:
        found: dict[str, NDArray[np.float64]] = {}
        for duty in self.knowledge.obligations.values():
            for role in duty.bearers:
                found.setdefault(role, np.zeros(len(self.provisions)))[self._places(duty.provisions)] = 1.0
        return found

    def _places(self, provisions: list[str]) -> list[int]:
        return [self.place[provision] for provision in provisions if provision in self.place]


def _share(scores: Scores, *, floored: bool) -> NDArray[np.float64]:
    """Return scores as shares of the best; where ``floored``, of its distance to the last that counts."""
    top = float(scores.max(initial=0.0))
    if top <= 0:
        return np.zeros(len(scores))
    floor = 0.0
    if floored:
        heard = np.sort(scores[scores > 0])
        floor = float(heard[-_FLOOR_RANK]) if len(heard) > _FLOOR_RANK else float(heard[0])
    return np.clip((scores.astype(np.float64) - floor) / max(top - floor, 1e-9), 0.0, 1.0)


def _ranks(share: NDArray[np.float64], wanted: NDArray[np.int64]) -> dict[int, int]:
    """Return the rank in a lane, from 1, of the places ``wanted`` that the lane speaks for."""
    return {int(place): int((share > share[place]).sum()) + 1 for place in wanted if share[place] > 0}
