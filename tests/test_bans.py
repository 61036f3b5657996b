"""What no file of the project may hold."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOSTS = re.compile("python" + r"hosted|pypi[.]" + "org|registry[.]npm" + "js|deb[.]deb" + "ian", re.IGNORECASE)
HOME = re.compile("/(?:ro" + "ot|ho" + "me/[a-z]+|wo" + "rk)/|[A-Z]:\\\\Us" + "ers", re.ASCII)
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".lock", ".css", ".svg", ".json", ".jsonl", ".txt", ""}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix in TEXT and not path.name.startswith("LICENSE")
    }


def test_no_host_of_a_package_registry_is_named(files):
    assert [name for name, text in files.items() if HOSTS.search(text)] == []


def test_no_path_of_the_machine_a_file_was_written_on_is_named(files):
    assert [name for name, text in files.items() if HOME.search(text)] == []


def test_the_bans_would_notice():
    assert HOSTS.search("https://py" + "pi.org/simple")
    assert HOME.search("/ro" + "ot/project/file")


def test_no_official_wording_entered_the_project(shared):
    check = shared / "tools" / "verbatim_check.py"
    done = subprocess.run([check, str(ROOT)], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout
