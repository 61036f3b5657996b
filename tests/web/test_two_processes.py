"""Two processes of the application, one database, one Chroma server: whatever one begins or changes, the other goes on with."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from browser.running import started
from needs import ROOT
from search.test_served_index import chroma_server, free_port
from sqlalchemy import make_url
from store.conftest import KINDS, emptied
from texts.pages import OFFICIAL_JOURNAL
from web.chat_calls import call, handlers

pytestmark = pytest.mark.long
QUESTION, POLICY = "Demo Act Article 5(1)", "# Lens policy\n\nEvery Thursday the keeper polishes the brass lens with vinegar."
API = "/api/v1"


@contextmanager
def pair(folder, url, chroma):
    """Yield two clients, each of a process of its own, and the settings that both have."""
    settings = {
        "ASSISTANT_KNOWLEDGE_DIR": str(ROOT / "tests" / "small"), "ASSISTANT_DATABASE_URL": url, "ASSISTANT_CHROMA_URL": chroma,
    }  # fmt: skip
    with (
        started(folder, **settings) as (one, _),
        started(folder, **settings) as (other, _),
        httpx.Client(base_url=one, timeout=30) as first,
        httpx.Client(base_url=other, timeout=30) as second,
    ):
        yield first, second, settings


def _until(condition, seconds=40):
    """Wait until something is so: the other process looks every few seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.5)
    return condition()


def _begin(client):
    """Return the handler that takes a question."""
    return next(number for number, inputs in handlers(client) if inputs[:2] == ["question", "question"])


def _said(client, question):
    return client.post(f"{API}/ask", json={"question": question}).json()


@pytest.mark.parametrize("kind", KINDS)
def test_what_one_process_begins_or_changes_the_other_goes_on_with(tmp_path, kind):
    port = free_port()
    with emptied(kind, tmp_path) as url, chroma_server(tmp_path / "chroma", port) as (address, server):
        assert make_url(url).get_backend_name() == kind
        with pair(tmp_path / "data", url, address) as (one, other, settings):
            assert [client.get("/health/ready").json()["vectors"] for client in (one, other)] == [True, True]
            _a_conversation_continues(one, other)
            _documents_reach_both(one, other)
            _texts_reach_both(one, other, tmp_path, settings)
            server.kill()
            server.wait()
            for client in (one, other):
                answer = _said(client, "What must a keeper of lamps do about light and oil?")
                assert any("by words" in warning for warning in answer["warnings"])
            with chroma_server(tmp_path / "empty", port):
                for client in (one, other):
                    assert _until(lambda client=client: client.get("/health/ready").json()["vectors"])
                    assert not any("by words" in one for one in _said(client, "And of oil lamps, what?")["warnings"])


def _a_conversation_continues(one, other):
    call(one, _begin(one), [QUESTION, QUESTION, "", ""], "k1")
    identity = _until(lambda: re.search(r"/conversations/([0-9a-f]{12})", one.get("/en/conversations").text))[1]
    assert _until(lambda: "Article 5" in other.get(f"/en/conversations/{identity}").text)
    call(other, _begin(other), ["Demo Act Article 10", "", identity, ""], "k2")
    for client in (one, other):
        page = _until(lambda client=client: "Article 10" in (text := client.get(f"/en/conversations/{identity}").text) and text)
        assert QUESTION in page


def _documents_reach_both(one, other):
    asked = "What does our lens policy say of Thursday?"
    assert not _own(_said(other, asked))
    assert one.post("/en/library/own", files={"file": ("policy.md", POLICY.encode())}).status_code == 303
    assert _own(_said(other, asked)), "with the very next question"
    identity = re.search(r"/library/own/([0-9a-f]{12})", other.get("/en/library/own").text)[1]
    assert other.post(f"/en/library/own/{identity}/delete").status_code == 303
    assert not _own(_said(one, asked))


def _own(answer):
    return [citation for citation in answer["citations"] if citation["force"] == "own"]


def _texts_reach_both(one, other, folder, settings):
    """A third process, on the command line, installs an official text; questions are answered all the while."""
    file = folder / "demo-first.xhtml"
    file.write_text(OFFICIAL_JOURNAL, encoding="utf-8")
    provision = f"{API}/provisions/eu.demo.art_1.par_2?as_of=2026-01-01"  # of which there is no summary
    assert one.get(provision).status_code == 404
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "sources", "import", str(file)]
    environment = {**os.environ, **settings, "ASSISTANT_DATA_DIR": str(folder / "data")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)

    def arrived(client):
        assert _said(client, QUESTION)["citations"], "it answers meanwhile"
        return client.get(provision).json().get("official")

    for client in (one, other):
        assert _until(lambda client=client: arrived(client))
