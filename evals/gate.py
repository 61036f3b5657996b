"""Nothing gets worse in silence: a run is held against the accepted baseline, case by case and slice by slice."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.types import AssistantError
from evals.compare import compare, unmatched
from evals.results import RESULTS, Run, parts, summary

BASELINE = RESULTS / "baseline.json"
RELEASE = RESULTS / "release.json"
# Of these, no case may be lost; of all others, no mean may fall by more than the tolerance.
BY_CASE = {
    "answers": ("right", "nothing_forbidden", "citations_exist", "quotes_verbatim", "claims_cited", "sentences_supported"),
    "assessment": ("right",),
    "extraction": ("right",),
}
_TOLERANCE = 0.01
_SLICE_TOLERANCE = 0.1  # a slice has about 15 cases: less than this is part of one case or one case
_SAME = ("settings", "model", "system", "today")


def regressions(baseline: Run, run: Run) -> list[str]:
    """Return every reason why a run must not replace the baseline; empty where nothing got worse.

    Raises:
        AssistantError: the two runs were not made in the same way, so that they cannot be held against each other.
    """
    _refuse_incomparable(baseline, run)
    return [*_missing(baseline, run), *_lost(baseline, run), *_fallen(baseline, run)]


def _refuse_incomparable(baseline: Run, run: Run) -> None:
    mine, other = baseline.provenance.model_dump(mode="json"), run.provenance.model_dump(mode="json")
    differing = [f"{name} {mine[name]} / {other[name]}" for name in _SAME if mine[name] != other[name]]
    if differing:
        raise AssistantError(
            f"The baseline was made in another way ({'; '.join(differing)}): run with the same settings, or accept a new one."
        )


def _missing(baseline: Run, run: Run) -> Iterator[str]:
    for task, (gone, _) in unmatched(baseline, run).items():
        if gone and task in run.tasks:
            yield f"{task}: {len(gone)} case(s) of the baseline were not run: {', '.join(gone[:10])}"


def _lost(baseline: Run, run: Run) -> Iterator[str]:
    for one in compare(baseline, run):
        if one.metric in BY_CASE.get(one.task, ()):
            for flip in one.lost:
                yield f"{one.task}, {one.metric}: {flip.case} fell from {flip.before:.2f} to {flip.after:.2f}: {flip.why_after}"


def _fallen(baseline: Run, run: Run) -> Iterator[str]:
    """Yield the means that fell, over all cases and over each language and slice."""
    for one in compare(baseline, run):
        if one.change.mean < -_TOLERANCE:
            yield f"{one.task}, {one.metric}: {one.change.a:.3f} → {one.change.b:.3f} over {one.change.n} cases"
    for task in baseline.tasks.keys() & run.tasks.keys():
        before, after = parts(baseline.tasks[task]), parts(run.tasks[task])
        for part in before.keys() & after.keys():
            mine, other = summary(before[part]), summary(after[part])
            for metric in mine.keys() & other.keys():
                if other[metric].mean - mine[metric].mean < -_SLICE_TOLERANCE:
                    yield f"{task}, {metric}, {part}: {mine[metric].mean:.3f} → {other[metric].mean:.3f}"
