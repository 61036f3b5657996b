"""Many users at once: each asks a question every 15 seconds, on one process that answers without a model.

Run as ``python -m evals.load.asking [--users 50] [--minutes 5]``. The users share the machine's cores with the application.
Targets: no error, 95 of 100 answers within a second, memory that does not grow by more than 100 MiB after the first minute.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from evals.load.figures import told
from evals.load.serving import serving
from evals.statistics import percentile
from evals.timing import resident, short_questions

_EVERY = 15.0  # seconds between two questions of one user
_SLOWEST, _GROWTH = 1.0, 100.0  # seconds for 95 of 100 answers; MiB


@dataclass
class Load:
    """What was seen: seconds a question, what went wrong, and the memory of the process in MiB over time."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def figures(self, users: int, minutes: float) -> list[tuple[str, str]]:
        """Return the figures, ready to print."""
        times = [percentile(self.seconds, share) for share in (0.5, 0.95, 1.0)]
        return [
            ("users, each asking every 15 s", f"{users} for {minutes:g} min"),
            ("questions answered", str(len(self.seconds))),
            ("errors", str(len(self.errors)) + (f" ({', '.join(sorted(set(self.errors)))})" if self.errors else "")),
            ("answers a second", f"{len(self.seconds) / (60 * minutes):.1f}"),
            ("time of an answer, p50 / p95 / longest", " / ".join(f"{one * 1000:.0f}" for one in times) + " ms"),
            ("memory after a minute / in the end / most", " / ".join(f"{one:.0f}" for one in self._memory()) + " MiB"),
        ]

    def missed(self) -> list[str]:
        """Return the targets that were missed."""
        settled, end, _ = self._memory()
        return [
            *(["errors"] if self.errors else []),
            *(["time"] if percentile(self.seconds, 0.95) >= _SLOWEST else []),
            *(["memory"] if end - settled > _GROWTH else []),
        ]

    def _memory(self) -> tuple[float, float, float]:
        return self.memory[min(5, len(self.memory) - 1)], self.memory[-1], max(self.memory)


async def load(address: str, process: int, users: int, minutes: float) -> Load:
    """Let users ask for some minutes, and look at the memory of the process every ten seconds."""
    seen, end = Load(), time.monotonic() + 60 * minutes
    questions = short_questions(max(2, int(users * minutes * 60 / _EVERY / 20) + 1), "load")
    chosen = random.Random(1)  # noqa: S311 - the same questions each time
    chosen.shuffle(questions)
    limits = httpx.Limits(max_connections=users)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client, asyncio.TaskGroup() as tasks:
        tasks.create_task(_watch(seen, process, end))
        for number in range(users):
            tasks.create_task(_user(client, seen, questions[number::users], chosen.random() * _EVERY, end))
    return seen


async def _user(client: httpx.AsyncClient, seen: Load, questions: list[str], wait: float, end: float) -> None:
    for number in range(10**6):
        await asyncio.sleep(wait)
        if time.monotonic() > end:
            return
        started = time.perf_counter()
        try:
            answer = await client.post("/api/v1/ask", json={"question": questions[number % len(questions)]})
            answer.raise_for_status()
            answer.json()["answer"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            seen.errors.append(type(error).__name__)
        else:
            seen.seconds.append(time.perf_counter() - started)
        wait = max(0.0, _EVERY - (time.perf_counter() - started))


async def _watch(seen: Load, process: int, end: float) -> None:
    while time.monotonic() < end:
        seen.memory.append(resident(process))
        await asyncio.sleep(10)
    seen.memory.append(resident(process))


def main() -> None:
    """Print the figures; exit 1 where a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--minutes", type=float, default=5.0)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (address, process):
        httpx.post(f"{address}/api/v1/ask", json={"question": "What is an AI system?"}, timeout=60).raise_for_status()
        seen = asyncio.run(load(address, process.pid, given.users, given.minutes))
    print(told("Many users", seen.figures(given.users, given.minutes)))
    if missed := seen.missed():
        print(f"Targets missed: {', '.join(missed)}.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
