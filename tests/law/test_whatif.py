"""What an answer leads to is told before it is given; answers that contradict each other are refused with both named."""

from datetime import date

import pytest
from test_systems import answered

from assistant.law.answers import Answers, parse_answers
from assistant.law.assessment import Assessor, reviewed
from assistant.law.questionnaire import about, contradictions, remaining
from assistant.law.whatif import consequences
from assistant.types import AssistantError, Language

TODAY = date(2026, 11, 26)
RECRUITER = {
    "eu.inference": "learns", "eu.territory": ["markets_in_union"], "eu.roles": ["provider"], "eu.areas": ["p4"],
    "eu.annex_iii_4": ["a"], "eu.profiling": True, "eu.market_date": "2028-01-10",
}  # fmt: skip


def _told(knowledge, facts, fact, language=Language.EN):
    answers, _ = answered(knowledge, facts)
    return {one.answer: one.told for one in consequences(knowledge, answers, fact, TODAY, language)}


def test_each_option_tells_what_it_would_change(knowledge):
    told = _told(knowledge, RECRUITER, "eu.profiling")
    assert told["Yes"] == "nothing changes"
    assert told["No"].startswith("High-risk AI system: Yes → Open")


def test_in_japanese_too(knowledge):
    assert _told(knowledge, RECRUITER, "eu.profiling", Language.JA)["はい"] == "判定は変わりません"


def test_an_option_that_would_contradict_another_answer_says_so(knowledge):
    told = _told(knowledge, RECRUITER, "eu.exclusions")
    contradicting = next(text for answer, text in told.items() if answer.startswith("Only research, testing"))
    assert "(eu.exclusions); “What connects it with the Union” (eu.territory) contradict each other" in contradicting


@pytest.mark.parametrize("fact", ["eu.market_date", "eu.gpai_compute", "system.name"])
def test_days_numbers_and_texts_have_no_list_of_options(knowledge, fact):
    assert consequences(knowledge, Answers(), fact, TODAY, Language.EN) == []


CONTRADICTING = {
    "rules_or_model": {"eu.inference": "rules_only", "eu.territory": ["markets_in_union"], "eu.roles": ["gpai_provider"]},
    "not_yet_but_marketed": {"eu.territory": ["in_own_product"], "eu.exclusions": ["pre_market"]},
    "switched_without_high_risk": {
        "eu.inference": "learns", "eu.territory": ["markets_in_union"], "eu.exclusions": ["none"], "eu.roles": ["switched"],
        "eu.areas": ["none"], "eu.practices": ["none"],
    },
    "inside_or_outside": {"eu.territory": ["uses_in_union", "output_intended"]},
    "intended_or_by_chance": {"eu.territory": ["output_by_chance", "output_intended"]},
    "biometrics_without_the_feature": {"eu.areas": ["p1"], "eu.annex_iii_1": ["c"], "eu.features": ["interacts"]},
    "law_enforcement_and_other": {"gdpr.situation": ["established", "law_enforcement"]},
    "banned_without_the_feature": {"eu.practices": ["f"], "eu.features": ["none"]},
}  # fmt: skip


def test_every_contradiction_is_tried(knowledge):
    assert set(CONTRADICTING) == set(knowledge.contradictions)


@pytest.mark.parametrize("name", CONTRADICTING)
@pytest.mark.parametrize("language", list(Language))
def test_contradicting_answers_are_refused_with_each_question_and_why(knowledge, name, language):
    answers = parse_answers({"questionnaire": knowledge.questionnaire, "facts": CONTRADICTING[name]}, knowledge)
    assert name in [one.id for one in contradictions(knowledge, answers)]
    with pytest.raises(AssistantError) as caught:
        Assessor(knowledge, language).assess(answers, TODAY)
    told = knowledge.contradictions[name]
    assert told.text.in_language(language) in str(caught.value)
    assert all(fact in str(caught.value) for fact in told.facts)


def test_name_and_description_are_for_the_start_and_never_asked_among_the_others(knowledge):
    assert [question.fact for question in about(knowledge)] == ["system.name", "system.description"]
    assert not {"system.name", "system.description"} & {question.fact for question in remaining(knowledge, Answers())}


def test_a_final_assessment_needs_a_reviewer(knowledge):
    one = Assessor(knowledge, Language.EN).assess(answered(knowledge, RECRUITER)[0], TODAY)
    assert reviewed(one, "final", "Aiko Mori").status == "final"
    assert reviewed(one, "draft", None) == one
    with pytest.raises(AssistantError, match="--reviewer NAME"):
        reviewed(one, "final", None)
