"""One question a page: the answer is kept at once, and what it changed is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.answers import UNKNOWN
from assistant.law.derivations import Question
from assistant.law.questionnaire import progress
from assistant.law.whatif import Consequence, consequences
from assistant.store.systems import StoredSystem
from assistant.web.assess.changes import changed_since, last_change
from assistant.web.assess.work import ContradictionError, UnfitError, Work
from assistant.web.forms import Form, field, fields, whole

_CHOICES, _SET = ("boolean", "choice"), "set"
_YES, _NO = "true", "false"
_PLACEHOLDERS = {"date": "2027-12-02", "number": "3e24"}


@dataclass(frozen=True)
class Tried:
    """What was sent and did not go through, and why; ``clash`` names the questions that it contradicts."""

    chosen: list[str] | None = None
    note: str | None = None
    fault: str = ""
    clash: tuple[str, ...] = ()
    since: tuple[str, ...] = ()


def add(router: APIRouter, work: Work) -> None:
    """Add the pages of single questions."""
    pages, desk = work.pages, work.desk

    @router.get("/systems/{identity}/next")
    def following(identity: str) -> Response:
        question = work.next(work.current(desk.systems.get(identity).answers))
        return pages.redirect(f"/systems/{identity}" + (f"/question/{question.fact}" if question else ""))

    @router.get("/systems/{identity}/question/{fact}")
    def show(request: Request, identity: str, fact: str) -> Response:
        return QuestionPage(work, desk.systems.get(identity), work.question(fact)).shown(request)

    @router.post("/systems/{identity}/question/{fact}")
    def take(request: Request, identity: str, fact: str, form: Form) -> Response:
        return QuestionPage(work, desk.systems.get(identity), work.question(fact)).taken(request, form)


class QuestionPage:
    """The page of one question about one system."""

    def __init__(self, work: Work, system: StoredSystem, question: Question) -> None:
        self._work = work
        self._pages = work.pages
        self._system = system
        self._question = question
        self._kind = work.kind(question)
        self._given = work.current(system.answers)

    def taken(self, request: Request, form: Form) -> Response:
        """Keep the answer sent, on top of what others answered meanwhile; what does not go through stays in the form."""
        value, note = self._value(form), field(form, "note")
        tried = Tried(fields(form, "answer"), note)
        expected, fact = whole(form, "version"), self._question.fact
        others = changed_since(self._work, self._system, expected)
        if fact in others and self._given["facts"].get(fact) != value:
            return self.shown(request, replace(tried, since=tuple(others.values())), 409)
        try:
            given = self._work.answered(self._given, self._question, value, note)
        except UnfitError as error:
            return self.shown(request, replace(tried, fault=str(error)), 400)
        except ContradictionError as error:
            clash = tuple(one for one in error.facts if one != fact)
            return self.shown(request, replace(tried, fault=str(error), clash=clash), 400)
        self._work.save(self._system, given, self._system.version, self._pages.person(request))
        onward = "answers?changed=1" if field(form, "to") == "answers" or others else "next"
        return self._pages.redirect(f"/systems/{self._system.id}/{onward}", "merged" if others else "")

    def shown(self, request: Request, tried: Tried | None = None, status: int = 200) -> Response:
        """Return the page: with what was tried, or the answer that is kept."""
        tried = tried or Tried()
        fact, answers = self._question.fact, self._work.parsed(self._given)
        answered, left = progress(self._work.desk.knowledge, answers)
        standing = self._work.standings.of(self._system)
        language = self._pages.language
        return self._pages.render(
            "assess/question.html",
            request,
            status=status,
            nav="assess",
            system=self._system,
            question=self._question,
            text=self._question.text.in_language(language),
            help=self._question.help.in_language(language),
            why=self._question.why.in_language(language),
            kind=self._kind,
            options=self._options(),
            chosen=self._kept() if tried.chosen is None else tried.chosen,
            known=fact in self._given["facts"],
            note=self._given.get("notes", {}).get(fact, "") if tried.note is None else tried.note,
            placeholder=_PLACEHOLDERS.get(self._kind, ""),
            tried=tried,
            clash=[(one, self._work.named(one)) for one in tried.clash],
            answered=answered,
            left=left,
            before=self._before(),
            to=request.query_params.get("to", ""),
            outcomes=standing.assessment.outcomes.values(),
            changed=last_change(self._work, self._system),
            leads=self._leads() if "leads" in request.query_params else None,
        )

    def _value(self, form: Form) -> Any:
        """Return the answer sent in the form of an answers file."""
        if field(form, "action") == UNKNOWN:
            return UNKNOWN
        chosen = [one for one in fields(form, "answer") if one.strip()]
        if self._kind == _SET:
            return chosen
        one = chosen[0].strip() if chosen else ""
        return {_YES: True, _NO: False}.get(one, one) if self._kind == "boolean" else one

    def _kept(self) -> list[str]:
        value = self._given["facts"].get(self._question.fact)
        if value is None or value == UNKNOWN:
            return []
        if isinstance(value, bool):
            return [_YES if value else _NO]
        return [str(one) for one in value] if isinstance(value, list) else [str(value)]

    def _options(self) -> list[tuple[str, str, str]]:
        if self._kind == "boolean":
            return [(_YES, self._pages.t("yes"), ""), (_NO, self._pages.t("no"), "")]
        return [(option.value, option.text.in_language(self._pages.language), "") for option in self._question.options]

    def _before(self) -> str | None:
        """Return the question answered before this one."""
        texts = self._work.texts
        order = [fact for fact in self._given["facts"] if fact not in texts and fact in self._work.desk.knowledge.questions]
        place = order.index(self._question.fact) if self._question.fact in order else len(order)
        return order[place - 1] if place else None

    def _leads(self) -> list[Consequence]:
        knowledge, answers = self._work.desk.knowledge, self._work.parsed(self._given)
        return consequences(knowledge, answers, self._question.fact, self._work.desk.today(), self._pages.language)
