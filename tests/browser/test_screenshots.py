"""The script that takes the README's pictures takes every one it lists."""

import subprocess
import sys

import pytest
from needs import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_pictures_are_taken_in_both_languages(tmp_path, browser_type_launch_args):
    command = [sys.executable, str(ROOT / "docs" / "screenshots.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {f"{name}-{language}.png" for name in ("ask", "assess", "result") for language in ("en", "ja")}
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in names)
