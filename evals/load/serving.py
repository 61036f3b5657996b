"""The application in a process of its own, as the scripts of this folder start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()", "serve", "--port", "0"]


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Yield (address, process) of the application over a data folder; it is killed in the end."""
    own = {"ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_LOG_LEVEL": "error", "PYTHONUNBUFFERED": "1"}
    environment = {**os.environ, **own, **settings}
    with subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield _address(process), process
        finally:
            process.kill()
            process.wait(15)


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if match := re.search(r"http://[\d.]+:\d+", line):
            return match[0]
    raise RuntimeError(f"the application did not start (exit status {process.wait(15)})")
