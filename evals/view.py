"""A run as one HTML file that needs nothing else: scores with intervals, slices, the failure ladder, and every case."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import jinja2

from evals.cases import Case
from evals.compare import compare, differing_settings, said
from evals.ladder import RUNGS
from evals.results import CaseResult, Run, parts, summary
from evals.scorers.outcome import COMPOSITE
from evals.statistics import Estimate, percentile

_TEMPLATE = Path(__file__).resolve().parent / "view.html.j2"


def page(run: Run, questions: dict[str, Case], before: Run | None = None) -> str:
    """Return the page; ``questions`` by id give what was asked and expected, where the dataset still has it.

    With the run ``before``, the figures show what changed and a case that flipped shows both answers side by side.
    """
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    earlier = before.tasks if before else {}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        run=run,
        provenance=run.provenance.model_dump(mode="json"),
        composite=COMPOSITE,
        tasks=[_task(name, cases, questions, earlier.get(name, [])) for name, cases in run.tasks.items()],
        differences=differing_settings(before, run) if before else [],
        changes={(one.task, one.metric): one.change for one in compare(before, run)} if before else {},
    )


def _task(name: str, cases: list[CaseResult], questions: dict[str, Case], before: list[CaseResult]) -> dict[str, Any]:
    earlier = {one.id: one for one in before}
    headline = "right" if any("right" in one.verdicts for one in cases) else "recall@10"
    rungs = Counter(one.rung for one in cases if one.rung)
    times = [float(one.record["ms"]) for one in cases if "ms" in one.record]
    return {
        "name": name,
        "headline": headline,
        "metrics": [(metric, one) for metric, one in summary(cases).items()],
        "parts": sorted(_headlines(cases, headline).items()),
        "rungs": [(rung, rungs[rung]) for rung in RUNGS if rungs[rung]],
        "failed": sum(rungs.values()),
        "speed": (percentile(times, 0.5), percentile(times, 0.95)) if times else None,
        "cases": [_case(one, questions.get(one.id), earlier.get(one.id), headline) for one in cases],
    }


def _headlines(cases: list[CaseResult], headline: str) -> dict[str, Estimate]:
    found = {part: summary(members) for part, members in parts(cases).items()}
    return {part: one[headline] for part, one in found.items() if headline in one}


def _case(one: CaseResult, question: Case | None, earlier: CaseResult | None, headline: str) -> dict[str, Any]:
    old = earlier.verdicts if earlier else {}
    changed = [name for name, verdict in one.verdicts.items() if name in old and old[name].score != verdict.score]
    return {
        "result": one,
        "question": question,
        "passed": one.verdicts[headline].passed if headline in one.verdicts else None,
        "changed": changed,
        "before": said(earlier) if earlier and changed else "",
        "after": said(one),
        "verdicts_before": old,
    }
