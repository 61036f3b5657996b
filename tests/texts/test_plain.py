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


@pytest.mark.parametrize(
    ("title", "apart"),
    [
        ("b) ‘Words’", True),
        ("Only ‘if needed’", True),
        ("2.1. When is it one?", True),
        ("c) When? ‘Each time’", True),
        ("It is said: ‘so it is.’", False),
        ("Is it one?", False),
        ("- the last item of a list", False),
        ("【Examples】 1) by post", False),
    ],
)
def test_what_looks_like_the_title_of_the_next_section(title, apart):
    headings = [SectionHeading(pattern=r"^\((\d+)\) ", unit="point_{1}", running=True)]
    text = plain.read(f"(1) One.\n\n{title}\n\n(2) Two.".encode())
    assert [line.unit for line in sections.place(text, headings).lines] == ["point_1", "" if apart else "point_1", "point_2"]


CONTENTS = """Contents
1 Aims .......... 1
  Reports on leaks of personal
   data (Article 26) .......... 2
  When .. 3
\f3-1 Rules

They apply.

  Reports on leaks of personal
  data (Article 26)

Report at once.

3-2 More

Reports on leaks

It depends.
"""


def test_a_title_of_the_contents_that_lost_its_number_ends_the_section_before():
    placed = sections.place(plain.read(CONTENTS.encode(), [SECTION]), [SECTION])
    assert [(line.unit, line.text) for line in placed.lines if line.page == 2] == [
        ("s_3_1", "They apply."),
        ("", "Reports on leaks of personal data (Article 26)"),
        ("", "Report at once."),
        ("s_3_2", "Reports on leaks"),
        ("s_3_2", "It depends."),
    ]


def test_an_entry_of_the_contents_with_a_short_leader_opens_nothing():
    headings = [SectionHeading(pattern=r"^D\. ", unit="part_d", title=True)]
    placed = sections.place(plain.read(b"D. Principles .. 24\n\nPreface\n\nD. Principles\n\nText.", headings), headings)
    assert [(line.unit, line.text) for line in placed.lines] == [
        ("", "D. Principles .. 24"),
        ("", "Preface"),
        ("part_d", "Text."),
    ]


@pytest.mark.parametrize(
    ("rows", "title", "lines"),
    [
        ("3-1 Reports and\n  their form\n  By post.", "Reports and their form", ["By post."]),
        ("3-1 Reports\nBy post.", "Reports", ["By post."]),
        ("3-1 Reports\n● by post", "Reports", ["● by post"]),
        ("3-1 Reports\n\nof accidents", "Reports", ["of accidents"]),
        ("3-1 報告（第\n3 条）\n\n文書による。", "報告（第 3 条）", ["文書による。"]),
    ],
)
def test_a_title_may_take_two_rows(rows, title, lines):
    placed = sections.place(plain.read(rows.encode(), [SECTION]), [SECTION])
    assert (placed.headings["s_3_1"], [line.text for line in placed.lines]) == (title, lines)


NOTES = """A guide to reports1 and logs
in Part 2, which two groups 2 of people keep for 3 days.

1
 The first note
of two rows.
2
 Named in G7 papers.

                    1
\fLevel 3 of the leaks “as named”3 4. Nobody kept 3.4
metres of AI5 paper under 2 roofs, see Table 4.

3
 Third
4
 Fourth
5
 Fifth
                    2
\fThe number 6 of nothing

6

                    3
"""


def test_footnotes_of_a_page_and_their_marks_are_no_part_of_the_text():
    text = plain.read(NOTES.encode())
    assert [(line.page, line.text) for line in text.lines] == [
        (1, "A guide to reports and logs in Part 2, which two groups of people keep for 3 days."),
        (2, "Level 3 of the leaks “as named”. Nobody kept 3.4 metres of AI paper under 2 roofs, see Table 4."),
        (3, "The number 6 of nothing"),
    ]
    assert text.notes == (
        "1 The first note of two rows.", "2 Named in G7 papers.", "3 Third", "4 Fourth", "5 Fifth",
    )  # fmt: skip


def test_a_number_on_a_row_of_its_own_is_no_note_where_nothing_is_marked():
    text = plain.read(b"First part\n\n1\nScope\n\fSecond page")
    assert (text.notes, [line.text for line in text.lines]) == ((), ["First part", "Scope", "Second page"])


@pytest.mark.parametrize(("data", "message"), [(b"", "empty"), (b"\xff\xfe\x41", "UTF-8"), (b"PK\0\3", "not text")])
def test_what_is_no_text_is_refused(data, message):
    with pytest.raises(UnreadableTextError, match=message):
        plain.read(data)
