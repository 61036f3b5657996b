"""Conversations a lawyer can read, in tests/cases/conversations.yaml: how a follow-up is read, and what is then cited."""

import pytest
import yaml
from conftest import TODAY
from needs import ROOT

from assistant.search.tokens import language_of
from assistant.types import Jurisdiction

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "conversations.yaml").read_text(encoding="utf-8"))


def _named(case):
    return f"{case['history'][-1]} → {case['ask']}"


@pytest.fixture(scope="session")
def read(real):
    """Return a question as understood after others, and what is told about it."""

    def reader(text, history):
        return real._read(text, history, language_of(text), TODAY)

    return reader


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_question_is_read_in_its_conversation(read, case):
    question, told = read(case["ask"], case["history"])
    assert bool(told) is not case.get("alone", False), question
    if "kind" in case:
        assert question.kind == case["kind"]
    if "roles" in case:
        assert question.roles == set(case["roles"])
    if "sides" in case:
        assert question.jurisdictions == {Jurisdiction(side) for side in case["sides"]}
    if "documents" in case:
        assert set(question.documents) == set(case["documents"])
    if "reference" in case:
        assert case["reference"] in question.references[0].candidates
    assert question.day == case.get("day")
    for words in case.get("has", []):
        assert words in question.text
    for words in case.get("not", []):
        assert words not in question.text


@pytest.mark.parametrize("case", [case for case in CASES if "cites" in case or "reason" in case], ids=_named)
def test_the_answer_is_about_what_was_meant(real, case):
    answer = real.ask(case["ask"], as_of=TODAY, history=case["history"])
    assert answer.reason == case.get("reason"), answer.answer
    if "cites" in case:
        assert {one.provision for one in answer.citations} & set(case["cites"]), answer.understood_as


QUESTIONS = [case["ask"] for case in yaml.safe_load((ROOT / "tests" / "cases" / "questions.yaml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("place", range(len(QUESTIONS)), ids=QUESTIONS)
def test_a_question_that_says_all_itself_is_left_as_it_is(read, place):
    question, told = read(QUESTIONS[place], [QUESTIONS[place - 7]])
    assert (question.text, told) == (QUESTIONS[place], [])


def test_only_the_last_questions_of_a_long_conversation_count(read):
    history = ["How long must providers of high-risk AI systems keep the logs?", *["Is it?"] * 12]
    assert "logs" not in read("and deployers?", history)[0].text


def test_what_is_told_is_in_the_language_of_the_question(read):
    asked = "How long must providers of high-risk AI systems keep the logs?"
    assert read("and for deployers?", [asked])[1] == [
        "Understood as: “How long must deployers of high-risk AI systems keep the logs?”"
    ]
    assert read("日本では？", [asked])[1] == [f"「{asked.replace('?', '？')}」に続くご質問（日本について）と理解しました。"]
