"""What a test needs from its surroundings, and what happens where that is missing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
REQUIRE_ALL = os.environ.get("ASSISTANT_REQUIRE_ALL") == "1"


def skip_or_fail(reason: str) -> None:
    """Skip a test whose needs are missing; fail it where everything must run."""
    if REQUIRE_ALL:
        pytest.fail(f"ASSISTANT_REQUIRE_ALL=1, but {reason}")
    pytest.skip(reason)
