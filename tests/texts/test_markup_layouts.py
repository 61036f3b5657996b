"""Each layout of an act becomes the same kind of units, with markers, notes and amending acts told apart."""

import pytest
from pages import CONSOLIDATED, LAW, OFFICIAL_JOURNAL, STATUTE

from assistant.texts import consolidated, japanese_law, official_journal, statute_markdown
from assistant.texts.model import UnreadableTextError


def _lines(text):
    return {line.unit: line.text for line in text.lines}


def test_the_official_journal_layout():
    text = official_journal.read(OFFICIAL_JOURNAL.encode())
    assert _lines(text) == {
        "recital_1": "Why it was made.",
        "recital_2": "More of it.",
        "recital_2.subpar_2": "And more.",
        "art_1.par_1": "Makers shall:",
        "art_1.par_1.point_a": "keep records, such as:",
        "art_1.par_1.point_a.i": "lists;",
        "art_1.par_1.subpar_2": "They shall do so in writing.",
        "art_1.par_2": "Users may ask.",
        "art_2": "In this act:",
        "art_2.def_1": "‘maker’ means who makes;",
        "art_2.def_1.a": "alone",
        "annex_i.section_a": "Section A. Lists",
        "annex_i.section_a.point_1": "Names",
    }
    assert text.headings == {"art_1": "Duties", "art_2": "Definitions", "annex_i": "Records"}
    assert text.notes == ("(1) A footnote.",)
    assert text.counts() == {
        "recitals": 2, "articles": 2, "paragraphs": 2, "points": 2, "definitions": 1, "annexes": 1,
    }  # fmt: skip


def test_recitals_bear_the_number_that_is_printed_whatever_their_anchor_counts():
    text = official_journal.read(OFFICIAL_JOURNAL.encode())
    assert [(line.unit, line.marker) for line in text.lines if line.unit.startswith("recital_")] == [
        ("recital_1", "(1)"), ("recital_2", "(2)"), ("recital_2.subpar_2", ""),
    ]  # fmt: skip


def test_a_point_of_two_paragraphs_keeps_its_marker_on_the_first():
    page = OFFICIAL_JOURNAL.replace("lists;</p>", 'lists;</p><p class="oj-normal">of all kinds;</p>')
    found = [(line.unit, line.marker, line.text) for line in official_journal.read(page.encode()).lines]
    assert found[found.index(("art_1.par_1.point_a.i", "(i)", "lists;")) + 1][1:] == ("", "of all kinds;")


def test_the_consolidated_layout_keeps_who_amended_what_and_no_marker_in_the_text():
    text = consolidated.read(CONSOLIDATED.encode())
    assert _lines(text) == {
        "art_1.par_1": "Makers shall:",
        "art_1.par_1.point_a": "keep records;",
        "art_1.par_1.subpar_2": "They may do so in any form.",
        "art_1.par_2": "",
        "art_1a": "Authorities shall help.",
        "art_2": "In this act:",
        "art_2.def_1": "‘maker’ means who makes;",
        "art_2.def_1a": "‘user’ means who uses;",
        "annex_i.section_a": "Section A. Lists",
        "annex_i.section_a.point_1": "Names",
    }
    acts = {line.unit: line.amended_by for line in text.lines}
    assert acts["art_1.par_1"] == "32025R0001"
    assert acts["art_1.par_1.subpar_2"] == acts["art_1a"] == "32026R0002"
    assert not any("▼" in line.text + line.marker for line in text.lines)


def test_a_japanese_law_file():
    text = japanese_law.read(LAW.encode())
    assert _lines(text) == {
        "art_1": "見本を示す。ただし、例を除く。",
        "art_1_2.par_1": "次の事項を届け出る。",
        "art_1_2.par_1.item_1": "氏名",
        "art_1_2.par_1.item_1.a": "通称",
        "art_1_2.par_2": "変更も同様とする。",
        "suppl_art_1": "公布の日から施行する。",
        "suppl_2": "後の附則。",
    }
    assert text.headings == {"art_1": "目的", "art_1_2": "届出"}
    assert text.counts() == {"articles": 2, "paragraphs": 2, "items": 1}


def test_a_statute_in_markdown():
    text = statute_markdown.read(STATUTE.encode())
    assert _lines(text) == {
        "art_1": "見本を示す。",
        "art_30_4.par_1": "次の場合に利用できる。",
        "art_30_4.par_1.item_1": "試験",
        "art_30_4.par_1.item_1.a": "小さな試験",
        "art_30_4.par_1.item_2": "解析",
        "art_30_4.par_2": "前項の準備も同様とする。",
        "suppl_art_1": "公布の日から施行する。",
    }


def test_the_wording_of_a_unit_holds_what_is_below_it_and_nothing_else():
    text = official_journal.read(OFFICIAL_JOURNAL.encode())
    assert [line.unit for line in text.at("art_1.par_1")] == [
        "art_1.par_1", "art_1.par_1.point_a", "art_1.par_1.point_a.i", "art_1.par_1.subpar_2",
    ]  # fmt: skip
    assert text.at("art_1.par_9") == []


@pytest.mark.parametrize("quote", ["Makers shall:", "makers' x", "Makers shall not:"])
def test_a_quote_stands_in_the_text_only_word_for_word(quote):
    assert official_journal.read(OFFICIAL_JOURNAL.encode()).contains(quote) is (quote == "Makers shall:")


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><Law Lang="ja"><LawBody>&b;</LawBody></Law>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><Law><LawBody>&a;</LawBody></Law>'


@pytest.mark.parametrize(
    ("read", "data", "message"),
    [
        (official_journal.read, b"<html><body><p>Sorry, we are closed.</p></body></html>", "no article"),
        (consolidated.read, b"<html><body><p>Sorry, we are closed.</p></body></html>", "no article"),
        (official_journal.read, b"\0\1\2", "no article|not a readable"),
        (japanese_law.read, b"<html><body>error</body></html>", "holds no law"),
        (japanese_law.read, b"<Law><LawBody>", "not well-formed"),
        (japanese_law.read, BILLION.encode(), "declares entities"),
        (japanese_law.read, EXTERNAL.encode(), "declares entities"),
        (statute_markdown.read, b"# nothing", "no article"),
        (statute_markdown.read, b"\xff\xfe", "not UTF-8"),
    ],
)
def test_what_is_no_such_text_is_refused_with_a_reason(read, data, message):
    with pytest.raises(UnreadableTextError, match=message):
        read(data)
