"""What a run leaves behind: one JSON file with where it came from and a verdict with reasons for every case.

No official wording is kept: of an answer only our own words, ids and hashes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.types import AssistantError, Language
from evals.statistics import Estimate, estimate

SCHEMA = 1
RESULTS = Path(__file__).resolve().parent / "results"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Verdict(_Kept):
    """What one scorer says of one case: ``score`` from 0 to 1, higher is better (milliseconds apart), and why."""

    score: float
    why: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether nothing is left to wish for."""
        return self.score >= 1.0


class CaseResult(_Kept):
    """One case as it went; ``record`` is what the system gave, as far as it may be kept; ``rung`` where it failed."""

    id: str
    language: Language
    slices: list[str]
    verdicts: dict[str, Verdict]
    record: dict[str, Any] = Field(default_factory=dict)
    rung: str | None = None


class Provenance(_Kept):
    """Where a run came from."""

    commit: str
    changed_files: bool
    version: str
    knowledge: str
    corpus: str
    datasets: dict[str, str]
    settings: dict[str, str]
    system: str
    prompt: str
    model: str | None
    today: date
    run_on: date
    machine: str


class Run(_Kept):
    """A whole run: tasks by name, each with its cases."""

    schema_version: int = SCHEMA
    provenance: Provenance
    tasks: dict[str, list[CaseResult]]
    accepted: str | None = None

    def scores(self, task: str, metric: str) -> dict[str, float]:
        """Return the score of each case to which a metric applies."""
        return {one.id: one.verdicts[metric].score for one in self.tasks.get(task, []) if metric in one.verdicts}


def metrics(cases: list[CaseResult]) -> list[str]:
    """Return the metrics that apply to any of these cases, in the order of first appearance."""
    return list(dict.fromkeys(name for one in cases for name in one.verdicts))


def summary(cases: list[CaseResult]) -> dict[str, Estimate]:
    """Return each metric's mean over the cases to which it applies."""
    scores: dict[str, list[float]] = defaultdict(list)
    for one in cases:
        for name, verdict in one.verdicts.items():
            scores[name].append(verdict.score)
    return {name: estimate(found) for name, found in scores.items()}


def parts(cases: list[CaseResult]) -> dict[str, list[CaseResult]]:
    """Return the cases by language and by slice; a case counts in each slice it belongs to."""
    found: dict[str, list[CaseResult]] = {language.value: [] for language in Language}
    for one in cases:
        for part in (one.language.value, *one.slices):
            found.setdefault(part, []).append(one)
    return {part: members for part, members in found.items() if members}


def write(run: Run, path: Path) -> None:
    """Write a run, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".writing")
    fresh.write_text(_as_text(run), encoding="utf-8")
    fresh.replace(path)


def read(path: Path) -> Run:
    """Read a run.

    Raises:
        AssistantError: the file is missing, is no result file, or was written by another version of the harness.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AssistantError(f"There is no result file {path}. 'evals run -o FILE' makes one.") from error
    except (OSError, ValueError) as error:
        raise AssistantError(f"{path} is not a result file ({error}).") from error
    schema = data.get("schema_version") if isinstance(data, dict) else None
    if schema != SCHEMA:
        raise AssistantError(
            f"{path} has schema {schema}; this version reads schema {SCHEMA}. Check out its commit and run the evaluation again."
        )
    try:
        return Run.model_validate(data)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise AssistantError(f"{path} is not a whole result file: {where}: {fault['msg']}.") from error


def _as_text(run: Run) -> str:
    """One case a line, so that a change of a committed result can be read."""
    data = run.model_dump(mode="json", exclude_defaults=True) | {"schema_version": SCHEMA}
    tasks = data.pop("tasks")
    lines = [json.dumps(data, ensure_ascii=False, indent=1).rstrip("\n}") + ',\n "tasks": {']
    for n, (name, cases) in enumerate(tasks.items()):
        rows = ",\n".join(f"   {json.dumps(one, ensure_ascii=False)}" for one in cases)
        lines.append(f'  "{name}": [\n{rows}\n  ]' + ("," if n < len(tasks) - 1 else ""))
    return "\n".join([*lines, " }", "}", ""])
