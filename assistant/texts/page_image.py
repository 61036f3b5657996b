"""A page of a PDF as a picture, with what was quoted from it highlighted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from assistant.texts.model import UnreadableTextError

_MEMORY_MIB = 1024
_SECONDS = 30


def draw(path: Path, page: int, passages: list[str]) -> bytes:
    """Return page ``page`` (from 1) as PNG, with ``passages`` highlighted where they are found.

    Raises:
        UnreadableTextError: there is no such page, or it cannot be drawn within the limits.
    """
    command = [
        sys.executable,
        "-m",
        "assistant.texts.page_child",
        str(path.resolve()),
        str(page),
        str(_MEMORY_MIB),
        str(_SECONDS),
    ]
    try:
        done = subprocess.run(
            command, input=json.dumps(passages).encode(), capture_output=True, timeout=_SECONDS + 10, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableTextError("Drawing the page took too long.") from error
    if done.returncode or not done.stdout:
        raise UnreadableTextError("The page cannot be drawn.")
    return done.stdout
