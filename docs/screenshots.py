"""Takes the README's screenshots anew, in English and Japanese: ``python docs/screenshots.py [FOLDER]``.

Starts the application on a fresh data folder and looks at it with the system's Chromium (another place: set ``CHROMIUM``).
Needs the extra ``test``. Pictures go into ``docs/`` unless another folder is given.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-dev-shm-usage".split()
HEIGHT = 960
STILL_MS = 2000  # after an answer with its sources, until notices and animations have gone
QUESTIONS = {
    "en": "When do the rules for high-risk AI systems apply?",
    "ja": "高リスクAIシステムのルールはいつから適用されますか",
}


class Shot(NamedTuple):
    """A picture ``NAME-en.png`` and ``NAME-ja.png`` of the page at ``path``, ``width`` CSS pixels wide.

    ``{system}`` in a path is the example that ships, in the register.
    """

    path: str
    name: str
    width: int


SHOTS = [
    Shot("/", "ask", 1280),
    Shot("/systems/{system}/question/eu.roles", "assess", 1280),
    Shot("/systems/{system}", "result", 1280),
]


@contextmanager
def running() -> Iterator[str]:
    """Start the application as a user does; yields its address.

    Raises:
        SystemExit: it did not start.
    """
    with tempfile.TemporaryDirectory() as data:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        settings |= {"ASSISTANT_DATA_DIR": data, "ASSISTANT_PORT": "0", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, str(DOCS.parent / "ui.py")]
        with subprocess.Popen(command, cwd=DOCS.parent, env=settings, stdout=subprocess.PIPE, text=True) as process:
            try:
                lines = process.stdout or ()
                address = next((found[0] for line in lines if (found := re.search(r"http://[\d.]+:\d+", line))), None)
                if address is None:
                    raise SystemExit("The application did not start; what it said stands above.")
                yield address
            finally:
                process.terminate()
                process.wait(15)


def assessed(site: str) -> str:
    """Put the example that ships into the register; return its id."""
    with (DOCS / "example-answers.yaml").open("rb") as file:
        return httpx.post(f"{site}/en/assess/file", files={"file": file}, timeout=60).headers["location"].split("/")[3]


def ask(page: Page, language: str) -> None:
    """Put the question of the picture and wait for its answer with sources."""
    page.locator("#question textarea").fill(QUESTIONS[language])
    page.locator("#send").click()
    page.locator("#sources .source").first.wait_for()
    page.locator("#question textarea").blur()
    page.wait_for_timeout(STILL_MS)  # Gradio keeps a connection open, so the network never falls silent
    page.locator("#chat").get_by_text(QUESTIONS[language]).first.scroll_into_view_if_needed()


def take(folder: Path) -> None:
    """Take every picture into ``folder``.

    Raises:
        SystemExit: Chromium is missing, or a page cannot be shown.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is not installed: install your system's chromium package, or set CHROMIUM to its path.")
    folder.mkdir(parents=True, exist_ok=True)
    with running() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        system = assessed(site)
        for shot in SHOTS:
            for language in QUESTIONS:
                page = browser.new_page(viewport={"width": shot.width, "height": HEIGHT}, color_scheme="light")
                response = page.goto(f"{site}/{language}{shot.path.format(system=system)}")
                if response is None or not response.ok:
                    raise SystemExit(f"There is no page {shot.path}: correct SHOTS.")
                if shot.name == "ask":
                    ask(page, language)
                page.screenshot(path=folder / f"{shot.name}-{language}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
