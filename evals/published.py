"""The published figures of answers: two tables made from the accepted baseline and the last release, nothing typed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from evals.results import CaseResult, Run, parts, summary
from evals.statistics import Estimate

_TASK = "answers"
_FIGURES = (
    "right", "as_expected", "answered", "refusal_recall", "refusal_reason", "refusal_precision", "gold_cited", "key_facts",
    "nothing_forbidden", "citations_exist", "quotes_verbatim", "claims_cited", "sentences_supported", "citations_needed",
    "attribution", "pinpoint_recall_article", "pinpoint_recall_paragraph", "pinpoint_recall_point", "pinpoint_precision_article",
    "pinpoint_precision_paragraph", "pinpoint_precision_point", "language", "day", "pair",
)  # fmt: skip


def published(baseline: Run, release: Run) -> Iterator[str]:
    """Yield the tables as lines of Markdown: figures, the composite by language and slice, and where cases failed first."""
    made = baseline.provenance
    yield f"Knowledge {made.knowledge}, commit {made.commit[:10]}, {made.machine}, {made.run_on}; mean [95 % interval], n."
    yield ""
    development, held_out = (summary(run.tasks[_TASK]) for run in (baseline, release))
    yield from _table("figure", [(f"`{name}`", development.get(name), held_out.get(name)) for name in _FIGURES])
    composites = [_composites(run.tasks[_TASK]) for run in (baseline, release)]
    yield from _table(
        "`right` by language and slice", [(part, one, composites[1].get(part)) for part, one in composites[0].items()]
    )
    failed = Counter(one.rung for one in baseline.tasks[_TASK] if one.rung)
    told = ", ".join(f"{rung} {count}" for rung, count in failed.most_common())
    yield f"Where the {failed.total()} development questions that are not right failed first: {told}."


def _table(head: str, rows: list[tuple[str, Estimate | None, Estimate | None]]) -> Iterator[str]:
    yield f"| {head} | development | held out |"
    yield "|---|---|---|"
    yield from (f"| {name} | {_cell(one)} | {_cell(other)} |" for name, one, other in rows)
    yield ""


def _composites(cases: list[CaseResult]) -> dict[str, Estimate]:
    return {part: summary(members)["right"] for part, members in sorted(parts(cases).items())}


def _cell(one: Estimate | None) -> str:
    return f"{one.mean:.3f} [{one.low:.2f}, {one.high:.2f}], {one.n}" if one else "–"
