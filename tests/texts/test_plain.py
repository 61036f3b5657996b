"""Plain text and the sections of texts without markup."""

import pytest

from assistant.law.text_source import SectionHeading
from assistant.texts import plain, sections
from assistant.texts.model import UnreadableTextError

SECTION = SectionHeading(pattern=r"^(\d+(?:-\d+)+)\s+", unit="s_{1}", title=True)
TEXT = """House guide
3-1 Reports .......... 2
\fHouse guide

  3-1 Reports
  Report within five
  days.

  (1) By post
  (2) In person
  1
\fHouse guide
  3-1-2 Exceptions
  None.
\fHouse guide
\fHouse guide
"""


def test_rows_join_to_paragraphs_and_headings_open_sections():
    text = sections.place(plain.read(TEXT.encode(), [SECTION]), [SECTION])
    assert [(line.unit, line.text, line.page) for line in text.lines] == [
        ("", "3-1 Reports .......... 2", 1),
        ("s_3_1", "Report within five days.", 2),
        ("s_3_1", "(1) By post", 2),
        ("s_3_1", "(2) In person", 2),
        ("s_3_1_2", "None.", 3),
    ]
    assert text.headings == {"s_3_1": "Reports", "s_3_1_2": "Exceptions"}


def test_sections_nest_run_and_end():
    headings = [
        SectionHeading(pattern=r"^(\d+)\) ", unit="principle_{1}", running=True, title=True),
        SectionHeading(pattern=r"^\((\d+)\) ", unit="sub_{1}", inside=True, running=True),
    ]
    text = plain.read(b"1) Safety\n\n(1) Test.\n\n(3) not the next\n\n(2) Watch.\n\n2) Fairness\n\n(1) Check.\n\nEND\n\n(2) x")
    placed = sections.place(text, headings, until="^END")
    assert [(line.unit, line.text) for line in placed.lines] == [
        ("principle_1.sub_1", "Test."),
        ("principle_1.sub_1", "(3) not the next"),
        ("principle_1.sub_2", "Watch."),
        ("principle_2.sub_1", "Check."),
        ("", "END"),
        ("", "(2) x"),
    ]


def test_the_title_of_the_next_section_does_not_end_the_one_before():
    headings = [SectionHeading(pattern=r"^\((\d+)\) ", unit="point_{1}", running=True)]
    text = plain.read(b"(1) One.\n\nNext subject\n\n(2) Two.")
    assert [line.unit for line in sections.place(text, headings).lines] == ["point_1", "", "point_2"]


@pytest.mark.parametrize(("data", "message"), [(b"", "empty"), (b"\xff\xfe\x41", "UTF-8"), (b"PK\0\3", "not text")])
def test_what_is_no_text_is_refused(data, message):
    with pytest.raises(UnreadableTextError, match=message):
        plain.read(data)
