"""Why this answer, on the page: escaped, for the last answer; the conversation as a file; questions to choose from."""

import json

import pytest

from assistant.types import Confidence, Language
from assistant.web.ask import AskPage
from assistant.web.i18n import texts
from assistant.web.trace import as_json, shown

EN = texts(Language.EN)
EVIL = "<img src=x onerror=alert(1)>'\""


@pytest.fixture
def ask_page(demo):
    return AskPage(demo, EN)


def _asked(ask_page, question, history=(), answers=(), given=None):
    *_, (history, answers, _, _) = ask_page.reply(question, list(history), list(answers), given)
    return history, answers


def test_before_an_answer_the_panel_says_what_it_is_for(demo):
    assert EN("trace_empty") in shown([], demo.knowledge, EN)


def test_the_panel_is_about_the_last_answer(demo, ask_page):
    _, answers = _asked(ask_page, "Demo Act Article 10", *_asked(ask_page, "Demo Act Article 5(1)"))
    panel, *_ = ask_page.beside(answers)
    assert "Answer 2" in panel
    assert "Article 10" in panel
    assert "Article 5(1)" not in panel


def test_nothing_of_a_question_or_a_document_becomes_markup(demo, ask_page):
    _, [answer] = _asked(ask_page, "Demo Act Article 5(1)")
    cited = [answer.citations[0].model_copy(update={"label": EVIL})]
    trace = answer.trace | {"parts": [EVIL], "way": "search", "removed": [EVIL]}
    panel = shown([answer.model_copy(update={"citations": cited, "trace": trace})], demo.knowledge, EN)
    assert panel.count("&lt;img") == 3
    assert "<img" not in panel


def test_the_file_holds_each_question_as_typed_with_its_answer_and_trace(ask_page):
    given = {"demo.has_lamp": True}
    first = _asked(ask_page, f"Demo Act Article 5(1) {EVIL} [x]")
    _, answers = _asked(ask_page, "What do we have to do?", *first, given)
    one, two = json.loads(as_json(answers))["conversation"]
    assert one["question"] == f"Demo Act Article 5(1) {EVIL} [x]"
    assert one["trace"]["knowledge"] == answers[0].trace["knowledge"]
    assert (one["system"], two["system"]) == (None, given)


def test_a_failed_question_leaves_the_others_with_their_answers(demo, ask_page, monkeypatch):
    history, answers = _asked(ask_page, "Demo Act Article 5(1)")
    with monkeypatch.context() as broken:
        broken.setattr(demo, "ask", lambda *_, **__: 1 / 0)
        history, answers = _asked(ask_page, "lost", history, answers)
    _, answers = _asked(ask_page, "Demo Act Article 5(2)", history, answers)
    assert [one["question"] for one in json.loads(as_json(answers))["conversation"]] == [
        "Demo Act Article 5(1)",
        "Demo Act Article 5(2)",
    ]


def test_where_the_assistant_asks_back_the_options_are_buttons_and_not_in_the_text(ask_page):
    history, [answer] = _asked(ask_page, "What applies?")
    assert answer.options
    _, title, *buttons = ask_page.beside([answer])
    assert title["visible"]
    assert [one["value"] for one in buttons if one["visible"]] == answer.options
    assert answer.options[0] not in history[-1]["content"]


def test_an_answer_offers_no_choice(ask_page):
    _, answers = _asked(ask_page, "Demo Act Article 5(1)")
    assert not any(one["visible"] for one in ask_page.beside(answers)[1:])
    assert not any(one["visible"] for one in ask_page.beside([])[1:])


def test_confidence_stands_beside_the_line_that_says_who_worded_it(demo, ask_page, monkeypatch):
    history, _ = _asked(ask_page, "Demo Act Article 5(1)")
    assert "Confidence" not in history[-1]["content"]
    low = demo.ask("Demo Act Article 5(1)").model_copy(update={"confidence": Confidence.LOW})
    monkeypatch.setattr(demo, "ask", lambda *_, **__: low)
    history, _ = _asked(ask_page, "Demo Act Article 5(1)")
    last = history[-1]["content"].split("\n\n")[-1]
    assert last.startswith("*Confidence: low")
    assert last.endswith("Composed without a model.*")
