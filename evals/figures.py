"""The accepted figures that a reader of the application is told, each beside the target of this version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from assistant.law.base import Entry
from assistant.law.reading import read_entries
from evals.gate import BASELINE, RELEASE
from evals.results import Provenance, Run, read
from evals.statistics import Estimate, estimate

_HERE = Path(__file__).resolve().parent
State = Literal["met", "missed", "missed_held_out", "none"]


class Figure(Entry):
    """A figure to tell: the mean of a metric of a task, over all cases or over a language or slice; ``target`` is from 0 to 1."""

    id: str
    task: str
    metric: str
    part: str | None = None
    target: float | None = Field(default=None, gt=0, le=1)


class FiguresFile(Entry):
    """``figures.yaml``."""

    figures: list[Figure]
    largest_difference: float


@dataclass(frozen=True)
class Measured:
    """A figure as measured; an estimate is missing where its run has no such case."""

    figure: Figure
    development: Estimate | None
    held_out: Estimate | None

    @property
    def state(self) -> State:
        """Tell whether the target is met, and if not, where it is missed."""
        target = self.figure.target
        if target is None:
            return "none"
        if self.development is None or self.development.mean < target:
            return "missed"
        return "met" if self.held_out is None or self.held_out.mean >= target else "missed_held_out"


@dataclass(frozen=True)
class Accepted:
    """The figures of the accepted baseline and of the last release, and where they come from."""

    provenance: Provenance
    figures: list[Measured]
    largest_difference: float

    @property
    def aimed(self) -> int:
        """How many figures have a target."""
        return sum(one.state != "none" for one in self.figures)

    @property
    def missed(self) -> int:
        """How many targets are missed, on either group of questions."""
        return sum(one.state.startswith("missed") for one in self.figures)


def figures_file() -> FiguresFile:
    """Return which figures are told, and their targets.

    Raises:
        KnowledgeError: the file does not fit its schema.
    """
    return read_entries(_HERE / "figures.yaml", FiguresFile, _HERE)


def measured(baseline: Run, release: Run) -> list[Measured]:
    """Return every figure over the development questions of ``baseline`` and the held-out ones of ``release``."""
    return [Measured(one, _estimate(baseline, one), _estimate(release, one)) for one in figures_file().figures]


@cache
def accepted() -> Accepted:
    """Return the figures of the results that ship.

    Raises:
        AssistantError: a result file is missing or damaged.
    """
    baseline, release = read(BASELINE), read(RELEASE)
    return Accepted(baseline.provenance, measured(baseline, release), figures_file().largest_difference)


def _estimate(run: Run, figure: Figure) -> Estimate | None:
    scores = [
        one.verdicts[figure.metric].score
        for one in run.tasks.get(figure.task, [])
        if figure.metric in one.verdicts and figure.part in (None, one.language.value, *one.slices)
    ]
    return estimate(scores) if scores else None
