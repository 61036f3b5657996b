"""Questions about the user's own system, answered from its assessment: rules decide, and say what is still open.

Only a question that is about nothing else is answered so: "what do we have to do?", "are we high-risk?", "by when?". One that
names a subject ("what must we do after a breach?") is about the law, and is answered from the law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import yaml

from assistant.answer.drafting import Draft
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question, jurisdiction_cues, role_names
from assistant.answer.wording import long_date, phrase, sentences
from assistant.law.answers import Answers
from assistant.law.assessment import Assessor
from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment, DutyResult, OutcomeResult
from assistant.law.words import word
from assistant.search.router import Router
from assistant.search.tokens import normalise, tokens
from assistant.types import DutyForce, Jurisdiction, Language, Sentence

_MOST_DUTIES = 8  # told with their first sentence; the others by name
_MOST_OPEN = 4
_MOST_SANCTIONS = 3
_SETTLES = 3
_LEFT_OVER = {Language.EN: 0, Language.JA: 2}  # index terms beside the cues; Japanese ones are pairs of signs
_STRENGTH = {force: place for place, force in enumerate(("must", "effort", "should", "future", "may"))}


@dataclass(frozen=True)
class Wanted:
    """What a question wants to know of the user's system; ``owned`` where it says whose system it is about."""

    aspects: frozenset[str]
    axes: tuple[str, ...]
    owned: bool


class OwnSystem:
    """Answers questions about one system, from the answers given about it."""

    def __init__(self, knowledge: Knowledge, router: Router, answers: Answers) -> None:
        self._knowledge = knowledge
        self._router = router
        self._answers = answers

    def stands(self, question: Question) -> bool:
        """Tell whether a question is about the system by its own words, whatever was asked before."""
        wanted = self.wanted(question)
        return wanted is not None and wanted.owned

    def wanted(self, question: Question) -> Wanted | None:
        """Return what a question wants to know of the system; nothing where it is about something else."""
        plain = normalise(question.text).casefold()
        axes = tuple(axis for axis, patterns in _cues()["axes"].items() if _stand(patterns, plain))
        aspects = frozenset(aspect for aspect, patterns in _cues()["aspects"].items() if _stand(patterns, plain))
        owned = _stand(_cues()["owner"], plain)
        named = question.references or (not owned and (question.roles or question.documents or question.jurisdictions))
        defined = not owned and bool(axes) and question.kind == "definition"
        if named or defined or not (axes or aspects) or (question.day and not owned):
            return None
        for patterns in (*_cues()["axes"].values(), *_cues()["aspects"].values(), _cues()["owner"]):
            plain = _without(patterns, plain)
        left = tokens(_without(_cues()["asking"], self._without_names(plain, question)))
        return Wanted(aspects, axes, owned) if len(left) <= _LEFT_OVER[question.language] else None

    def informed(self, question: Question, day: date) -> tuple[Question, list[str]]:
        """Return a question about the law, for the roles and the side of the system where it says "we" and names none.

        With it comes what to tell about that.
        """
        owned = _stand(_cues()["owner"], normalise(question.text).casefold())
        if not owned or question.roles or question.jurisdictions or question.documents:
            return question, []
        assessment = Assessor(self._knowledge, question.language).assess(self._answers, day)
        sides = {self._knowledge.document_of(duty.provision).jurisdiction for duty in assessment.duties("owed")}
        sides &= {Jurisdiction.EU, Jurisdiction.JP}
        names = [self._knowledge.roles[role].name.in_language(question.language) for role in assessment.roles]
        names = [phrase("name_separator", question.language).join(names)] if names else []
        told = [phrase("system_informed", question.language, roles=one) for one in names]
        return replace(question, roles=set(assessment.roles), jurisdictions=sides if len(sides) == 1 else set()), told

    def draft(self, question: Question, day: date, sources: Sources) -> Draft | None:
        """Answer a question about the system; nothing where it is about something else.

        Raises:
            AssistantError: answers about the system contradict each other.
        """
        wanted = self.wanted(question)
        if wanted is None:
            return None
        assessment = Assessor(self._knowledge, question.language).assess(self._answers, day)
        told = _Told(self._knowledge, assessment, sources)
        draft = Draft(understood=[phrase("system_answered", question.language)], ruled=True)
        draft.blocks = [block for axis in wanted.axes for block in told.axis(assessment.outcomes[axis])]
        if "roles" in wanted.aspects:
            draft.blocks += told.roles()
        owed = self._concerned(assessment, question)
        if "duties" in wanted.aspects or ("dates" in wanted.aspects and not wanted.axes):
            draft.blocks += told.duties(owed) if "duties" in wanted.aspects else told.days(owed)
        if "sanctions" in wanted.aspects:
            draft.blocks += told.sanctions(owed)
        if wanted.aspects & {"open", "duties"}:
            draft.blocks += told.open(always="open" in wanted.aspects)
        return draft

    def _concerned(self, assessment: Assessment, question: Question) -> list[DutyResult]:
        """Return the duties owed, of the documents, side and roles that the question names."""
        document_of = self._knowledge.document_of
        return [
            duty
            for duty in assessment.duties("owed")
            if (not question.documents or document_of(duty.provision).id in question.documents)
            and (not question.jurisdictions or document_of(duty.provision).jurisdiction in question.jurisdictions)
            and (not question.roles or question.roles & set(duty.bearers))
        ]

    def _without_names(self, plain: str, question: Question) -> str:
        for one in reversed(self._router.mentions(plain)):
            plain = f"{plain[: one.start]} {plain[one.end :]}"
        names = [cue for side in question.jurisdictions for cue in jurisdiction_cues().get(side, [])]
        names += [normalise(name).casefold() for role in question.roles for name in role_names(self._knowledge)[role]]
        for name in sorted(names, key=len, reverse=True):
            plain = re.sub(rf"\b{re.escape(name)}s?\b" if name.isascii() else re.escape(name), " ", plain, flags=re.ASCII)
        return plain


class _Told:
    """An assessment in the sentences of an answer, each citing what carries it."""

    def __init__(self, knowledge: Knowledge, assessment: Assessment, sources: Sources) -> None:
        self._knowledge = knowledge
        self._assessment = assessment
        self._sources = sources
        self._language = assessment.language

    def axis(self, one: OutcomeResult) -> Iterator[Block]:
        """Say how one axis comes out, why, and from when; or what it hangs on."""
        cited = self._cited(one.provisions)
        outcome = phrase(f"system_{one.outcome}", self._language)
        said = [Sentence(text=phrase("system_axis", self._language, title=one.title, outcome=outcome), citations=cited)]
        said += [Sentence(text=part, citations=cited) for part in sentences(one.statement, self._language)]
        said += [Sentence(text=why.text, citations=self._cited([*why.provisions, *one.provisions])) for why in one.because]
        if one.applies_from is not None:
            duties = self._knowledge.outcomes[one.id].duties
            starting = [duty for duty in self._assessment.duties("owed") if duty.id in duties]
            carried = [duty.provision for duty in starting if duty.applies_from == one.applies_from]
            said.append(Sentence(text=self._day(one.applies_from, older=False), citations=self._cited(carried)))
        if one.review:
            said.append(Sentence(text=phrase("system_review", self._language), citations=cited))
        yield Block(said)
        for fact in one.needs[:_MOST_OPEN]:
            yield Block([self._question(fact, [one.title], one.provisions)], item=True)

    def roles(self) -> Iterator[Block]:
        """Name the roles held."""
        yield self._head("system_roles" if self._assessment.roles else "system_no_role")
        for role in map(self._knowledge.roles.__getitem__, self._assessment.roles):
            name = f"**{role.name.in_language(self._language)}**"
            yield Block([Sentence(text=name, citations=self._cited([role.provision]))], item=True)

    def duties(self, owed: list[DutyResult]) -> Iterator[Block]:
        """List duties by their force: some of each document in a sentence, the others by name."""
        shown = self._chosen(owed)
        for force in sorted({duty.force for duty in owed}, key=lambda one: _STRENGTH[one.value]):
            yield self._head(f"system_force_{force.value}")
            alike = [duty for duty in owed if duty.force is force]
            yield from (Block(self._duty(duty), item=True) for duty in alike if duty in shown)
            if rest := [duty for duty in alike if duty not in shown]:
                key = "system_more" if len(rest) < len(alike) else "system_named"
                yield Block([self._named(key, rest, marked=False)], item=True)
        yield self._head("system_in_report" if owed else "system_none")

    def days(self, owed: list[DutyResult]) -> Iterator[Block]:
        """Name what applies now, and what starts on each day to come."""
        today = self._assessment.day
        coming = sorted({duty.applies_from for duty in owed if duty.applies_from and duty.applies_from > today})
        for day in coming:
            starting = [duty for duty in owed if duty.applies_from == day]
            yield Block([self._named("system_from", starting, date=long_date(day, self._language))], item=True)
        if now := [duty for duty in owed if duty.applies_now]:
            yield Block([self._named("system_now", now)], item=True)
        if unsettled := [duty for duty in owed if duty.applies_from is None]:
            yield Block([self._named("system_some_day", unsettled)], item=True)
        yield self._head("system_in_report" if owed else "system_none")

    def sanctions(self, owed: list[DutyResult]) -> Iterator[Block]:
        """Say what breaches cost, each sanction once, with the duties it stands behind."""
        behind: dict[str, list[DutyResult]] = {}
        for duty in owed:
            if duty.sanction_provisions:
                behind.setdefault(duty.sanction, []).append(duty)
        yield self._head("system_sanctions" if behind else "system_no_sanction")
        for text, duties in list(behind.items())[:_MOST_SANCTIONS]:
            names = phrase("name_separator", self._language).join(duty.title for duty in duties[:_SETTLES])
            carried = [one for duty in duties[:_SETTLES] for one in (*duty.sanction_provisions, duty.provision)]
            said = phrase("system_duty", self._language, title=names, text=text)
            yield Block([Sentence(text=said, citations=self._cited(carried))], item=True)

    def open(self, *, always: bool) -> Iterator[Block]:
        """Name the questions that keep something open, with what each settles."""
        facts = self._assessment.open_questions
        if not facts:
            if always:
                yield self._head("system_nothing_open")
            return
        yield self._head("system_still_open")
        for fact in facts[:_MOST_OPEN]:
            hanging: list[OutcomeResult | DutyResult] = [*self._assessment.outcomes.values(), *self._assessment.duties("open")]
            settled = [one for one in hanging if fact in one.needs][:_SETTLES]
            carried = list(chain.from_iterable(one.provisions for one in settled))
            yield Block([self._question(fact, [one.title for one in settled], carried)], item=True)
        if len(facts) > _MOST_OPEN:
            yield self._head("system_more_open")

    def _chosen(self, owed: list[DutyResult]) -> list[DutyResult]:
        """Return the duties to tell in full: binding ones first, in turn from each document so that none hides the others."""
        by_document: dict[str, list[DutyResult]] = {document: [] for document in self._knowledge.documents}
        for duty in sorted(owed, key=lambda one: _STRENGTH[one.force.value]):
            by_document[self._knowledge.document_of(duty.provision).id].append(duty)
        turns = [duty for turn in zip_longest(*by_document.values()) for duty in turn if duty is not None]
        best = sorted(turns, key=lambda one: one.force is not DutyForce.MUST)[:_MOST_DUTIES]
        return [duty for duty in owed if duty in best]

    def _duty(self, duty: DutyResult) -> list[Sentence]:
        """Say one duty: its name, its first sentence, and from when."""
        cited = self._cited(duty.provisions)
        first = sentences(duty.duty, self._language)[0]
        said = [phrase("system_duty", self._language, title=duty.title, text=first)]
        said.append(self._when(duty))
        return [Sentence(text=text, citations=cited) for text in said]

    def _when(self, duty: DutyResult) -> str:
        if duty.applies_from is None:
            return phrase("system_day_open", self._language)
        if duty.force is DutyForce.SHOULD:
            return phrase("guidance_since", self._language, date=long_date(duty.applies_from, self._language), case="")
        return self._day(duty.applies_from, older=duty.older)

    def _day(self, start: date, *, older: bool) -> str:
        key = "applies_later" if start > self._assessment.day else "applies_older" if older else "applies_now"
        return phrase(key, self._language, date=long_date(start, self._language), case="")

    def _question(self, fact: str, titles: list[str], carried: list[str]) -> Sentence:
        """Name a question to answer, and what it settles."""
        question = self._knowledge.questions[fact]
        names = phrase("name_separator", self._language).join(titles)
        text = phrase("system_open_until", self._language, question=question.text.in_language(self._language), names=names)
        return Sentence(text=text, citations=self._cited([*question.provisions, *carried]))

    def _named(self, key: str, duties: list[DutyResult], *, marked: bool = True, **values: str) -> Sentence:
        """Name duties; where ``marked``, with their force if they are no binding ones."""
        names = []
        for duty in duties:
            force = "" if duty.force is DutyForce.MUST or not marked else word(f"forces.{duty.force.value}", self._language)
            names.append(phrase("system_marked", self._language, title=duty.title, force=force) if force else duty.title)
        told = phrase(key, self._language, names=phrase("name_separator", self._language).join(names), **values)
        return Sentence(text=told, citations=self._cited([provision for duty in duties for provision in duty.provisions[:1]]))

    def _head(self, key: str) -> Block:
        return Block([Sentence(text=phrase(key, self._language))])

    def _cited(self, provisions: list[str]) -> list[int]:
        """Return the numbers under which these provisions, or the entries above them, are cited."""
        entries = (self._knowledge.resolve(provision) for provision in provisions)
        return list(dict.fromkeys(self._sources.cite(entry.id) for entry in entries if entry is not None))


def _stand(patterns: list[str], plain: str) -> bool:
    return any(re.search(pattern, plain) for pattern in patterns)


def _without(patterns: list[str], plain: str) -> str:
    for pattern in patterns:
        plain = re.sub(pattern, " ", plain)
    return plain


@cache
def _cues() -> dict[str, Any]:
    return dict(yaml.load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
