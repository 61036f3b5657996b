"""How the scripts of this folder print their figures: a table with the machine, the version and the day."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def told(title: str, figures: list[tuple[str, str]]) -> str:
    """Return a Markdown table under a title that says where and when it was measured."""
    system = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    where = f"{system}, {_commit()}, {datetime.now(UTC):%Y-%m-%d}"
    rows = "\n".join(f"| {name} | {value} |" for name, value in figures)
    return f"{title} ({where})\n\n| measure | value |\n|---|---|\n{rows}"


def _commit() -> str:
    """Return the version of the code, short; with a mark where it was changed since."""
    command = ["git", "-C", str(Path(__file__).resolve().parent), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no commit"
