"""Why this answer, on the page: escaped, for the last answer; questions to choose from."""

import pytest
from talking import Chat, shown_messages

from assistant.types import Confidence, Language
from assistant.web.ask_page import MOST_CHOICES
from assistant.web.i18n import texts
from assistant.web.trace import shown

EN = texts(Language.EN)
EVIL = "<img src=x onerror=alert(1)>'\""


@pytest.fixture
def chat(demo):
    return Chat(demo)


def test_before_an_answer_the_panel_says_what_it_is_for(demo):
    assert EN("trace_empty") in shown([], demo.knowledge, EN)


def test_the_panel_is_about_the_last_answer(chat):
    chat.ask("Demo Act Article 5(1)")
    *_, view = chat.ask("Demo Act Article 10")
    assert "Answer 2" in view["why"]
    assert "Article 10" in view["why"]
    assert "Article 5(1)" not in view["why"]


def test_nothing_of_a_question_or_a_document_becomes_markup(demo):
    answer = demo.ask("Demo Act Article 5(1)")
    cited = [answer.citations[0].model_copy(update={"label": EVIL})]
    trace = answer.trace | {"parts": [EVIL], "way": "search", "removed": [EVIL]}
    panel = shown([answer.model_copy(update={"citations": cited, "trace": trace})], demo.knowledge, EN)
    assert panel.count("&lt;img") == 3
    assert "<img" not in panel


def test_where_the_assistant_asks_back_the_options_are_buttons_and_not_in_the_text(chat):
    *_, view = chat.ask("What applies?")
    [answer] = chat.answers
    assert answer.options
    assert view["choices_title"]["visible"]
    buttons = [view[f"choice{n}"] for n in range(MOST_CHOICES)]
    assert [one["value"] for one in buttons if one["visible"]] == answer.options
    assert answer.options[0] not in shown_messages(view)[-1]["content"]


def test_an_answer_offers_no_choice(chat):
    *_, view = chat.ask("Demo Act Article 5(1)")
    for shown_now in (view, chat.page.view(None)):
        assert not shown_now["choices_title"]["visible"]
        assert not any(shown_now[f"choice{n}"]["visible"] for n in range(MOST_CHOICES))


def test_confidence_stands_beside_the_line_that_says_who_worded_it(demo, chat, monkeypatch):
    assert "Confidence" not in chat.said("Demo Act Article 5(1)")
    low = demo.ask("Demo Act Article 5(1)").model_copy(update={"confidence": Confidence.LOW})
    monkeypatch.setattr(demo, "ask", lambda *_, **__: low)
    last = chat.said("Demo Act Article 5(1)").split("\n\n")[-1]
    assert last.startswith("*Confidence: low")
    assert last.endswith("Composed without a model.*")
