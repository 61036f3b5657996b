"""Feedback becomes drafts of cases: complete but for what only the law can say, with everything else beside."""

import json

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from assistant.cli import app
from assistant.store.conversations import ConversationStore
from assistant.store.database import open_database
from assistant.store.feedback import FeedbackStore
from evals.cases import Case
from evals.feedback import drafts

QUESTION = "Demo Act Article 5(1)"
FILLED_IN = {
    "gold": [["eu.demo.art_5.par_1"]], "slices": ["single_provision"], "difficulty": "easy", "persona": "sme",
    "expect": ["answer"],
}  # fmt: skip


@pytest.fixture
def stores(demo):
    """Two stores in which a good and a bad answer to the same conversation were judged."""
    engine = open_database(demo.settings.effective_database_url)
    conversations, feedback = ConversationStore(engine), FeedbackStore(engine)
    identity = conversations.start("en").id
    for question, verdict in ((QUESTION, "up"), ("and Article 10?", "down")):
        place = conversations.ask(identity, question)
        answer = demo.ask(question, history=[QUESTION] if place > 1 else [])
        conversations.answered(identity, place, answer.model_dump(mode="json"), answer.answer)
        feedback.give(identity, place, verdict, "wrong" if verdict == "down" else "", "灯台 – no" if verdict == "down" else "")
    return feedback, conversations


def test_a_draft_holds_the_question_in_its_conversation_and_what_was_said(stores):
    good, bad = drafts(stores[0])
    assert good["case"]["expect"] == ["answer"]
    assert good["cited"] == ["eu.demo.art_5.par_1"]
    assert bad["case"]["history"] == [QUESTION]
    assert bad["case"]["expect"] == []
    assert bad["case"]["note"] == "灯台 – no"
    assert (bad["feedback"]["verdict"], bad["feedback"]["reason"]) == ("down", "wrong")
    assert bad["trace"]["way"]


def test_a_draft_is_refused_until_the_law_was_looked_up(stores):
    for draft in drafts(stores[0]):
        with pytest.raises(ValidationError):
            Case.model_validate(draft["case"])
        assert Case.model_validate(draft["case"] | FILLED_IN).author == "feedback"


def test_the_commands_list_and_export(stores, demo, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(demo.settings.data_dir))
    listed = CliRunner().invoke(app, ["feedback", "list"])
    assert "down  and Article 10?\n    wrong; 灯台 – no" in listed.output
    assert len(json.loads(CliRunner().invoke(app, ["feedback", "list", "--json"]).output)) == 2
    file = tmp_path / "feedback.jsonl"
    assert "2 draft(s)" in CliRunner().invoke(app, ["feedback", "export", "-o", str(file)]).output
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_without_feedback_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    assert "Nobody" in CliRunner().invoke(app, ["feedback", "list"]).output
