"""Conversations as pages: list, search, delete and restore, read, export, judge, report; nothing typed becomes markup."""

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.talk import Told

EVIL = "<img src=x onerror=alert(1)> [x](http://evil.example) # **Lamp**"
QUESTION = "Demo Act Article 5(1)"


def _keep(site, *questions, language="en"):
    """Keep a conversation as the chat does; a question that ends in ``…`` stays without an answer."""
    store = site.desk.conversations
    conversation = store.start(language).id
    for question in questions:
        place = store.ask(conversation, question)
        if not question.endswith("…"):
            told = Told(**dict(site.assistant.ask(question.replace(EVIL, "").strip() or QUESTION)), question=question)
            store.answered(conversation, place, told.model_dump(mode="json"), told.answer)
    return conversation


@pytest.fixture
def kept(small_site):
    return _keep(small_site, f"{QUESTION} {EVIL}", "Interrupted …")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_conversation_is_read_with_its_sources(small_site, kept, language):
    page = small_site.get(f"/{language}/conversations/{kept}")
    assert page.status_code == 200
    assert "<img" not in page.text
    assert 'href="#source-1-1"' in page.text
    assert 'id="source-1-1"' in page.text
    assert f"/{language}/provision/" in page.text
    assert "?day=2026-11-24" in page.text
    assert f"/{language}/?conversation={kept}" in page.text
    assert texts(Language(language))("conversation_unanswered") in page.text


def test_what_is_not_there_is_told(small_site, kept):
    for path in ("nowhere", "nowhere.md", f"{kept}/report/2", f"{kept}/report/9"):
        assert small_site.get(f"/en/conversations/{path}").status_code == 404
    assert small_site.get(f"/en/conversations/{kept}.exe").status_code in (404, 422)
    assert small_site.post(f"/en/conversations/{kept}/feedback/2", data={"verdict-2": "up"}).status_code == 404
    assert small_site.post(f"/en/conversations/{kept}/feedback/1", data={"verdict-1": "odd"}).status_code == 400


def test_search_finds_by_question_and_answer_and_says_when_there_is_nothing(small_site):
    found = _keep(small_site, "Must the keeper light the lamp?")
    assert found in small_site.get("/en/conversations?q=KEEPER+sunset").text
    nothing = small_site.get("/en/conversations?q=100%25")
    assert found not in nothing.text
    assert texts(Language.EN)("conversations_none_found") in nothing.text


def test_a_conversation_is_deleted_restored_and_deleted_for_good(small_site, kept):
    assert "told=deleted" in small_site.post(f"/en/conversations/{kept}/delete").headers["location"]
    assert kept not in small_site.get("/en/conversations").text
    assert small_site.get(f"/en/conversations/{kept}").status_code == 404
    assert kept in small_site.get("/ja/conversations/deleted").text
    small_site.post(f"/en/conversations/{kept}/restore")
    assert small_site.get(f"/en/conversations/{kept}").status_code == 200
    small_site.post(f"/en/conversations/{kept}/delete")
    small_site.post("/en/conversations/deleted/purge")
    assert small_site.desk.conversations.turns(kept) == []
    assert small_site.post(f"/en/conversations/{kept}/restore").status_code == 404


def test_a_name_is_changed_and_an_empty_one_is_not_taken(small_site, kept):
    small_site.post(f"/en/conversations/{kept}/rename", data={"title": " The  lamp "})
    small_site.post(f"/en/conversations/{kept}/rename", data={"title": "  "})
    assert small_site.desk.conversations.get(kept).title == "The lamp"


def test_the_exports_say_everything_and_nothing_typed_is_markup_there(small_site, kept):
    markdown = small_site.get(f"/en/conversations/{kept}.md")
    assert "attachment" in markdown.headers["content-disposition"]
    assert "<img" not in markdown.text
    assert "\\*\\*Lamp\\*\\*" in markdown.text
    assert "20 minutes after sunset" in markdown.text
    pdf = small_site.get(f"/ja/conversations/{kept}.pdf").content
    assert "20 minutes" in PdfReader(BytesIO(pdf)).pages[0].extract_text()
    told = json.loads(small_site.get(f"/en/conversations/{kept}.json").text)
    first, second = told["conversation"]
    assert first["question"] == f"{QUESTION} {EVIL}"
    assert first["trace"]["knowledge"] == small_site.desk.knowledge.version
    assert second == {"question": "Interrupted …", "answer": None, "place": 2, "feedback": None}


def test_feedback_is_given_shown_and_withdrawn(small_site, kept):
    address = f"/en/conversations/{kept}/feedback/1"
    small_site.post(address, data={"verdict-1": "down", "reason-1": "wrong", "comment-1": EVIL})
    given = small_site.desk.feedback.of(kept)[1]
    assert (given.verdict, given.reason, given.comment) == ("down", "wrong", EVIL)
    page = small_site.get(f"/en/conversations/{kept}").text
    assert 'value="wrong" selected' in page
    assert "<img" not in page
    small_site.post(address, data={"verdict-1": "up", "reason-1": "wrong"})
    assert small_site.desk.feedback.of(kept)[1].reason == ""
    small_site.post(address, data={"verdict-1": "up", "withdraw": "yes"})
    assert small_site.desk.feedback.of(kept) == {}


def test_a_report_is_a_file_with_what_is_needed_to_look_into_it(small_site):
    kept = _keep(small_site, "Must the keeper light the lamp?", QUESTION)
    address = f"/en/conversations/{kept}/report/2"
    assert QUESTION in small_site.get(address).text
    refused = small_site.post(address, data={"wrong": " "})
    assert refused.status_code == 400
    assert texts(Language.EN)("report_fault") in refused.text
    file = small_site.post(address, data={"wrong": "It is 30 minutes."})
    assert f"report-{kept}-2.json" in file.headers["content-disposition"]
    told = json.loads(file.text)
    assert told["wrong"] == "It is 30 minutes."
    assert told["earlier_questions"] == ["Must the keeper light the lamp?"]
    assert told["answer"]["question"] == QUESTION
    assert told["answer"]["trace"]["way"]
    assert told["versions"]["knowledge"] == small_site.desk.knowledge.version
