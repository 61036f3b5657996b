"""Each scorer from both sides: what it passes and what it does not, and the reason it gives."""

import pytest
from answers import answer, case, citation, refusal

from evals.ladder import rung
from evals.scorers.citations import World, citation_verdicts
from evals.scorers.outcome import composite, outcome_verdicts
from evals.scorers.pinpoint import pinpoint_verdicts

LOGS, DUTIES, APPI = "eu.ai_act.art_26.par_6", "eu.ai_act.art_26.par_1", "jp.appi.art_17.par_1"


@pytest.fixture(scope="module")
def world(real):
    return World(real.knowledge, real.library)


def _logs(knowledge):
    return knowledge.provisions[LOGS].wording[-1].summary.en


def _sound(knowledge):
    return answer([(_logs(knowledge), [1])], [citation(knowledge, LOGS)])


def test_a_sound_answer_passes_everything(world, knowledge):
    found = outcome_verdicts(case(), _sound(knowledge)) | citation_verdicts(case(), _sound(knowledge), world)
    assert {name for name, verdict in found.items() if not verdict.passed} == set()
    assert composite(found, worded=False).passed


@pytest.mark.parametrize(
    ("change", "metric", "reason"),
    [
        ({"provision": "eu.ai_act.art_994"}, "citations_exist", "there is no provision eu.ai_act.art_994"),
        ({"label": "AI Act Article 27"}, "citations_exist", "is not called AI Act Article 27"),
        ({"quote": "Something else."}, "quotes_verbatim", "the quote is not the summary"),
        ({"quote": "Something else.", "official": True, "version": "2026-07-27"}, "quotes_verbatim", "is not installed"),
        ({"n": 2}, "citations_exist", "[1] stands in a sentence but not among the citations"),
    ],
)
def test_a_false_citation_is_named(change, metric, reason, world, knowledge):
    spoilt = answer([(_logs(knowledge), [1])], [citation(knowledge, LOGS).model_copy(update=change)])
    verdict = citation_verdicts(case(), spoilt, world)[metric]
    assert not verdict.passed
    assert reason in verdict.why


def test_a_claim_without_a_citation_is_named(world, knowledge):
    loose = answer([(_logs(knowledge), [1]), ("Deployers must also pray.", [])], [citation(knowledge, LOGS)])
    assert "no citation: Deployers must also pray." in citation_verdicts(case(), loose, world)["claims_cited"].why


def test_a_sentence_under_the_wrong_number_is_misattributed(world, knowledge):
    wrong = answer([(_logs(knowledge), [2])], [citation(knowledge, LOGS), citation(knowledge, APPI, 2)])
    found = citation_verdicts(case(), wrong, world)
    assert not found["sentences_supported"].passed
    assert "stands in [1], not in [2]" in found["attribution"].why


def test_a_citation_that_adds_nothing_is_named(world, knowledge):
    padded = answer([(_logs(knowledge), [1, 2])], [citation(knowledge, LOGS), citation(knowledge, APPI, 2)])
    found = citation_verdicts(case(), padded, world)
    assert found["sentences_supported"].passed
    assert "[2] adds nothing" in found["citations_needed"].why


def test_pinpoints_are_judged_at_three_levels(knowledge):
    found = {name: one.score for name, one in pinpoint_verdicts(case(related=[DUTIES]), [DUTIES], knowledge).items()}
    assert found["pinpoint_recall_article"] == 1
    assert found["pinpoint_recall_paragraph"] == found["pinpoint_recall_point"] == 0
    assert found["pinpoint_precision_paragraph"] == 1, "what is related may be cited"
    strange = pinpoint_verdicts(case(), [LOGS, APPI], knowledge)["pinpoint_precision_paragraph"]
    assert (strange.score, strange.why) == (0.5, f"beside the point: {APPI}")


@pytest.mark.parametrize(
    ("expect", "given", "right"),
    [
        (["answer"], None, {"answered": 1.0, "as_expected": 1.0}),
        (["answer"], "off_topic", {"answered": 0.0, "as_expected": 0.0, "refusal_precision": 0.0}),
        (["off_topic"], "off_topic", {"refusal_recall": 1.0, "refusal_reason": 1.0, "refusal_precision": 1.0}),
        (["off_topic"], "not_in_knowledge", {"refusal_recall": 1.0, "refusal_reason": 0.0, "refusal_precision": 1.0}),
        (["off_topic"], None, {"refusal_recall": 0.0, "as_expected": 0.0}),
        (["answer", "off_topic"], "off_topic", {"as_expected": 1.0, "refusal_precision": 1.0}),
        (["answer", "off_topic"], None, {"as_expected": 1.0}),
    ],
)
def test_refusals_are_right_where_they_are_due_and_for_the_reason_due(expect, given, right, knowledge):
    gold = [] if "answer" not in expect else [[LOGS]]
    told = refusal(given) if given else _sound(knowledge)
    found = outcome_verdicts(case(expect=expect, gold=gold, key_facts=[]), told)
    assert {name: found[name].score for name in right} == right
    assert ("refusal_precision" in found) is (given is not None)


def test_refusing_does_not_raise_any_figure_of_an_answerable_question():
    found = outcome_verdicts(case(), refusal("not_in_knowledge"))
    assert (found["gold_cited"].score, found["key_facts"].score) == (0, 0)


def test_facts_that_are_due_and_statements_that_are_not(knowledge):
    silent = answer([("Deployers keep logs.", [1])], [citation(knowledge, LOGS)])
    assert "not said: 6 months" in outcome_verdicts(case(), silent)["key_facts"].why
    wrong = answer([("Deployers keep logs for three months.", [1])], [citation(knowledge, LOGS)])
    assert "said: 3 months" in outcome_verdicts(case(), wrong)["nothing_forbidden"].why


def test_the_language_and_the_day_must_be_those_asked_for(knowledge):
    japanese = answer([("ログを保存します。", [1])], [citation(knowledge, LOGS)])
    assert not outcome_verdicts(case(), japanese)["language"].passed
    assert not outcome_verdicts(case(language="ja"), _sound(knowledge))["language"].passed
    assert not outcome_verdicts(case(as_of="2027-12-02", day="2027-12-02"), _sound(knowledge))["day"].passed


def test_the_composite_names_what_is_not_whole(knowledge):
    found = outcome_verdicts(case(), answer([("Deployers keep logs.", [1])], [citation(knowledge, APPI)]))
    assert composite(found, worded=False).why == "gold_cited, key_facts"


@pytest.mark.parametrize(
    ("gold", "cited", "ranked", "expected"),
    [
        ([["eu.ai_act.art_26.par_6.point_z"]], [], [], "not indexed"),
        ([[LOGS]], [], [APPI], "not retrieved"),
        ([[LOGS]], [DUTIES], [LOGS], "wrong pinpoint"),
        ([[LOGS]], [APPI], [LOGS], "not cited"),
    ],
)
def test_the_rung_on_which_a_case_failed_first(gold, cited, ranked, expected, knowledge):
    found = outcome_verdicts(case(), answer([("Deployers keep logs.", [1])], [citation(knowledge, APPI)]))
    found["right"] = composite(found, worded=False)
    told = case().model_copy(update={"gold": gold})
    assert rung(told, found, cited, ranked, knowledge) == expected


def test_an_answer_where_a_refusal_is_due_is_a_wrong_refusal(knowledge):
    told = case(expect=["off_topic"], gold=[], key_facts=[])
    found = outcome_verdicts(told, _sound(knowledge))
    found["right"] = composite(found, worded=False)
    assert rung(told, found, [], [], knowledge) == "wrong refusal"
