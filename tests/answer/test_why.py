"""Where an answer comes from is told in words, from its trace alone."""

import pytest

from assistant.answer.claim_checks import Reason
from assistant.answer.pipeline import Assistant
from assistant.answer.understand import Kind
from assistant.answer.why import _file, confidence_told, why
from assistant.types import Confidence, Jurisdiction, Language

FOUND = {"provision": "eu.demo.art_5.par_2", "score": 1.0, "lanes": {"words": 4, "asked_words": 7, "asked_vectors": 2}}
ASKED = {"name": "small", "to": "127.0.0.1", "prompt": "x", "outcome": "worded", "kept": 3}


@pytest.fixture
def answer(demo):
    return demo.ask("Demo Act Article 5(1)")


def _with(answer, **trace):
    return answer.model_copy(update={"trace": answer.trace | trace})


def test_confidence_is_told_where_it_was_measured_and_low_is_said_plainly(answer):
    assert confidence_told(answer.model_copy(update={"confidence": None})) is None
    told = {one: confidence_told(answer.model_copy(update={"confidence": one})) for one in Confidence}
    assert len(set(told.values())) == len(Confidence)
    assert "may not be the right one" in told[Confidence.LOW]


def test_every_value_of_a_trace_has_a_name():
    named = _file()
    assert set(named.kinds) == set(Kind.__args__)
    assert set(named.reasons) == {one.value for one in Reason}
    assert set(named.jurisdictions) == {one.value for one in Jurisdiction}
    assert set(named.confidence) == {one.value for one in Confidence}


@pytest.mark.parametrize(
    "question", ["", "x" * 5000, "Demo Act Article 5(1)", "Demo Act Article 10", "lamp", "見本法第5条第1項", "weather", "fine?"]
)
@pytest.mark.parametrize("language", Language)
def test_any_answer_can_be_told_in_its_language(demo, question, language):
    answer = demo.ask(question, language)
    lines = list(why(answer, demo.knowledge).lines())
    assert lines[0] == {"en": "Why this answer", "ja": "この回答の根拠をたどる"}[language]
    assert set(answer.trace["steps"]) <= set(_file().steps)
    assert not any("{" in line for line in lines)


def test_a_provision_found_shows_its_best_rank_by_each_way_and_whether_it_is_cited(demo, answer):
    told = why(_with(answer, retrieved=[FOUND]), demo.knowledge)
    first, second = told.rows
    assert (first.label, first.cited) == ("Demo Act Article 5(2)", False)
    assert first.ranks == {"words": 4, "meaning": None, "asked": 2, "terms": None}
    assert (second.label, second.cited) == ("Demo Act Article 5(1)", True)
    assert "   1. Demo Act Article 5(2) (words 4, ways of asking 2)" in told.lines()


def test_what_was_understood_and_how_it_was_found_is_told(demo: Assistant, answer):
    facts = dict(why(answer, demo.knowledge).facts)
    assert facts["Provisions named"] == "Demo Act Article 5(1)"
    assert facts["Answered for"] == "23 November 2026"
    assert facts["How it was found"] == "named in the question"
    assert facts["Model"] == "not asked"
    assert "Read in parts" not in facts


def test_statements_removed_from_a_model_are_told_with_the_reason(demo, answer):
    asked = ASKED | {"removed": [{"text": "You must dance.", "reason": "unrelated"}]}
    told = why(_with(answer, removed=["Old."], model_asked=asked), demo.knowledge)
    assert told.removed == ["Old.", "You must dance. (has little in common with its source)"]
    assert dict(told.facts)["Model"] == "small (127.0.0.1): 3 statements kept, 1 removed"
    failed = why(_with(answer, model_asked=asked | {"outcome": "busy"}), demo.knowledge)
    assert "was not used" in dict(failed.facts)["Model"]
