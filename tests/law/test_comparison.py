"""What another answer or changed law makes of a system is told: what came, went, opened or moved."""

from datetime import date

import pytest

from assistant.law.answers import parse_answers
from assistant.law.assessment import Assessor
from assistant.law.comparison import compare
from assistant.types import Language

TODAY = date(2026, 11, 24)
FACTS = {
    "eu.inference": "learns", "eu.territory": ["markets_in_union"], "eu.exclusions": ["none"], "eu.roles": ["provider"],
    "eu.practices": ["none"], "eu.areas": ["p4"], "eu.annex_iii_4": ["a"],
    "eu.features": ["generates"],
    "eu.assistive_editing_only": False, "eu.crime_detection_by_law": False, "eu.market_date": "2027-12-02",
}  # fmt: skip


@pytest.fixture
def assessed(knowledge):
    def assess(day=TODAY, language=Language.EN, **changes):
        facts = {**FACTS, **{name.replace("__", "."): value for name, value in changes.items()}}
        answers = parse_answers({"questionnaire": knowledge.questionnaire, "facts": facts}, knowledge)
        return Assessor(knowledge, language).assess(answers, day)

    return assess


def test_the_same_answers_differ_in_nothing(assessed):
    found = compare(assessed(eu__profiling=True), assessed(eu__profiling=True))
    assert found.nothing
    assert (found.other_day, found.other_knowledge) == (False, False)


def test_an_answer_that_settles_high_risk_adds_the_duties(assessed):
    found = compare(assessed(), assessed(eu__profiling=True))
    assert [(change.id, change.before, change.after) for change in found.outcomes if change.id == "high_risk"] == [
        ("high_risk", "open", "yes")
    ]
    assert {"EU-12", "EU-14", "EU-19"} <= set(found.added)
    assert found.removed == []


def test_the_other_way_round_they_go_and_what_is_open_is_told(assessed):
    found = compare(assessed(eu__profiling=True), assessed())
    assert {"EU-12", "EU-14"} <= set(found.removed)
    assert {"EU-12", "EU-14"} <= set(found.opened)


def test_a_date_that_moves_is_told_with_both_days(assessed):
    found = compare(assessed(eu__market_date="2026-08-01"), assessed(eu__market_date="2026-08-02"))
    assert [(moved.id, moved.before, moved.after) for moved in found.moved] == [("EU-51", date(2026, 12, 2), date(2026, 8, 2))]


def test_changed_law_is_told_as_such(assessed):
    now = assessed(eu__profiling=True)
    duties = [duty.model_copy(update={"duty": "It read otherwise."}) if duty.id == "EU-12" else duty for duty in now.obligations]
    earlier = now.model_copy(update={"knowledge": "older", "obligations": duties, "day": date(2026, 1, 1)})
    found = compare(earlier, now)
    assert found.reworded == ["EU-12"]
    assert found.other_knowledge
    assert found.other_day


def test_wording_in_two_languages_is_not_taken_for_a_change(assessed):
    assert compare(assessed(language=Language.JA), assessed()).reworded == []
