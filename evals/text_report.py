"""Runs and comparisons as text for a terminal or a Markdown page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.compare import Compared, Flip, differing_settings, unmatched
from evals.ladder import RUNGS
from evals.results import CaseResult, Run, parts, summary
from evals.statistics import Estimate, percentile

_MOST_FLIPS = 15
_SAID = 160  # characters of an answer shown


def run_lines(run: Run) -> Iterator[str]:
    """Yield a run's figures: every metric with its interval, then the composite by language and slice."""
    made = run.provenance
    changed = " with changed files" if made.changed_files else ""
    yield f"{made.system}, commit {made.commit[:10]}{changed}, knowledge {made.knowledge}"
    for task, cases in run.tasks.items():
        yield ""
        yield f"{task}: {len(cases)} cases"
        for metric, one in summary(cases).items():
            yield f"  {metric:<30} {told(one)}"
        yield from _parts(cases)
        yield from _ladder(cases)
        yield from _speed(cases)


def told(one: Estimate) -> str:
    """Return a mean with its interval and the number of cases."""
    return f"{one.mean:.3f}  [{one.low:.3f}, {one.high:.3f}]  n={one.n}"


def compared_lines(a: Run, b: Run, compared: list[Compared]) -> Iterator[str]:
    """Yield what differs between two runs: settings, figures with intervals and p, and the cases that flipped."""
    for line in differing_settings(a, b):
        yield f"differs: {line}"
    for task, (gone, new) in unmatched(a, b).items():
        yield f"{task}: {len(gone)} case(s) only in A, {len(new)} only in B; compared on the others"
    yield ""
    yield f"{'task, metric':<42} {'A':>7} {'B':>7} {'B - A':>8}  {'95 % interval':<18} {'gained':>6} {'lost':>5} {'p':>7}"
    for one in compared:
        c = one.change
        name = f"{one.task}, {one.metric}"
        interval = f"[{c.low:+.3f}, {c.high:+.3f}]"
        yield f"{name:<42} {c.a:7.3f} {c.b:7.3f} {c.mean:+8.3f}  {interval:<18} {c.gained:6d} {c.lost:5d} {c.p:7.3f}"
    for one in compared:
        yield from _flips(one, "lost", one.lost)
        yield from _flips(one, "gained", one.gained)


def _flips(one: Compared, word: str, flips: list[Flip]) -> Iterator[str]:
    if not flips:
        return
    yield ""
    yield f"{one.task}, {one.metric}, {word}:"
    for flip in flips[:_MOST_FLIPS]:
        yield f"  {flip.case}: {flip.before:.2f} → {flip.after:.2f}; {flip.why_after or flip.why_before}"
        if flip.said_before != flip.said_after:
            yield from (f"    {side}: {_short(said)}" for side, said in (("A", flip.said_before), ("B", flip.said_after)))
    if len(flips) > _MOST_FLIPS:
        yield f"  … and {len(flips) - _MOST_FLIPS} more: 'evals view' shows all"


def _parts(cases: list[CaseResult]) -> Iterator[str]:
    metric = "right" if any("right" in one.verdicts for one in cases) else "recall@10"
    yield f"  {metric} by language and slice"
    for part, members in sorted(parts(cases).items()):
        found = summary(members)
        if metric in found:
            yield f"    {part:<28} {told(found[metric])}"


def _ladder(cases: list[CaseResult]) -> Iterator[str]:
    counts = Counter(one.rung for one in cases if one.rung)
    if counts:
        yield "  where it failed first"
        yield from (f"    {rung:<28} {counts[rung]}" for rung in RUNGS if counts[rung])


def _speed(cases: list[CaseResult]) -> Iterator[str]:
    times = [float(one.record["ms"]) for one in cases if "ms" in one.record]
    if times:
        yield f"  milliseconds, p50 / p95: {percentile(times, 0.5):.0f} / {percentile(times, 0.95):.0f}"


def _short(text: str) -> str:
    return text if len(text) <= _SAID else f"{text[:_SAID]} …"
