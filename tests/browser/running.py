"""The application as a user starts it: in a process of its own, which a test may kill."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

from needs import ROOT


@contextmanager
def started(folder, **settings):
    """Yield (address, process) of the application as a user starts it, over a data folder."""
    settings = {"ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_PORT": "0", "PYTHONUNBUFFERED": "1", **settings}
    with subprocess.Popen(
        [sys.executable, "ui.py"], cwd=ROOT, env={**os.environ, **settings},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        try:
            yield next(match[0] for line in process.stdout if (match := re.search(r"http://[\d.]+:\d+", line))), process
        finally:
            process.terminate()
            process.wait(15)
