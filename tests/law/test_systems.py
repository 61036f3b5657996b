"""The worked examples: what follows from the answers about fictional systems, with its days and provisions."""

from datetime import date

import pytest
import yaml
from needs import ROOT

from assistant.law.answers import UNKNOWN
from assistant.law.assessment import Assessor
from assistant.law.questionnaire import about
from assistant.types import Language
from evals import questionnaire

TODAY = date(2026, 11, 24)
CASES = [
    case
    for path in sorted((ROOT / "tests" / "cases" / "systems").glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
]


def plain(knowledge, fact):
    """The answer of somebody whom a question does not concern."""
    return questionnaire.plain(knowledge, fact, TODAY)


_walks = {}


def answered(knowledge, facts):
    """Ask like the product: one question after the other; return the answers and the facts asked in order."""
    key = (knowledge.version, repr(facts))
    if key not in _walks:
        _walks[key] = questionnaire.answered(knowledge, facts, TODAY)
    return _walks[key]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_what_follows_for_a_system(case, knowledge):
    answers, asked = answered(knowledge, case["facts"])
    assert set(case["facts"]) <= set(asked), "every fact of a case is one that is asked"
    result = Assessor(knowledge, Language.EN).assess(answers, TODAY)
    assert {one: result.outcomes[one].outcome for one in case.get("outcomes", {})} == case.get("outcomes", {})
    duties = {duty.id: duty for duty in result.obligations}
    assert {one: (duties[one].outcome, duties[one].applies_from) for one in case.get("owed", {})} == {
        one: ("owed", day) for one, day in case.get("owed", {}).items()
    }
    assert {one: duties[one].outcome for one in case.get("not_owed", [])} == dict.fromkeys(case.get("not_owed", []), "not_owed")
    assert {one: duties[one].outcome for one in case.get("open", [])} == dict.fromkeys(case.get("open", []), "open")
    assert {one for one in result.outcomes if result.outcomes[one].review} >= set(case.get("review", []))
    assert not {one for one in case.get("no_review", []) if result.outcomes[one].review}
    assert not set(case.get("not_asked", [])) & set(asked)
    assert set(case.get("clarify", [])) <= set(result.open_questions)
    cited = {p for one in result.outcomes.values() for p in [*one.provisions, *(q for b in one.because for q in b.provisions)]}
    cited |= {p for one in result.outcomes.values() for step in one.chain for p in step.provisions}
    cited |= {p for duty in result.obligations if duty.outcome == "owed" for p in duty.provisions}
    assert set(case.get("cites", [])) <= cited
    if UNKNOWN not in case["facts"].values():
        assert result.open_questions == []
        assert not [duty.id for duty in result.obligations if duty.outcome == "open"]


def test_the_letter_that_is_ticked_is_the_one_that_is_cited(knowledge):
    """Each answer that stands for one point of the law leads to that point, never to its neighbour."""
    pointed = {(question.fact, option.value): option.provisions for question in knowledge.questions.values()
               for option in question.options if option.provisions}  # fmt: skip
    assert len(pointed) > 30
    for (fact, value), provisions in pointed.items():
        assert knowledge.questions[fact].provisions_of([value]) == provisions
        assert value.removeprefix("p") == provisions[0].rpartition(".")[2].removeprefix("point_")


def test_there_are_enough_examples_and_each_names_what_justifies_it():
    assert len(CASES) >= 40
    assert [case["case"] for case in CASES if not case.get("cites")] == []
    assert len({case["case"] for case in CASES}) == len(CASES)


def test_every_question_is_asked_in_some_example(knowledge):
    asked = {fact for case in CASES for fact in answered(knowledge, case["facts"])[1]}
    assert set(knowledge.questions) - asked == {question.fact for question in about(knowledge)}


def test_every_outcome_is_reached_both_ways(knowledge):
    seen = {(name, outcome) for case in CASES for name, outcome in case.get("outcomes", {}).items()}
    assert {(name, outcome) for name in knowledge.outcomes for outcome in ("yes", "no")} - seen == set()


def test_the_path_is_short(knowledge):
    """A plain internal tool needs fewer than 10 questions, a typical system 9 to 25."""
    asked = [len(answered(knowledge, facts)[1]) for facts in questionnaire.typical_systems().values()]
    assert len(asked) == 10
    assert asked[0] < 10
    assert max(asked) <= 25


def test_every_duty_is_owed_in_one_example_and_not_in_another(knowledge):
    owed = {duty for case in CASES for duty in case.get("owed", {})}
    not_owed = {duty for case in CASES for duty in case.get("not_owed", [])}
    assert set(knowledge.obligations) - owed == set()
    assert set(knowledge.obligations) - not_owed == set()


def test_every_day_from_which_a_duty_can_apply_is_expected_in_an_example(knowledge):
    expected = {(duty, day) for case in CASES for duty, day in case.get("owed", {}).items()}
    days = {(duty.id, line.from_) for duty in knowledge.obligations.values() for line in duty.applies}
    assert days - expected == set()
