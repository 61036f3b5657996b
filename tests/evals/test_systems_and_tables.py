"""Systems beside the product, tables of figures, assessments and extraction on made-up cases."""

import hashlib

import pytest
from answers import case

from assistant.texts.model import Line, OfficialText
from assistant.types import AssistantError
from evals.scoreboard import scoreboard
from evals.scorers.assessment import AssessmentCase, assess_case
from evals.scorers.extraction import ExtractionCase, extract_case, reduced
from evals.systems import Product, lane


@pytest.fixture
def lamps(demo):
    """A question about the demonstration act, with whatever it finds first as gold."""
    first = demo.search("what must a keeper of lamps do?", 1)[0].provision
    return case(question="what must a keeper of lamps do?", gold=[[first]])


def test_the_scoreboard_sets_the_product_beside_words_alone(demo, lamps, monkeypatch):
    monkeypatch.setattr("evals.scoreboard.tasks.read_questions", lambda _: [lamps])
    table = list(scoreboard(demo, []))
    assert table[0] == "Questions of ours (1 answerable questions):"
    assert table[2] == "| system | hit@1 | recall@10 | map@10 | ndcg@10 | all_gold@10 |"
    assert table[4].startswith("| ours | 1.000 [1.00, 1.00] |")
    assert [row.split(" | ")[0] for row in table[4:-1]] == ["| ours", "| words alone (BM25)"]


def test_a_lane_ranks_without_the_law(demo, lamps):
    assert lane(demo.index, "words")(lamps)[0] in demo.knowledge.provisions
    assert lane(demo.index, "vectors")(lamps) == [], "there are no vectors here"
    assert len(Product(demo).ranked(lamps)) <= 10


def _system(**values):
    data = {
        "id": "s-1", "language": "en", "description": "A chatbot of a shop in Lyon.", "as_of": "2026-11-26",
        "facts": {
            "eu.inference": "learns", "eu.territory": ["uses_in_union"], "eu.exclusions": ["none"], "eu.roles": ["deployer"],
            "eu.practices": ["c"],
        },
        "outcomes": {"prohibited": "yes"}, "difficulty": "easy", "author": "a test",
    }  # fmt: skip
    return AssessmentCase.model_validate(data | values)


def _whole(result):
    return {name: verdict.passed for name, verdict in result.verdicts.items()}


def test_an_assessment_is_judged_axis_by_axis(knowledge):
    fine = assess_case(_system(provisions={"prohibited": ["eu.ai_act.art_5.par_1.point_c"]}, roles=["deployer"]), knowledge)
    assert set(_whole(fine).values()) == {True}
    wrong = assess_case(
        _system(outcomes={"prohibited": "no"}, provisions={"prohibited": ["eu.ai_act.art_5.par_1.point_f"]}, roles=["provider"]),
        knowledge,
    )
    assert not any(_whole(wrong).values())
    assert wrong.verdicts["axis_prohibited"].why == "yes, expected no"
    assert wrong.verdicts["roles"].why == "without provider"


def test_facts_that_are_none_are_refused(knowledge):
    with pytest.raises(AssistantError, match=r"eu\.colour"):
        assess_case(_system(facts={"eu.colour": "red"}), knowledge)


class _Shelf:
    """A library with one made-up text."""

    def __init__(self):
        lines = (
            Line("art_1.par_1", "Keepers light the lamps.", "1.", page=3),
            Line("art_1.par_2", "They count:", "2.", page=3),
            Line("art_1.par_2.point_a", "the wicks;", "(a)", page=4),
        )
        self._text = OfficialText(lines, pages=4)

    def text(self, _):
        return self._text


def _place(**values):
    wording = "2theycountathewicks"
    data = {
        "id": "e-1", "text": "eu.ai_act@2026-07-27.en", "page": 3, "provision": "eu.ai_act.art_1.par_2", "start": 21,
        "length": len(wording), "sha256": hashlib.sha256(wording.encode()).hexdigest(), "note": "made up", "author": "a test",
    }  # fmt: skip
    return ExtractionCase.model_validate(data | values)


def test_a_provision_is_compared_by_place_length_and_hash(knowledge):
    assert set(_whole(extract_case(_place(), knowledge, _Shelf())).values()) == {True}


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({"provision": "eu.ai_act.art_9.par_2"}, {"found", "right"}),
        ({"start": 20}, {"place", "right"}),
        ({"page": 4}, {"page", "right"}),
        ({"sha256": "0"}, {"wording", "right"}),
        ({"provision": "eu.ai_act.art_1.par_2.point_a", "page": 4}, {"wording", "place", "right"}),
    ],
)
def test_what_is_cut_otherwise_is_told_apart(change, failing, knowledge):
    whole = _whole(extract_case(_place(**change), knowledge, _Shelf()))
    assert {name for name, passed in whole.items() if not passed} == failing


def test_the_reduced_form_has_letters_and_digits_alone():
    assert reduced([Line("u", "Ａ“B”-1 ⑵", "(x)")]) == "xab12"
