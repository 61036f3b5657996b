"""Raised numbers in PDF files: exponents stay, marks of footnotes go, and the notes they mark stand apart."""

import pytest
from test_pdf import BODY, SMALL, make_pdf

from assistant.texts import pdf

RAISED = 4


@pytest.fixture
def lines(tmp_path):
    """Read pages of rows; a row is a height and its parts, of which numbers are printed raised."""

    def _lines(*pages):
        drawn = []
        for rows in pages:
            drawn.append([])
            for y, *parts in rows:
                size = SMALL if y < 200 else BODY
                drawn[-1] += [(y + RAISED, size / 2, str(part)) if isinstance(part, int) else (y, size, part) for part in parts]
        path = tmp_path / "file.pdf"
        path.write_bytes(make_pdf(drawn))
        text = pdf.read(path)
        return [line.text for line in text.lines], list(text.notes)

    return _lines


def test_a_raised_number_behind_a_digit_is_an_exponent(lines):
    text, _ = lines(
        [(700, "More than 10", 25, " operations, or 2.3x10", 9, ", and 3 x 10", 12, ".")],
        [(700, "No more.")],
    )
    assert text[0] == "More than 10^25 operations, or 2.3x10^9, and 3 x 10^12."


def test_the_mark_of_a_note_behind_a_number_is_no_exponent(lines):
    text, notes = lines(
        [
            (700, "Under Article 5", 1, " and Regulation 2024/1689", 2, " 10", 25, " is much, since 2 May 2025", 3, "."),
            (100, 1, "First note"),
            (80, 2, "Second note, with 10", 23, " in it"),
            (60, 3, "Third note"),
        ]
    )
    assert text == ["Under Article 5 and Regulation 2024/1689 10^25 is much, since 2 May 2025."]
    assert notes == ["1 First note", "2 Second note, with 10^23 in it", "3 Third note"]


def test_an_exponent_that_is_also_the_number_of_a_note_stays_where_the_note_has_its_mark(lines):
    text, _ = lines([(700, "Costs", 1, " of 10", 1, " euros."), (100, 1, "A note")])
    assert text == ["Costs of 10^1 euros."]


def test_marks_are_counted_on_where_the_notes_stand_elsewhere(lines):
    text, _ = lines([(700, "One", 1, " and two", 2, " in Article 7", 3, " and 10", 5, ".")], [(700, "Then Article 8", 4, ".")])
    assert text == ["One and two in Article 7 and 10^5.", "Then Article 8."]


def test_part_of_a_reference_has_no_exponent(lines):
    text, _ = lines([(700, "Directive 2016/680", 40, " and point 3.2.1", 41, " of it.")])
    assert text == ["Directive 2016/680 and point 3.2.1 of it."]


def test_notes_as_large_as_the_text_are_told_by_their_raised_number(lines):
    text, notes = lines(
        [
            (700, "A recital with a mark", 1, " and another", 2, "."),
            (500, 1, "The first note"),
            (486, "goes on."),
            (472, 2, "Next."),
        ],
        [(700, 2, "nd row begins with a raised number that marks nothing above.")],
    )
    assert text[0] == "A recital with a mark and another."
    assert notes == ["1 The first note goes on.", "2 Next."]
    assert text[1].endswith("nd row begins with a raised number that marks nothing above.")


def test_affiliations_below_the_authors_of_a_paper_are_no_footnotes(lines):
    rows = [
        (750, "Ann", 1, " and Bob", 2),
        (720, 1, "One House"),
        (706, 2, "Two House"),
        (660, "Summary."),
        (646, "We found it."),
    ]
    text, notes = lines(rows)
    assert notes == []
    assert text[-1] == "Summary. We found it."


def test_a_number_too_long_to_be_raised_is_read_as_any_text(lines):
    rows = [(700 - 14 * row, "Words.") for row in range(5)]
    text, _ = lines([*rows, (560, "10", 10**4000, " is much."), *((y - 200, word) for y, word in rows)])
    assert any("0" * 4000 in line for line in text)


def test_a_mark_that_begins_a_row_is_no_paragraph(lines):
    rows = [(780 - 14 * row, "Words.") for row in range(4)]
    text, _ = lines([*rows, (724, "A word"), (710, 1, " and the next row."), (696, "Last."), (682, "End."), (100, 1, "A note")])
    assert text == ["Words. Words. Words. Words. A word and the next row. Last. End."]
