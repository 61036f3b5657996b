"""A model on the page: told and agreed before anything is sent, claims as they come, a stop that leaves the composed answer."""

import threading

import pytest
from fastapi.testclient import TestClient
from speaking import GOOD, Scripted, reply
from talking import Chat

from assistant.answer.guest import Guest
from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import Language
from assistant.web.app import create_app
from assistant.web.i18n import texts
from assistant.web.model import Notice

QUESTION = "Demo Act Article 5(1)"


@pytest.fixture
def remote(small, settings, monkeypatch):
    """An assistant whose model would be asked elsewhere, by script."""

    def build(*script):
        named = settings.model_copy(update={"model": "openai:gpt-x"})
        monkeypatch.setattr("assistant.answer.guest.load_model", lambda *_: Scripted(list(script)))
        return Assistant(small, Retriever(small, passages_of(small), None), named)

    return build


@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_sent_before_the_user_agrees_and_the_notice_says_where_it_would_go(remote, language):
    assistant, t = remote(reply(GOOD)), texts(language)
    notice, chat = Notice(assistant, t), Chat(assistant)
    told, buttons = notice.shown()
    assert "api.openai.com" in told
    assert buttons["visible"] is True
    composed = chat.said(QUESTION)
    assert "Composed without a model." in composed
    assert assistant._guest._model.sent == []
    told, buttons = notice.agreed()
    assert "api.openai.com" in told
    assert buttons["visible"] is False
    assert "Worded by the model openai:gpt-x" in chat.said(QUESTION)
    assert len(assistant._guest._model.sent) == 1


def test_declining_hides_the_buttons_and_sends_nothing(remote):
    assistant = remote(reply(GOOD))
    told, buttons = Notice(assistant, texts(Language.EN)).declined()
    assert "without the model" in told
    assert buttons["visible"] is False
    assert "Composed without" in Chat(assistant).said(QUESTION)


def test_claims_are_shown_as_they_come_and_then_the_answer_with_its_links(remote):
    text = reply(GOOD, {"text": "Fog is no excuse.", "passages": [1], "spans": ["Fog is no excuse"]})
    assistant, t = remote(text[: text.index("}") + 1], 0.2, text[text.index("}") + 1 :]), texts(Language.EN)
    Notice(assistant, t).agreed()
    shown = Chat.contents(Chat(assistant).ask(QUESTION))
    assert shown[0] == t("model_at_work")
    claimed = next(one for one in shown if one != shown[0])
    assert claimed.endswith(GOOD["text"])
    assert "src-1-1" not in claimed
    assert "src-1-1" in shown[-1]


def test_a_stop_leaves_the_composed_answer(remote):
    assistant, t = remote(30), texts(Language.EN)
    Notice(assistant, t).agreed()
    chat = Chat(assistant)
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    assert begun["stop"]["visible"]
    threading.Timer(0.3, chat.page.stop, [begun["conversation"]]).start()
    told = Chat.contents(chat.page.follow(begun["conversation"]))[-1]
    assert "within 20 minutes after sunset" in told
    assert "you stopped it" in told
    assert "Composed without a model." in told


def test_a_new_conversation_stops_the_model_and_the_composed_answer_is_kept(remote):
    assistant, t = remote(30), texts(Language.EN)
    Notice(assistant, t).agreed()
    chat = Chat(assistant)
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    [shown] = chat.page.fresh(begun["conversation"], "")
    assert shown["chat"]["value"] == []
    *_, record = chat.talk.follow(begun["conversation"])
    assert "within 20 minutes after sunset" in record.last.answer.answer


def test_without_a_model_the_page_says_nothing_of_one(demo, remote):
    assert "model-told" not in TestClient(create_app(demo)).get("/en/").text
    assert "model-told" in TestClient(create_app(remote(reply(GOOD)))).get("/en/").text


def test_what_is_planted_never_becomes_a_link_or_an_image_on_the_page(remote):
    planted = [
        GOOD | {"text": "Light the lamp ![x](http://evil.example/x.png)."},
        GOOD | {"text": "Light the lamp, see [1](http://evil.example)."},
        GOOD | {"text": "Light the lamp <img src='//evil.example'>."},
    ]
    assistant, t = remote(reply(GOOD, *planted[:1])), texts(Language.EN)
    Notice(assistant, t).agreed()
    shown = Chat.contents(Chat(assistant).ask(QUESTION))
    assert not any("evil" in one for one in shown)
    assistant._guest = Guest(Scripted([reply(*planted)]), assistant.settings)
    shown = Chat.contents(Chat(assistant).ask(QUESTION))
    assert not any("evil" in one for one in shown)
