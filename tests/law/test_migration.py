"""Answers of earlier questionnaires are carried over, or named and asked anew; nothing is dropped silently."""

from datetime import date

import pytest

from assistant.law.answers import parse_answers
from assistant.law.assessment import Assessor
from assistant.types import AssistantError, Language

TODAY = date(2026, 11, 26)


def _read(knowledge, version, **facts):
    data = {"questionnaire": version, "facts": {name.replace("__", "."): value for name, value in facts.items()}}
    return parse_answers(data, knowledge)


def test_what_means_the_same_is_carried_over(knowledge):
    answers = _read(knowledge, "2026-11", eu__annex_iii_points=["p4a", "p8b"], eu__third_party_assessment=True)
    assert answers.facts["eu.annex_iii_4"] == frozenset({"a"})
    assert answers.facts["eu.annex_iii_8"] == frozenset({"b"})
    assert answers.facts["eu.third_party_assessment"] == "required"


def test_a_practice_ticked_with_its_exception_in_mind_keeps_its_answer(knowledge):
    answers = _read(knowledge, "2026-11-24", eu__prohibited_practice=["c", "f"])
    assert answers.facts == {"eu.practices": frozenset({"c", "f"}), "eu.exception_f": False}
    assert answers.anew == ()


@pytest.mark.parametrize(
    ("facts", "anew"),
    [
        ({"jp.data_features": ["entrusts", "foreign_recipient"]}, "jp.data_features"),
        ({"jp.features": ["generative_ai", "uses_works"]}, "jp.features"),
        ({"eu.annex_iii_areas": ["p4"], "eu.annex_i_act": "none"}, "eu.annex_iii_areas"),
        ({"eu.deployer_kind": ["public_authority"]}, "eu.deployer_kind"),
    ],
)
def test_what_means_something_else_now_is_named_and_asked_as_a_whole(knowledge, facts, anew):
    answers = parse_answers({"questionnaire": "2026-11-24", "facts": facts}, knowledge)
    assert anew in answers.anew
    assert answers.facts == {}


def test_values_that_did_not_change_stay_beside_one_that_did(knowledge):
    answers = _read(knowledge, "2026-11-24", gdpr__features=["dpia_trigger", "transfer"])
    assert answers.facts["gdpr.features"] == frozenset({"other_high_risk", "transfer"})


def test_not_knowing_stays_not_knowing_or_is_asked_again_never_no(knowledge):
    answers = _read(knowledge, "2026-11-24", eu__profiling="unknown", eu__prohibited_practice="unknown")
    assert answers.unknown == {"eu.profiling"} | ({"eu.practices"} & answers.unknown)
    outcome = Assessor(knowledge, Language.EN).assess(answers, answers.day or TODAY).outcomes["prohibited"].outcome
    assert outcome == "open"


def test_answers_of_a_newer_questionnaire_are_refused_with_the_versions_that_are_read(knowledge):
    with pytest.raises(AssistantError, match=f"for version 2099 .* reads 2026-11, 2026-11-24, {knowledge.questionnaire}"):
        _read(knowledge, "2099")
