"""The front door: answers about one system lead to the next question, an assessment and a report."""

from datetime import date

import pytest
import yaml
from needs import ROOT

import assistant
from assistant.types import AssistantError, Language

EXAMPLE = yaml.safe_load((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def real_knowledge(monkeypatch):
    monkeypatch.setenv("ASSISTANT_KNOWLEDGE_DIR", str(ROOT / "knowledge"))


def test_the_next_question_is_that_which_can_still_change_something():
    assert assistant.next_question(EXAMPLE | {"facts": {}}).fact == "eu.inference"
    assert assistant.next_question(EXAMPLE) is None


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.long
def test_the_example_is_assessed_and_reported(language):
    assert assistant.assess(EXAMPLE, language, TODAY).outcomes["high_risk"].outcome == "yes"
    assert "Plant staff rating" in assistant.report(EXAMPLE, language, TODAY, "md").decode()


def test_answers_that_do_not_fit_are_refused():
    with pytest.raises(AssistantError, match="'eu.colour' is not a fact that is asked"):
        assistant.assess(EXAMPLE | {"facts": {"eu.colour": "red"}}, Language.EN, TODAY)
