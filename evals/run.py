"""Runs tasks and leaves one JSON file: where it came from, and a verdict for every case. An interrupted run goes on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.answer.pipeline import Assistant
from assistant.answer.write import PROMPT_HASH
from assistant.types import AssistantError
from assistant.version import __version__
from evals import tasks
from evals.cases import AS_OF, Case
from evals.judge import Judge
from evals.recorded import Replayer, Voice
from evals.results import CaseResult, Provenance, Run, write
from evals.scorers.citations import World
from evals.systems import Product

Progress = Callable[[int, int], None]
_ROOT = Path(__file__).resolve().parent.parent
_SETTINGS = ("embedding", "language", "max_question_chars")


def planned(
    assistant: Assistant,
    names: Sequence[str],
    part: str | None = None,
    questions: Path = tasks.QUESTIONS,
    voice: Voice | None = None,
    judge: Judge | None = None,
) -> list[tasks.Task]:
    """Return the tasks of these names over the product; ``part`` keeps the questions of one slice or language.

    With a replayed ``voice`` only the questions to which it replied are asked.

    Raises:
        AssistantError: a task or slice has no such name, or a case does not fit.
    """
    unknown = set(names) - set(tasks.TASKS)
    if unknown:
        raise AssistantError(f"There is no task '{', '.join(sorted(unknown))}'. The tasks are {', '.join(tasks.TASKS)}.")
    world = World(assistant.knowledge, assistant.library)
    product = Product(assistant, voice)
    asked = _part(tasks.read_questions(assistant.knowledge, questions), part)
    if isinstance(voice, Replayer):
        asked = [case for case in asked if case.id in voice.replies]
    makers: dict[str, Callable[[], tasks.Task]] = {
        "retrieval": lambda: tasks.retrieval(asked, product.ranked),
        "answers": lambda: tasks.answers(asked, product, world, judge),
        "assessment": lambda: tasks.assessment(tasks.read_assessments(), assistant.knowledge),
        "extraction": lambda: tasks.extraction(tasks.read_extractions(), world),
    }
    return [makers[name]() for name in tasks.TASKS if name in names]


def run(
    planned_tasks: list[tasks.Task], provenance: Provenance, into: Path | None = None, progress: Progress | None = None
) -> Run:
    """Run every task; with ``into``, each case is kept at once and a run that stopped goes on where it was.

    Raises:
        AssistantError: a task cannot be run here.
    """
    part = into.with_suffix(".part") if into else None
    done = _resumed(part, provenance) if part else {}
    found: dict[str, list[CaseResult]] = {}
    for task in planned_tasks:
        kept = [one for one in done.get(task.name, []) if one.id in task.cases]
        for result in task.results(one.id for one in kept):
            kept.append(result)
            if part:
                _keep(part, task.name, result)
            if progress:
                progress(len(kept), len(task.cases))
        order = list(task.cases)
        kept.sort(key=lambda one: order.index(one.id))
        found[task.name] = tasks.with_pairs(kept, task.cases.values()) if task.name == "answers" else kept
    finished = Run(provenance=provenance, tasks=found)
    if into and part:
        write(finished, into)
        part.unlink(missing_ok=True)
    return finished


def provenance(assistant: Assistant, names: Sequence[str], part: str | None = None, system: str = "ours") -> Provenance:
    """Return where a run of these tasks comes from."""
    settings = {name: str(getattr(assistant.settings, name) or "") for name in _SETTINGS}
    settings |= {"vectors": str(assistant.has_vectors), "texts": str(len(assistant.library.installed()))}
    return Provenance(
        commit=_git("rev-parse", "HEAD") or "unknown",
        changed_files=bool(_git("status", "--porcelain")),
        version=__version__,
        knowledge=assistant.knowledge.version,
        corpus=assistant.corpus,
        datasets={tasks.FILES[name].name: file_hash(tasks.FILES[name]) for name in names},
        settings=settings | ({"slice": part} if part else {}),
        system=system,
        prompt=PROMPT_HASH,
        model=assistant.settings.model or None,
        today=AS_OF,
        run_on=date.today(),
        machine=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    )


def file_hash(path: Path) -> str:
    """Return a short hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _part(cases: list[Case], part: str | None) -> list[Case]:
    if part is None:
        return cases
    kept = [case for case in cases if part in (case.language, *case.slices)]
    if not kept:
        names = sorted({name for case in cases for name in (case.language, *case.slices)})
        raise AssistantError(f"No question belongs to '{part}'. There are {', '.join(names)}.")
    return kept


def _resumed(part: Path, provenance: Provenance) -> dict[str, list[CaseResult]]:
    """Return what a run of the same provenance had done before it stopped; start the file anew for any other."""
    found: dict[str, list[CaseResult]] = {}
    lines = part.read_text(encoding="utf-8").splitlines() if part.is_file() else []
    if not lines or not _same(lines[0], provenance):
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(provenance.model_dump_json() + "\n", encoding="utf-8")
        return {}
    for line in lines[1:]:
        try:
            kept: dict[str, Any] = json.loads(line)
        except ValueError:  # the line that was being written
            break
        found.setdefault(kept["task"], []).append(CaseResult.model_validate(kept["case"]))
    return found


def _same(line: str, provenance: Provenance) -> bool:
    try:
        return Provenance.model_validate_json(line) == provenance
    except ValidationError:
        return False


def _keep(part: Path, task: str, result: CaseResult) -> None:
    with part.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"task": task, "case": result.model_dump(mode="json")}, ensure_ascii=False) + "\n")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
