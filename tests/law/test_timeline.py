"""The calendar is read from the entries, and for the real knowledge it is the calendar of the law."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from assistant.law.timeline import timeline

CALENDAR = [
    case
    for path in sorted((Path(__file__).resolve().parent.parent / "cases").rglob("calendar.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def test_every_dated_event_of_the_small_knowledge_is_listed_in_order(small):
    found = [(str(m.day), m.kind, m.entry) for m in timeline(small) if m.day >= date(2027, 1, 1)]
    assert found == [
        ("2027-01-01", "applies", "eu.demo.art_5.par_1"),
        ("2027-03-01", "ends", "eu.demo.art_8"),
        ("2027-06-30", "deadline", "eu.demo.art_5.par_2"),
        ("2028-01-01", "ends", "eu.demo.art_5.par_1"),
    ]


def test_a_rule_older_than_our_knowledge_has_no_day_of_beginning(small):
    assert "eu.demo.art_9.par_1" not in {milestone.entry for milestone in timeline(small)}


def test_a_case_and_a_deadline_say_what_they_are_about(small):
    notes = {(m.kind, m.entry): m.note.en for m in timeline(small) if m.note and m.day.year == 2027}
    assert notes[("applies", "eu.demo.art_5.par_1")] == "new towers"
    assert notes[("deadline", "eu.demo.art_5.par_2")] == "A form for the logbook is due."


@pytest.mark.parametrize("case", CALENDAR, ids=[f"{case['day']} {case['sentence']}" for case in CALENDAR])
def test_the_calendar_of_the_law_follows_from_the_entries(case, knowledge):
    on_that_day = {(milestone.kind, milestone.entry) for milestone in timeline(knowledge) if milestone.day == case["day"]}
    assert {(case["kind"], entry) for entry in case["entries"]} <= on_that_day
