"""The held-out third: read when a version is accepted, told in aggregates only."""

from __future__ import annotations

import hashlib

from assistant.answer.pipeline import Assistant
from assistant.types import AssistantError
from evals.results import CaseResult, Provenance, Run, Verdict
from evals.run import file_hash, planned, run
from evals.tasks import HELD_OUT

_TASKS = ("retrieval", "answers")


def run_held_out(assistant: Assistant, provenance: Provenance) -> Run:
    """Run the held-out questions and forget everything that tells of a single one.

    Raises:
        AssistantError: there is no held-out file beside this checkout, or a case does not fit.
    """
    if not HELD_OUT.is_file():
        raise AssistantError(f"{HELD_OUT.name} is not here; the held-out questions come with a checkout of the project.")
    done = run(planned(assistant, _TASKS, questions=HELD_OUT), provenance)
    told = provenance.model_copy(update={"datasets": {HELD_OUT.name: file_hash(HELD_OUT)}})
    return Run(provenance=told, tasks={task: _silenced(cases) for task, cases in done.tasks.items()})


def _silenced(cases: list[CaseResult]) -> list[CaseResult]:
    """Keep scores, language and slices; drop reasons, answers, ids and the order of the file.

    A hash stands for the id, so that two releases can be compared case by case.
    """
    bare = [
        CaseResult(
            id=hashlib.sha256(one.id.encode()).hexdigest()[:10],
            language=one.language,
            slices=one.slices,
            verdicts={name: Verdict(score=verdict.score) for name, verdict in one.verdicts.items()},
        )
        for one in cases
    ]
    return sorted(bare, key=lambda one: one.id)
