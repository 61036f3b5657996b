"""What every benchmark shares: questions new to the process, times, and the memory of a process."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.statistics import percentile

_SPEED = Path(__file__).resolve().parent / "datasets" / "speed.txt"


def short_questions(rounds: int, mark: str) -> list[str]:
    """Return the questions of ``datasets/speed.txt``, several times over and each new to the process.

    What was asked before need not be embedded again, so that a second time would say little.
    """
    questions = _SPEED.read_text(encoding="utf-8").splitlines()
    return [f"{question} ({mark} {n})" for n in range(rounds) for question in questions]


def seconds(call: Callable[[str], object], question: str) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    call(question)
    return time.perf_counter() - started


def spread(times: Sequence[float]) -> str:
    """Return p50 / p95 in milliseconds."""
    return f"{percentile(times, 0.5) * 1000:.0f} / {percentile(times, 0.95) * 1000:.0f} ms"


def resident(process: int) -> float:
    """Return the resident memory of a process in MiB; not a number where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    match = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.is_file() else None
    return int(match[1]) / 1024 if match else float("nan")
