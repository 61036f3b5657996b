"""The dashboard: outcomes, reviews, duties and days of all systems as plots, each with its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.store.duties import STATES as DUTY_STATES
from assistant.store.systems import STATES
from assistant.web.systems.deadlines import Deadline, deadlines
from assistant.web.systems.duties import UNSETTLED, rows
from assistant.web.systems.office import Line, Office

_MONTHS = 12
_MOST = 8
WIDEST, HEIGHT, LEFT = 380, 28, 220  # of a plot, in its own units


@dataclass(frozen=True)
class Bar:
    """One bar of a plot, with the width that its number has beside the largest."""

    label: str
    number: int
    width: float
    top: int


@dataclass(frozen=True)
class Plot:
    """A plot with its title; the same numbers stand in its table."""

    key: str
    bars: list[Bar]


def add(router: APIRouter, office: Office) -> None:
    """Add the dashboard."""
    pages, desk = office.pages, office.desk

    @router.get("/systems/dashboard")
    def dashboard(request: Request) -> Response:
        lines = office.lines()
        coming = sorted(
            one for line in lines if line.standing for one in deadlines(line.standing, desk.duties.all(line.system.id))
        )
        plots = [
            plot("outcomes", Counter(line.outcome for line in lines if line.outcome)),
            plot("states", {pages.t(f"state_{one}"): sum(line.system.state == one for line in lines) for one in STATES}),
            plot("duties", _duties(office, lines)),
            plot("months", _months(office, coming)),
            plot("open", _unsettled(office, lines)),
        ]
        today = desk.today()
        return pages.render(
            "systems/dashboard.html",
            request,
            nav="systems",
            plots=[one for one in plots if one.bars],
            total=len(lines),
            overdue=[one for one in coming if one.day < today],
            coming=[one for one in coming if one.day >= today][:_MOST],
            width=WIDEST,
            height=HEIGHT,
            left=LEFT,
        )


def plot(key: str, numbers: Mapping[str, int]) -> Plot:
    """Return a plot of numbers by label."""
    most = max([*numbers.values(), 1])
    bars = [Bar(label, n, round(n / most * WIDEST, 1), place * HEIGHT) for place, (label, n) in enumerate(numbers.items())]
    return Plot(key, bars if any(numbers.values()) else [])


def _duties(office: Office, lines: Iterable[Line]) -> dict[str, int]:
    found = Counter(row.state for line in lines if line.standing for row in rows(office, line.standing))
    return {office.t(f"duty_{state}"): found[state] for state in (*DUTY_STATES, UNSETTLED)}


def _months(office: Office, coming: Iterable[Deadline]) -> dict[str, int]:
    """Return how many days there are to keep in each of the next months."""
    today = office.desk.today()
    months = [((today.year * 12 + today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1) for n in range(_MONTHS)]
    found = Counter((one.day.year, one.day.month) for one in coming if one.day >= today)
    return {office.t("dashboard_month", year=year, month=f"{month:02d}"): found[year, month] for year, month in months}


def _unsettled(office: Office, lines: Iterable[Line]) -> dict[str, int]:
    found = Counter(fact for line in lines if line.standing for fact in line.standing.assessment.open_questions)
    return {office.desk.knowledge.facts[fact].label.in_language(office.pages.language): n for fact, n in found.most_common(_MOST)}
