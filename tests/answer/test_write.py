"""What a model is shown: passages of what was composed, in the language asked for, and a prompt that has a hash."""

import hashlib
import json

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from needs import ROOT

from assistant.answer.pipeline import Assistant
from assistant.answer.sources import Block
from assistant.answer.write import PROMPT_HASH, messages, passages_of, prompt
from assistant.search.passages import passages_of as indexed
from assistant.search.retrieval import Retriever
from assistant.types import Language, Sentence


@pytest.fixture
def citation(demo):
    return demo.ask("Demo Act Article 5(1)").citations[0]


def test_a_passage_is_what_was_composed_of_it_and_our_summary(citation):
    composed = [Block([Sentence(text="**Lamp** burns.", citations=[1]), Sentence(text="Other.", citations=[2])])]
    passage = passages_of([citation], composed, Language.EN)[1]
    assert passage.statements == (citation.summary, "Lamp burns.")
    assert passage.name == "Demo Act Article 5(1) – Lighting the lamp"


@pytest.mark.parametrize(("language", "shown"), [("en", True), ("ja", False)])
def test_official_wording_is_shown_in_the_language_of_the_answer_only(citation, language, shown):
    official = citation.model_copy(update={"official": True, "quote": "1. Official words.", "quote_language": language})
    assert ("1. Official words." in passages_of([official], [], Language.EN)[1].statements) is shown


def test_the_request_is_one_json_object_and_the_rules_name_the_language(citation):
    rules, request = messages('say "hi" }', passages_of([citation], [], Language.JA), Language.JA)
    assert "Japanese" in rules.text
    data = json.loads(request.text)
    assert data["question"] == 'say "hi" }'
    assert data["passages"][0]["number"] == 1


def test_the_hash_is_that_of_the_prompt_file():
    content = (ROOT / "assistant" / "answer" / "prompts" / "answer.md").read_bytes()
    assert hashlib.sha256(content).hexdigest().startswith(PROMPT_HASH)
    assert prompt("answer").format(language="English").count("{") == prompt("answer").format(language="x").count("}")


OLD = '{"sentences": [{"text": "You must light the lamp within 20 minutes after sunset.", "citations": [1]}]}'


@pytest.mark.parametrize(
    ("reply", "used"),
    [
        (OLD, True),
        (OLD.replace("20", "45"), False),
        (OLD.replace("[1]", "[7]"), False),
        (OLD.replace("[1]", "[]"), False),
        (OLD.replace("the lamp", "<b>the lamp</b>"), False),
    ],
)
def test_a_reply_to_an_earlier_prompt_through_a_langchain_model_is_checked_as_well(small, settings, reply, used):
    model = FakeListChatModel(responses=[reply])
    answer = Assistant(small, Retriever(small, indexed(small), None), settings, model=model).ask("Demo Act Article 5(1)")
    assert (answer.trace["model"] is not None) is used
    assert "within 20 minutes after sunset" in answer.answer
