"""What an answer stands on: provisions found for the whole question, for each thing it asks, and for each side compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from assistant.answer.understand import Question, Side
from assistant.law.knowledge import Knowledge
from assistant.search.hybrid import Found
from assistant.search.retrieval import Retrieved, Retriever
from assistant.types import Jurisdiction

SIDES: dict[Side, frozenset[Jurisdiction]] = {
    "eu_side": frozenset({Jurisdiction.EU}),
    "jp_side": frozenset({Jurisdiction.JP}),
    "common_side": frozenset({Jurisdiction.EU_JP, Jurisdiction.INTERNATIONAL}),
}
RETRIEVED = 12
_MOST = 4
_NEAR_THE_BEST = 0.7
_NEAR_THE_TOP = 0.9  # of a part, and of what lies between the sides
_PER_SIDE = 2


@dataclass(frozen=True)
class Group:
    """Provisions for one side of a comparison, or, without a side, for the question as it stands; best first."""

    found: list[Found]
    side: Side | None = None


class Gatherer:
    """Gathers evidence over one knowledge base."""

    def __init__(self, knowledge: Knowledge, retriever: Retriever) -> None:
        self._retriever = retriever
        self._common = {one.id for one in knowledge.documents.values() if one.jurisdiction in SIDES["common_side"]}
        self._sides: dict[Side, list[str]] = {side: _within(knowledge, kept) for side, kept in SIDES.items()}
        # Where one side's law alone is asked for, what lies between the sides belongs to it.
        common = SIDES["common_side"]
        self._alone: dict[Side, list[str]] = {side: _within(knowledge, kept | common) for side, kept in SIDES.items()}

    def retrieve(self, question: Question, day: date, k: int = RETRIEVED, side: Side | None = None) -> Retrieved:
        """Return the provisions that search finds for a question as understood, of one side where that is given."""
        within = self._sides[side] if side else self._alone[question.side] if question.side else ()
        return self._retriever.retrieve(question.text, day, k, wish=question.wish, within=within)

    def groups(self, question: Question, day: date, whole: Retrieved) -> list[Group]:
        """Return the evidence for a question for which ``whole`` was found: a group a side where it names both."""
        if self._compares(question):
            return self._compared(question, day, whole)
        chosen = _near(whole.found, _NEAR_THE_BEST)[:_MOST]
        return [Group(_once([*self._of_parts(question, day, None), *chosen]))]

    def beside(self, question: Question, day: date, named: list[str]) -> list[Found]:
        """Return what a question that names provisions is about as well: the best found outside their articles."""
        found = self.retrieve(question, day).found
        heads = {_article(one) for one in named}
        return [one for one in _near(found, _NEAR_THE_TOP) if _article(one.provision) not in heads][:_PER_SIDE]

    def _compares(self, question: Question) -> bool:
        """Tell whether both sides are asked for: both are named, and not merely as the parties of one common document."""
        common = any(one in self._common for one in question.documents)
        return SIDES["eu_side"] | SIDES["jp_side"] <= question.jurisdictions and (question.kind == "comparison" or not common)

    def _of_parts(self, question: Question, day: date, side: Side | None) -> list[Found]:
        """Return the best for each thing that a question asks, where it asks several."""
        chosen = []
        for part in question.parts:
            wish = replace(question.wish, parts=(question.text,))
            within = self._sides[side] if side else self._alone[question.side] if question.side else ()
            found = self._retriever.retrieve(part, day, RETRIEVED, wish=wish, within=within).found
            chosen += _near(found, _NEAR_THE_TOP)[:_PER_SIDE]
        return chosen

    def _compared(self, question: Question, day: date, whole: Retrieved) -> list[Group]:
        groups = []
        for side in SIDES:
            found = self.retrieve(question, day, side=side).found
            if side == "common_side":
                best = whole.found[0].score if whole.found else 0.0
                near = {one.provision for one in whole.found if one.score >= _NEAR_THE_TOP * best}
                groups.append(Group([one for one in found if one.provision in near][:_PER_SIDE], side))
            else:
                parts = self._of_parts(question, day, side)[:_MOST]
                groups.append(Group(_once([*_near(found, _NEAR_THE_BEST)[:_PER_SIDE], *parts]), side))
        return [group for group in groups if group.found]


def _within(knowledge: Knowledge, jurisdictions: frozenset[Jurisdiction]) -> list[str]:
    return [one for one in knowledge.provisions if knowledge.document_of(one).jurisdiction in jurisdictions]


def _near(found: list[Found], share: float) -> list[Found]:
    return [one for one in found if one.score >= share * found[0].score]


def _once(found: list[Found]) -> list[Found]:
    return list({one.provision: one for one in found}.values())


def _article(provision: str) -> str:
    """Return an id cut to its document and article, as far as one can tell without the catalogue."""
    return ".".join(provision.split(".")[:3])
