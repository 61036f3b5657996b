"""Through LangChain and over the wire: a loopback server that speaks the OpenAI protocol, with everything that can go wrong."""

import json
import time

import pytest
from protocol import serving
from pydantic import SecretStr
from speaking import GOOD, reply

from assistant.answer.models import load_model
from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import AssistantError

pytest.importorskip("langchain_openai", reason="comes with the test extra")
QUESTION = "Demo Act Article 5(1)"


@pytest.fixture
def asked(small, settings, monkeypatch):
    """The answer over a server with these acts, and what the server saw."""
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-openai")

    def ask(*acts, **changed):
        with serving(*acts) as (address, scene):
            given = {"model": "small", "model_url": address, "model_timeout_seconds": 2, "model_retries": 1, **changed}
            own = settings.model_copy(update=given)
            answer = Assistant(small, Retriever(small, passages_of(small), None), own).ask(QUESTION)
        return answer, scene

    return ask


def test_an_answer_comes_over_the_wire(asked):
    answer, scene = asked(reply(GOOD), model_key=SecretStr("own-key"))
    assert [one.text for one in answer.sentences] == [GOOD["text"]]
    assert answer.trace["model"]["name"] == "small"
    assert answer.trace["model_asked"]["to"].startswith("127.0.0.1:")
    [request] = scene.requests
    assert (request["model"], request["stream"], request["temperature"]) == ("small", True, 0)
    assert QUESTION in request["messages"][1]["content"]
    assert scene.keys == ["Bearer own-key"]


def test_a_key_of_openai_is_not_sent_to_another_address(asked):
    _, scene = asked(reply(GOOD))
    assert "key-of-openai" not in json.dumps(scene.keys)


def test_a_busy_server_is_asked_again(asked):
    answer, scene = asked(429, reply(GOOD))
    assert answer.trace["model"] is not None
    assert len(scene.requests) == 2


@pytest.mark.parametrize(
    ("act", "outcome", "requests"),
    [
        (401, "key_refused", 1),
        (404, "not_found", 1),
        (500, "busy", 2),
        ("hang", "stalled", 1),
        ("drip", "timed_out", 1),
        ("garbage", "broke_down", 1),
        ("cut", "form", 1),
        ("no JSON at all", "form", 1),
        (reply(), "nothing", 1),
    ],
)
@pytest.mark.long
def test_whatever_goes_wrong_the_composed_answer_stands_in_time(asked, act, outcome, requests):
    started = time.monotonic()
    answer, scene = asked(act)
    assert time.monotonic() - started < 5
    assert "within 20 minutes after sunset" in answer.answer
    assert answer.trace["model"] is None
    assert answer.trace["model_asked"]["outcome"] == outcome
    assert len(scene.requests) == requests
    assert answer.warnings
    assert "sk-secret" not in answer.model_dump_json()


def test_a_server_that_is_not_there_is_told(small, settings):
    own = settings.model_copy(update={"model": "small", "model_url": "http://127.0.0.1:9/v1", "model_retries": 1})
    answer = Assistant(small, Retriever(small, passages_of(small), None), own).ask(QUESTION)
    assert answer.trace["model_asked"]["outcome"] == "unreachable"
    assert "20 minutes" in answer.answer


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", "openai:gpt-without-key", "anthropic:without-package"])
def test_a_model_that_cannot_be_loaded_is_named_with_a_remedy(name, settings, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AssistantError, match="unset ASSISTANT_MODEL"):
        load_model(name, settings)
