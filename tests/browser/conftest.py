"""A real server on loopback and headless Chromium from the system."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from needs import skip_or_fail
from playwright.sync_api import Page, expect
from running import started

expect.set_options(timeout=15_000)
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or not Path(path).exists():
        skip_or_fail("Chromium is not installed: install your system's chromium package, or set CHROMIUM to its path")
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS.split()}


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory):
    """The data folder of ``site``."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def site(site_folder):
    """Address of the application as it ships, started by ui.py as a user starts it."""
    with started(site_folder) as (address, _):
        yield address


@pytest.fixture
def watched(page: Page):
    """The page, with everything that must not happen written down; ``complaints`` are errors on its console."""
    page.foreign = []
    page.errors = []
    page.on("request", lambda request: page.foreign.append(request.url) if not _local(request.url) else None)
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on(
        "response", lambda response: page.errors.append(f"{response.status} {response.url}") if response.status >= 400 else None
    )
    return page


def _local(url):
    return re.match(r"(https?|ws)://(127\.0\.0\.1|localhost)[:/]|data:|blob:", url)
