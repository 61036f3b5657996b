"""Speed and size of the product on this machine; prints a table for evals/README.md.

Run as ``make bench``. Each start is a new process with its own data folder; timings inside one process are taken
after a warm-up, over the questions of ``evals/datasets/speed.txt``.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from assistant import open_assistant
from assistant.settings import Settings

_HERE = Path(__file__).resolve().parent
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


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}\n")
    print("| figure | measured |\n|---|---|")
    for name, value in measure().items():
        print(f"| {name} | {value} |")


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
        elapsed, memory = time.perf_counter() - started, _resident(process.pid)
        process.terminate()
    return elapsed, memory


def _resident(process: int) -> float:
    """Return the resident memory of a process in MiB; not a number where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    match = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.is_file() else None
    return int(match[1]) / 1024 if match else float("nan")


def _in_process(folder: Path) -> dict[str, str]:
    assistant = open_assistant(Settings(data_dir=folder))
    questions = (_HERE / "datasets" / "speed.txt").read_text(encoding="utf-8").splitlines()
    calls: dict[str, Callable[[str], object]] = {"`search`": assistant.search, "composed answer": assistant.ask}
    figures = {}
    for name, call in calls.items():
        call(questions[0])
        # Each text is new to the process: what was asked before need not be embedded again.
        fresh = [f"{question} ({name} {n})" for n in range(_ROUNDS) for question in questions]
        times = sorted(_timed(call, question) for question in fresh)
        p50, p95 = statistics.median(times), times[int(0.95 * (len(times) - 1))]
        figures[f"{name}, p50 / p95 of {len(times)}"] = f"{p50 * 1000:.0f} / {p95 * 1000:.0f} ms"
    return figures


def _timed(call: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    call(question)
    return time.perf_counter() - started


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    main()
