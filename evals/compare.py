"""Two runs side by side: which figures differ by more than chance, and which cases flipped."""

from __future__ import annotations

from dataclasses import dataclass

from evals.results import CaseResult, Run, metrics
from evals.statistics import Difference, difference


@dataclass(frozen=True)
class Flip:
    """A case whose score on one metric changed, with the reasons and what was said on both sides."""

    case: str
    before: float
    after: float
    why_before: str
    why_after: str
    said_before: str = ""
    said_after: str = ""


@dataclass(frozen=True)
class Compared:
    """One metric of one task over the cases that both runs have."""

    task: str
    metric: str
    change: Difference
    lost: list[Flip]
    gained: list[Flip]


def compare(a: Run, b: Run) -> list[Compared]:
    """Compare every metric of every task that both runs have, in the order of A."""
    found = []
    for task, cases in a.tasks.items():
        for metric in metrics(cases):
            if one := _metric(a, b, task, metric):
                found.append(one)
    return found


def differing_settings(a: Run, b: Run) -> list[str]:
    """Return what else differs between two runs, ready to print: a difference in figures may come from it."""
    mine, other = a.provenance.model_dump(mode="json"), b.provenance.model_dump(mode="json")
    return [f"{name}: {mine[name]} → {other[name]}" for name in mine if mine[name] != other[name] and name != "run_on"]


def unmatched(a: Run, b: Run) -> dict[str, tuple[list[str], list[str]]]:
    """Return, by task, the cases that only A has and those that only B has."""
    found = {}
    for task in {*a.tasks, *b.tasks}:
        mine, other = ({one.id for one in run.tasks.get(task, [])} for run in (a, b))
        if mine != other:
            found[task] = (sorted(mine - other), sorted(other - mine))
    return found


def _metric(a: Run, b: Run, task: str, metric: str) -> Compared | None:
    before, after = a.scores(task, metric), b.scores(task, metric)
    common = [identity for identity in before if identity in after]
    if not common:
        return None
    change = difference([before[one] for one in common], [after[one] for one in common])
    results = [{one.id: one for one in run.tasks[task]} for run in (a, b)]
    changed = [identity for identity in common if before[identity] != after[identity]]
    flips = [_flip(results[0][identity], results[1][identity], metric) for identity in changed]
    lost = [one for one in flips if one.after < one.before]
    return Compared(task, metric, change, lost, [one for one in flips if one.after > one.before])


def _flip(before: CaseResult, after: CaseResult, metric: str) -> Flip:
    one, other = before.verdicts[metric], after.verdicts[metric]
    return Flip(before.id, one.score, other.score, one.why, other.why, said(before), said(after))


def said(result: CaseResult) -> str:
    """Return what a system said to a case, as far as it was kept: the refusal, the answer, or the provisions found."""
    record = result.record
    sentences = " ".join(str(one["text"]) for one in record.get("sentences") or [])
    return str(record.get("refusal") or sentences or ", ".join(record.get("ranked") or []))
