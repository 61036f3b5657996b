"""Speed and size of the product on this machine; prints a table for evals/README.md.

Run as ``make bench``. Each start is a new process with its own data folder; timings inside one process are taken
after a warm-up, over the questions of ``evals/datasets/speed.txt``. ``python -m evals.benchmark speed`` (or ``users``,
``shelf``) measures answers in the data folder in use instead, with the official texts installed there.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant import open_assistant
from assistant.settings import Settings
from evals.benchmark_answers import many_users, one_after_another
from evals.benchmark_shelf import beside_own_documents
from evals.timing import resident, seconds, short_questions, spread

_COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]
_ROUNDS = 5


def measure() -> dict[str, str]:
    """Return every figure, ready to print."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {"`--help`, cold": _seconds(lambda: _run(["--help"], folder))}
        figures["first start to a ready page"] = f"{_start(folder)[0]:.1f} s"
        elapsed, memory = _start(folder)
        figures["second start to a ready page"] = f"{elapsed:.1f} s"
        figures["resident memory of the serving process, page fetched"] = f"{memory:.0f} MiB"
        figures["`ask`, cold"] = _seconds(lambda: _run(["ask", "AI Act Article 26"], folder))
        figures |= _in_process(Path(folder))
    figures["installed environment"] = f"{_size(Path(sys.prefix)) / 2**20:.0f} MiB"
    return figures


def _run(arguments: list[str], folder: str) -> None:
    subprocess.run([*_COMMAND, *arguments], check=True, capture_output=True, env=_environment(folder))


def _environment(folder: str) -> dict[str, str]:
    return {**os.environ, "ASSISTANT_DATA_DIR": folder, "ASSISTANT_PORT": "0", "PYTHONUNBUFFERED": "1"}


def _seconds(call: Callable[[], None]) -> str:
    times = []
    for _ in range(3):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return f"{statistics.median(times):.2f} s"


def _start(folder: str) -> tuple[float, float]:
    """Return the seconds from the command to a page that was fetched, and the resident memory then in MiB."""
    started = time.perf_counter()
    with subprocess.Popen(
        [*_COMMAND, "serve"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=_environment(folder)
    ) as process:
        for line in process.stdout or ():
            if address := re.search(r"http://[\w.:]+", line):
                with urllib.request.urlopen(f"{address[0]}/en/") as page:  # noqa: S310 - our own address
                    page.read()
                break
        elapsed, memory = time.perf_counter() - started, resident(process.pid)
        process.terminate()
    return elapsed, memory


def _in_process(folder: Path) -> dict[str, str]:
    assistant = open_assistant(Settings(data_dir=folder))
    calls: dict[str, Callable[[str], object]] = {"`search`": assistant.search, "composed answer": assistant.ask}
    figures = {}
    for name, call in calls.items():
        call("AI Act Article 26")
        times = [seconds(call, question) for question in short_questions(_ROUNDS, name)]
        figures[f"{name}, p50 / p95 of {len(times)}"] = spread(times)
    return figures


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


_PARTS: dict[str, Callable[[], dict[str, str]]] = {
    "product": measure,
    "speed": one_after_another,
    "users": many_users,
    "shelf": beside_own_documents,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of one part, ``product`` where none is named."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmark", description="Measure speed and size on this machine.")
    parser.add_argument("part", nargs="?", choices=_PARTS, default="product")
    measured = _PARTS[parser.parse_args(arguments).part]()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}\n")
    print("| figure | measured |\n|---|---|")
    for name, value in measured.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
