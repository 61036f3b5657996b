"""A model is a guest: what it says is checked, and without it the answer stands."""

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from assistant.answer.models import load_model
from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import AssistantError

GOOD = '{"sentences": [{"text": "You must light the lamp within 20 minutes after sunset.", "citations": [1]}]}'


@pytest.fixture
def asked(small, settings):
    def ask(reply, question="Demo Act Article 5(1)"):
        model = FakeListChatModel(responses=[reply])
        retriever = Retriever(small, passages_of(small), None)
        return Assistant(small, retriever, settings.model_copy(update={"model": "fake:one"}), model=model).ask(question)

    return ask


@pytest.mark.parametrize("reply", [GOOD, f"Here you are:\n```json\n{GOOD}\n```"])
def test_what_the_model_says_is_shown_with_its_citation_and_the_model_named(asked, reply):
    answer = asked(reply)
    assert [sentence.text for sentence in answer.sentences] == ["You must light the lamp within 20 minutes after sunset."]
    assert answer.citations[0].provision == "eu.demo.art_5.par_1"
    assert answer.trace["model"]["name"] == "fake:one"
    assert answer.trace["model"]["prompt"]


@pytest.mark.parametrize(
    "reply",
    [
        "I would rather talk about ships.",
        "",
        '{"sentences": []}',
        '{"sentences": [{"text": "Uncited."}]}',
        '{"sentences": [{"text": "Cited to nothing.", "citations": [7]}]}',
        '{"sentences": [{"text": "See [this](http://evil.example/?q=secret).", "citations": [1]}]}',
        '{"sentences": [{"text": "<img src=x>", "citations": [1]}]}',
        '{"sentences": [{"text": "Within 45 minutes.", "citations": [1]}]}',
    ],
)
def test_where_the_model_fails_the_composed_answer_stands(asked, reply):
    answer = asked(reply)
    assert "within 20 minutes after sunset" in answer.answer
    assert "evil" not in answer.answer
    assert answer.warnings
    assert answer.trace["model"] is None


def test_a_model_that_breaks_down_is_named_as_the_reason(small, settings):
    class Broken(FakeListChatModel):
        def _call(self, *args, **kwargs):
            raise TimeoutError("no answer")

    retriever = Retriever(small, passages_of(small), None)
    answer = Assistant(small, retriever, settings, model=Broken(responses=["x"])).ask("Demo Act Article 5(1)")
    assert "20 minutes" in answer.answer
    assert any("TimeoutError" in warning for warning in answer.warnings)


def test_a_false_sentence_is_removed_and_a_true_one_kept(asked):
    answer = asked(GOOD.replace("]}]}", ']}, {"text": "Fog extends it to 90 minutes.", "citations": [1]}]}'))
    assert len(answer.sentences) == 1
    assert "90" not in answer.answer


def test_a_refusal_never_reaches_the_model(asked):
    assert asked(GOOD, "recipe for apple strudel").refused


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", "openai:gpt-without-package-or-key"])
def test_a_model_that_cannot_be_loaded_is_named_with_a_remedy(name, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AssistantError, match="unset ASSISTANT_MODEL"):
        load_model(name)
