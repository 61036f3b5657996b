"""The result: what follows for a system, at a glance and then line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.law.knowledge import Knowledge
from assistant.law.questionnaire import progress
from assistant.law.report.timeline import marks
from assistant.law.results import Assessment, DutyResult
from assistant.law.words import word
from assistant.types import DutyForce
from assistant.web.assess.work import Work
from assistant.web.standing import Standing

_BINDING = (DutyForce.MUST, DutyForce.EFFORT)
_MOST_DAYS = 4
_WIDEST, _HEIGHT, _LEFT = 420, 26, 190  # of the plot, in its own units


@dataclass(frozen=True)
class Group:
    """Duties that stand together: those that apply now, later, are recommended, or are open."""

    key: str
    duties: list[DutyResult]


@dataclass(frozen=True)
class Bar:
    """One day of the timeline: how many duties of each side start on it, and how long their bars are."""

    label: str
    eu: int
    japan: int
    eu_width: float
    japan_width: float
    top: int
    future: bool


def add(router: APIRouter, work: Work) -> None:
    """Add the page of the result."""
    pages, desk = work.pages, work.desk

    @router.get("/systems/{identity}")
    def show(request: Request, identity: str) -> Response:
        standing = work.standings.of(desk.systems.get(identity))
        one = standing.assessment
        return pages.render(
            "assess/result.html",
            request,
            nav="systems",
            section="result",
            system=standing.system,
            assessment=one,
            left=progress(desk.knowledge, standing.answers)[1],
            counts=_counts(one),
            days=_days(one),
            groups=groups(one),
            open_questions=[
                (fact, desk.knowledge.questions[fact].text.in_language(pages.language)) for fact in one.open_questions
            ],
            facts={fact: work.named(fact) for fact in _needed(one)},
            bars=bars(desk.knowledge, standing),
            bar_height=_HEIGHT,
            bar_left=_LEFT,
            tracked=desk.duties.all(identity),
            role_names={role.id: role.name.in_language(pages.language) for role in desk.knowledge.roles.values()},
        )


def groups(one: Assessment) -> list[Group]:
    """Return the duties of an assessment, grouped by how pressing they are."""
    owed = one.duties("owed")
    binding = [duty for duty in owed if duty.force in _BINDING]
    found = [
        Group("now", [duty for duty in binding if duty.applies_now]),
        Group("later", [duty for duty in binding if not duty.applies_now]),
        Group("other", [duty for duty in owed if duty.force not in _BINDING]),
        Group("open", one.duties("open")),
    ]
    return [group for group in found if group.duties]


def bars(knowledge: Knowledge, standing: Standing) -> list[Bar]:
    """Return the timeline of the days on which owed duties start."""
    found = marks(knowledge, standing.assessment)
    most = max((len(mark.duties) for mark in found), default=1)
    language, today = standing.assessment.language, standing.assessment.day
    return [
        Bar(
            mark.label(language),
            mark.eu,
            mark.japan,
            round(mark.eu / most * _WIDEST, 1),
            round(mark.japan / most * _WIDEST, 1),
            place * _HEIGHT,
            mark.day > today,
        )
        for place, mark in enumerate(found)
    ]


def _counts(one: Assessment) -> str:
    found = {group.key: len(group.duties) for group in groups(one)}
    now, later, other, unsettled = (found.get(key, 0) for key in ("now", "later", "other", "open"))
    return word("counts", one.language, now=now, later=later, other=other, open=unsettled)


def _days(one: Assessment) -> list[tuple[date, int, list[str]]]:
    """Return the next days on which duties start: the day, in how many days, which."""
    coming: dict[date, list[str]] = {}
    for duty in one.duties("owed"):
        if duty.applies_from and not duty.applies_now:
            coming.setdefault(duty.applies_from, []).append(duty.title)
    return [(day, (day - one.day).days, titles) for day, titles in sorted(coming.items())[:_MOST_DAYS]]


def _needed(one: Assessment) -> set[str]:
    """Return the facts that open outcomes and duties wait for."""
    needs = [*(axis.needs for axis in one.outcomes.values()), *(duty.needs for duty in one.obligations)]
    return {fact for facts in needs for fact in facts}
