"""Signing in with a provider in a real browser, which keeps cookies and policies that a test client does not."""

import os
import subprocess
import sys

import pytest
from needs import ROOT
from running import started
from web.oidc_provider import CLIENT, SECRET, serving

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _found(folder):
    """Make an organisation, whose first admin is invited, as whoever runs the server does."""
    command = "from assistant.cli import main; main()"
    arguments = ["team", "found", "Lamp works", "--admin", "reader@lamp.example"]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", command, *arguments], cwd=ROOT, env=environment, check=True, timeout=60)


def test_the_button_leads_to_the_provider_and_back_to_the_page_asked_for(page, tmp_path):
    _found(tmp_path)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    with serving() as provider:
        settings = {"TEAM": "true", "EMBEDDING": "none", "OIDC_ISSUER": provider.play.address, "OIDC_NAME": "Lamp ID"}
        settings |= {"OIDC_CLIENT": CLIENT, "OIDC_SECRET": SECRET}
        with started(tmp_path, **{f"ASSISTANT_{name}": value for name, value in settings.items()}) as (address, _):
            page.goto(f"{address}/ja/systems")
            page.get_by_role("button", name="Lamp ID").click()
            page.wait_for_url(f"{address}/ja/systems")
            page.goto(f"{address}/ja/account")
            assert "reader@lamp.example" in page.content()
            cookies = {one["name"]: one for one in page.context.cookies()}
            assert cookies["session"]["httpOnly"]
            assert "signing-in" not in cookies
    assert complaints == []
