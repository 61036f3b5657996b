"""Periods: the first day counts, the end day does not; wordings follow each other."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from assistant.law.conditions import AllOf, Condition, facts_in
from assistant.law.schema import Application, Obligation, Period, Provision


def test_a_period_includes_its_first_day_and_excludes_its_end():
    period = Period.model_validate({"from": "2025-06-01", "to": "2028-01-01"})
    assert not period.covers(date(2025, 5, 31))
    assert period.covers(date(2025, 6, 1))
    assert period.covers(date(2027, 12, 31))
    assert not period.covers(date(2028, 1, 1))


def test_a_period_cannot_end_before_it_begins():
    with pytest.raises(ValidationError, match="later than"):
        Period.model_validate({"from": "2025-06-01", "to": "2025-06-01"})


def test_the_wording_in_force_changes_on_the_day_of_the_amendment(small):
    provision = small.provisions["eu.demo.art_5.par_1"]
    assert "30 minutes" in provision.wording_on(date(2026, 6, 30)).summary.en
    assert "20 minutes" in provision.wording_on(date(2026, 7, 1)).summary.en
    assert provision.wording_on(date(2024, 12, 31)) is None


def test_two_wordings_cannot_be_in_force_on_one_day(small):
    data = small.provisions["eu.demo.art_5.par_1"].model_dump(by_alias=True)
    data["wording"][0]["to"] = None
    with pytest.raises(ValidationError, match="follow each other"):
        Provision.model_validate(data)


MOVED = {"from": "2027-12-02", "moved": {"amended": "2026-07-27", "from": "2026-08-02"}}


def test_a_first_day_that_was_moved_is_the_old_one_until_the_day_of_the_amendment():
    line = Application.model_validate(MOVED)
    assert line.as_of(date(2026, 7, 26)).from_ == date(2026, 8, 2)
    assert line.as_of(date(2026, 7, 27)).from_ == date(2027, 12, 2)
    assert line.days == {date(2026, 8, 2), date(2027, 12, 2)}


@pytest.mark.parametrize(
    "moved",
    [
        {"amended": "2026-07-27", "from": "2027-12-02"},
        {"amended": "2026-08-03", "from": "2026-08-02"},
        {"amended": "2027-12-03", "from": "2028-08-02"},
    ],
)
def test_a_day_is_not_moved_to_itself_nor_after_it_has_come(moved):
    with pytest.raises(ValidationError, match="'moved' names another day"):
        Application.model_validate(MOVED | {"moved": moved})


def test_a_document_is_known_from_its_first_version(small):
    document = small.documents["eu.demo"]
    assert document.known_from == date(2025, 1, 1)
    assert document.version_on(date(2024, 12, 31)) is None
    assert document.version_on(date(2026, 6, 30)).id == "first"
    assert document.version_on(date(2026, 7, 1)).id == "second"


def test_a_condition_is_read_by_its_key_and_names_its_facts():
    either = [{"not": {"fact": "b", "includes": "x"}}, {"fact": "c", "before": "2026-08-02"}]
    written = {"all": [{"fact": "a", "is": True}, {"any": either}]}
    condition = TypeAdapter(Condition).validate_python(written)
    assert isinstance(condition, AllOf)
    assert list(facts_in(condition)) == ["a", "b", "c"]


@pytest.mark.parametrize("written", [{"fact": "a"}, {"some": []}, {"all": []}, {"fact": "a", "is": True, "or": 1}, "yes"])
def test_a_condition_of_another_form_is_refused(written):
    with pytest.raises(ValidationError):
        TypeAdapter(Condition).validate_python(written)


def test_a_duty_survives_writing_and_reading(small):
    duty = small.obligations["EU-01"]
    assert Obligation.model_validate(duty.model_dump(by_alias=True)) == duty
