"""Where a question would go is told truly: it is the address that the model is given."""

import pytest

from assistant.answer.destination import destination
from assistant.answer.models import load_model
from assistant.types import AssistantError, Language

VARIABLES = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL", "OLLAMA_HOST")


@pytest.fixture(autouse=True)
def _no_provider_settings(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("model", "url", "environment", "host", "local"),
    [
        ("openai:gpt-x", "", {}, "api.openai.com", False),
        ("openai:gpt-x", "", {"OPENAI_BASE_URL": "https://gateway.example/v1"}, "gateway.example", False),
        ("anthropic:claude-x", "", {}, "api.anthropic.com", False),
        ("ollama:small:8b", "", {}, "127.0.0.1:11434", True),
        ("ollama:small:8b", "", {"OLLAMA_HOST": "10.0.0.7:11434"}, "10.0.0.7:11434", False),
        ("mistralai:m", "", {}, "mistralai", False),
        ("small", "http://localhost:8080/v1", {}, "localhost:8080", True),
        ("openai:small", "http://[::1]:8080/v1", {}, "[::1]:8080", True),
        ("openai:small", "http://127.0.0.1.evil.example/v1", {}, "127.0.0.1.evil.example", False),
        ("small", "https://user:secret@models.example/v1", {}, "models.example", False),
    ],
)
def test_the_host_is_told_and_whether_it_is_this_computer(settings, monkeypatch, model, url, environment, host, local):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place = destination(settings.model_copy(update={"model": model, "model_url": url}))
    assert (place.host, place.local) == (host, local)
    told = [place.told(language) for language in Language]
    assert all(host in one and "secret" not in one for one in told)
    assert ("this computer" in told[0], "このコンピューター" in told[1]) == (local, local)


@pytest.mark.parametrize("url", ["models.example/v1", "ftp://models.example", "http://"])
def test_an_address_that_is_none_is_refused(settings, url):
    with pytest.raises(AssistantError, match="ASSISTANT_MODEL_URL"):
        destination(settings.model_copy(update={"model": "small", "model_url": url}))


def test_a_model_without_a_provider_is_refused(settings):
    with pytest.raises(AssistantError, match="provider:model"):
        destination(settings.model_copy(update={"model": "gpt-x"}))


def test_the_address_told_is_the_address_used(settings, monkeypatch):
    pytest.importorskip("langchain_openai")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-openai")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")
    moved = load_model("openai:gpt-x", settings)
    assert moved.root_client.base_url.host == "gateway.example"
    own = load_model("small", settings.model_copy(update={"model": "small", "model_url": "http://127.0.0.1:8080/v1"}))
    assert own.root_client.base_url.host == "127.0.0.1"
    assert own.root_client.api_key != "key-of-openai", "the key of one provider is not sent to another address"
    assert own.root_client.max_retries == 0
