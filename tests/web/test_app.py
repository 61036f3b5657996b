"""The application around the page: entry, headers, health, failures that stay visible."""

import os
import socket
import subprocess
import sys
from datetime import date

import pytest
from fastapi.testclient import TestClient
from needs import ROOT
from web.conftest import Site

from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.settings import Settings
from assistant.types import AssistantError, Language
from assistant.web.app import create_app
from assistant.web.ask import header
from assistant.web.i18n import texts
from assistant.web.server import _listen


@pytest.fixture(scope="module")
def client(small, tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), embedding="none")
    assistant = Assistant(small, Retriever(small, passages_of(small), None), settings)
    return TestClient(create_app(assistant))


@pytest.mark.parametrize(("accepted", "path"), [("ja-JP,ja;q=0.9", "/ja/"), ("fr-FR,en;q=0.5", "/en/"), ("", "/en/")])
def test_the_entry_follows_the_browser(client, accepted, path):
    response = client.get("/", headers={"accept-language": accepted}, follow_redirects=False)
    assert response.headers["location"] == path


@pytest.mark.parametrize("path", ["/", "/en/", "/ja/", "/health", "/nowhere"])
def test_every_response_forbids_other_hosts(client, path):
    response = client.get(path, follow_redirects=False)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "http" not in policy
    assert response.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(("path", "title"), [("/en/", "AI governance assistant"), ("/ja/", "AIガバナンス・アシスタント")])
def test_the_page_is_served_in_each_language(client, path, title):
    page = client.get(path)
    assert page.status_code == 200
    assert title in page.text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_chat_takes_no_files(client, language):
    response = client.post(f"/{language}/gradio_api/upload", files={"files": ("a.txt", b"x")})
    assert response.status_code == 404
    assert texts(Language(language))("not_found") in response.text


def test_no_handler_is_a_public_endpoint(client):
    assert client.get("/en/gradio_api/info").json()["named_endpoints"] == {}


def test_health_names_the_version_of_the_knowledge(client, small):
    assert client.get("/health").json() == {"status": "ok", "version": "0.1.0", "knowledge": small.version}


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, "last checked on 23 November 2026"), (Language.JA, "2026年11月23日")]
)
def test_the_page_warns_where_the_knowledge_was_checked_too_long_ago(small, settings, language, words):
    retriever = Retriever(small, passages_of(small), None)
    fresh = Assistant(small, retriever, settings, today=lambda: date(2026, 12, 1))
    stale = Assistant(small, retriever, settings, today=lambda: date(2027, 6, 1))
    assert "role='alert'" not in header(fresh, texts(language))
    assert "role='alert'" in header(stale, texts(language))
    assert words in header(stale, texts(language))


@pytest.mark.long
def test_starting_on_a_port_in_use_exits_with_the_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings = {
            "ASSISTANT_PORT": str(other.getsockname()[1]),
            "ASSISTANT_DATA_DIR": str(tmp_path),
            "ASSISTANT_EMBEDDING": "none",
        }
        command = [sys.executable, str(ROOT / "ui.py")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **settings})
    assert done.returncode == 2
    assert done.stderr.strip().startswith("Port ")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_named_with_a_way_out(settings):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = settings.model_copy(update={"port": other.getsockname()[1]})
        with pytest.raises(AssistantError, match=f"Port {taken.port} on 127.0.0.1 cannot be used.*--port"):
            _listen(taken)


def test_a_page_that_tells_of_a_failure_carries_the_headers_too(small, tmp_path, monkeypatch):
    site = Site(small, tmp_path)
    client = TestClient(site.client.app, raise_server_exceptions=False)
    monkeypatch.setattr(type(site.desk.systems), "all", lambda *_, **__: 1 / 0)
    page = client.get("/ja/systems")
    assert page.status_code == 500
    assert page.headers["x-frame-options"] == "DENY"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "Traceback" not in page.text
