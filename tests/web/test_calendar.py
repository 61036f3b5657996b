"""The calendar: days set by people and by the law, for programs to subscribe to."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from law.test_systems import CASES, answered
from web.conftest import TODAY
from web.test_assess_pages import answer, start
from web.test_systems_pages import save

from assistant.law.answers import as_data


def events(response):
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


@pytest.fixture
def lamp(small_site):
    """A finished system that owes the demonstration duty."""
    system = start(small_site, "Lamp, \\; <b>")
    answer(small_site, system, "demo.has_lamp", "true")
    yield system
    small_site.desk.systems.delete(system)


def test_a_day_set_by_people_is_an_event_of_a_whole_day_with_a_reminder(small_site, lamp):
    save(small_site, lamp, "EU-01", due="2026-12-24")
    (event,) = events(small_site.get(f"/en/systems/{lamp}/calendar.ics"))
    assert event["dtstart"].dt == date(2026, 12, 24)
    assert event["dtend"].dt == date(2026, 12, 25)
    assert str(event["summary"]) == "Due: Light the lamp – Lamp, \\; <b>"
    assert event["url"].endswith(f"/en/systems/{lamp}/duties/EU-01")
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == timedelta(days=-30)


def test_both_languages_name_the_same_event_in_their_words(small_site, lamp):
    save(small_site, lamp, "EU-01", due="2026-12-24")
    english, japanese = (events(small_site.get(f"/{one}/systems/calendar.ics"))[0] for one in ("en", "ja"))
    assert english["uid"] == japanese["uid"]
    assert str(japanese["summary"]).startswith("期日：")


def test_a_day_that_is_moved_keeps_its_uid(small_site, lamp):
    save(small_site, lamp, "EU-01", due="2026-12-24")
    (before,) = events(small_site.get("/en/systems/calendar.ics"))
    save(small_site, lamp, "EU-01", version=1, due="2027-01-15")
    (after,) = events(small_site.get("/en/systems/calendar.ics"))
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt == date(2027, 1, 15)


@pytest.mark.parametrize("state", ["done", "not_applicable"])
def test_a_duty_that_is_settled_has_no_day_left(small_site, lamp, state):
    save(small_site, lamp, "EU-01", due="2026-12-24", state=state, reason="seen")
    assert events(small_site.get("/en/systems/calendar.ics")) == []


def test_the_days_on_which_owed_duties_begin_to_apply_are_events_those_of_the_past_are_not(real_site, knowledge):
    case = next(one for one in CASES if one.get("outcomes", {}).get("high_risk") == "yes")
    answers, _ = answered(knowledge, case["facts"])
    system = real_site.desk.systems.create(as_data(answers, knowledge), name="採用選考")
    found = events(real_site.get(f"/ja/systems/{system.id}/calendar.ics"))
    assert found
    assert all(str(event["summary"]).startswith("適用開始：") and event["dtstart"].dt > TODAY for event in found)
    assert len({event["uid"] for event in found}) == len(found)


def test_a_system_that_cannot_be_assessed_does_not_hide_the_days_of_others(small_site, lamp):
    broken = small_site.desk.systems.create({"questionnaire": "1999", "facts": {}}, name="Old one")
    save(small_site, lamp, "EU-01", due="2026-12-24")
    assert len(events(small_site.get("/en/systems/calendar.ics"))) == 1
    small_site.desk.systems.delete(broken.id)


def test_a_system_that_is_not_there_has_no_calendar(small_site):
    assert small_site.get("/en/systems/000000000000/calendar.ics").status_code == 404
