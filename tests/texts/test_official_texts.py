"""The parsers on the real files: exact counts, and every provision that we cite is found."""

import html
import re
from datetime import date
from itertools import pairwise

import pytest
from needs import ROOT

from assistant.law.numbering import Gap
from assistant.texts import readers
from assistant.texts.library import Library
from assistant.texts.model import normalise
from assistant.texts.numbering import tables
from assistant.texts.verification import verify

pytestmark = pytest.mark.long
TODAY = date(2026, 11, 24)
# Published in the description of the files, or counted in them with other means than the parsers.
COUNTS = {
    "eu.ai_act@2026-07-27.en": {"articles": 119, "annexes": 14},
    "eu.ai_act@2024-07-12.en": {"articles": 113, "recitals": 180, "annexes": 13},
    "eu.ai_act_amendment@2026-07-24.en": {"recitals": 47},
    "eu.gdpr@2016-05-04.en": {"articles": 99, "recitals": 173},
    "eu.cra@2024-11-20.en": {"articles": 71, "recitals": 130, "annexes": 8},
    "eu.data_act@2023-12-22.en": {"articles": 50, "recitals": 119},
    "jp.ai_promotion_act@2025-06-04.ja": {"articles": 28},
    "jp.ai_promotion_act@2025-06-04.en": {"articles": 28},
    "jp.appi@2023-04-01.ja": {"articles": 185},
    "jp.appi@2023-04-01.en": {"articles": 185},
}


@pytest.fixture(scope="session")
def files(shared):
    return {path.name: path for path in (shared / "official-texts").rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def library(knowledge, files, tmp_path_factory):
    """Every text of the catalogue, installed from the shared files."""
    library = Library(tmp_path_factory.mktemp("texts"), knowledge)
    for source in knowledge.texts.values():
        library.install(source, next(files[name] for name in source.files if name in files), "shared")
    return library


@pytest.mark.parametrize("identity", COUNTS)
def test_each_text_has_the_articles_recitals_and_annexes_of_its_file(identity, library):
    counts = library.text(identity).counts()
    assert {kind: counts[kind] for kind in COUNTS[identity]} == COUNTS[identity]


def test_the_tables_of_numbering_are_what_the_parsers_read(library, knowledge):
    """`governance-assistant knowledge numbering` writes them; the paragraphs are counted in the files by a test of their own."""
    made = tables(library)
    assert set(made) == {document for document, table in knowledge.numbering.items() if table.whole} | {"eu.ai_act_amendment"}
    for document, text in made.items():
        assert (ROOT / "knowledge" / "numbering" / f"{document}.yaml").read_text(encoding="utf-8") == text, document


def test_every_unit_of_the_texts_exists_and_the_number_after_the_last_does_not(library, knowledge):
    refused = 0
    for identity in library.installed():
        source = knowledge.texts[identity]
        numbering = knowledge.numbering.get(source.document)
        if source.reference or numbering is None:
            continue
        units = [unit for unit in library.text(identity).units if unit.startswith(("art_", "annex_", "recital_", "point_"))]
        assert [unit for unit in units if numbering.find(unit) != unit] == []
        for unit in units:
            parent, _, segment = unit.rpartition(".")
            kind, _, number = segment.rpartition("_")
            after = f"{kind}_{int(number) + 1}" if number.isdigit() and segment.count("_") == 1 else None
            if after and after not in numbering.children(parent):
                assert numbering.find(f"{parent}.{after}".lstrip(".")) == Gap(parent, after)
                refused += 1
    assert refused > 500


def test_the_points_of_the_guidelines_are_counted_without_a_gap(library):
    for identity, last in (
        ("eu.prohibited_practices_guidelines@2025-07-29.en", 433),
        ("eu.ai_system_definition_guidelines@2025-07-29.en", 64),
        ("eu.gpai_guidelines@2025-11-19.en", 141),
    ):
        text = library.text(identity)
        assert [unit for unit in text.units if unit.startswith("point_")] == [f"point_{n}" for n in range(1, last + 1)]
        assert text.empty_pages == ()
        assert all(line.page for line in text.lines)


def test_every_word_of_the_ai_act_is_in_a_line_and_no_marker_is(library, files):
    """The letters of the file, markers and titles left out, are the letters of the lines in the same order."""
    raw = files["02024R1689-20260727.en.xhtml"].read_text(encoding="utf-8")
    raw = re.sub(r'<p class="(modref|title-[a-z]+-[a-z0-9]+|stitle[a-z-]*)">.*?</p>', "", raw)
    raw = html.unescape(re.sub(r"<[^>]+>", " ", raw.split("<body>")[1]))
    text = library.text("eu.ai_act@2026-07-27.en")
    ours = "".join(line.marker + line.text for line in text.lines)
    assert re.sub(r"\s", "", ours) == re.sub(r"\s", "", raw)
    assert "▼" not in ours


@pytest.mark.parametrize(
    ("identity", "share"),
    [
        ("eu.ai_act", 0.99),
        ("eu.gdpr", 0.99),
        ("jp.ai_promotion_act", 0.99),
        ("jp.appi", 0.99),
        ("eu.cra", 0.99),
        ("eu.data_act", 0.99),
    ],
)
def test_our_provisions_find_their_wording(identity, share, library, knowledge):
    sought = found = 0
    for text in [text for text in knowledge.texts.values() if text.document == identity]:
        verdict = verify(library, text.id)
        assert verdict.faults == ()
        sought, found = sought + verdict.sought, found + verdict.sought - len(verdict.missing)
    assert sought > 10
    assert found / sought >= share


@pytest.mark.parametrize(
    ("provision", "day", "text", "unit"),
    [
        ("eu.ai_act.art_113", date(2026, 7, 26), "eu.ai_act@2024-07-12.en", "art_113"),
        ("eu.ai_act.art_113", date(2026, 7, 27), "eu.ai_act@2026-07-27.en", "art_113"),
        ("eu.ai_act.recital_12", TODAY, "eu.ai_act@2024-07-12.en", "recital_12"),
        ("eu.ai_act.art_6.par_3.point_a", TODAY, "eu.ai_act@2026-07-27.en", "art_6.par_3.subpar_2.point_a"),
        ("jp.appi.art_28.par_1", TODAY, "jp.appi@2023-04-01.ja", "art_28.par_1"),
    ],
)
def test_the_version_in_force_on_the_day_is_quoted(provision, day, text, unit, library):
    wording = library.wording(provision, day, ["en", "ja"])
    assert (wording.source.id, wording.unit) == (text, unit)
    assert library.text(text).contains(wording.text)


@pytest.mark.parametrize(
    ("provision", "day"),
    [
        ("eu.ai_act.art_4a.par_1", date(2026, 7, 26)),  # inserted on 27 July 2026
        ("eu.ai_act.art_26", date(2024, 7, 31)),  # before the act was in force
        ("jp.appi.art_28.par_1", date(2026, 7, 16)),  # another revision was in force than the one in the file
        ("jp.appi.art_28.par_1", date(2027, 1, 17)),
    ],
)
def test_no_wording_is_quoted_for_a_day_on_which_it_was_not_the_law(provision, day, library):
    assert library.wording(provision, day, ["en", "ja"]) is None


def test_a_translation_is_only_given_as_such(library):
    assert library.wording("jp.appi.art_28.par_1", TODAY, ["en"]) is None
    reference = library.wording("jp.appi.art_28.par_1", TODAY, ["en"], reference=True)
    assert reference.source.reference
    assert reference.source.remark is not None


def test_each_text_holds_more_than_its_headings(library, knowledge):
    for identity in knowledge.texts:
        assert len(library.text(identity).lines) > 40, identity


def test_the_readers_know_every_format(knowledge):
    assert {source.format for source in knowledge.texts.values()} == {*readers._FROM_BYTES, "pdf", "plain_text"}


OFFICIAL_JOURNALS = ["eu.ai_act@2024-07-12.en", "eu.gdpr@2016-05-04.en", "eu.cra@2024-11-20.en", "eu.data_act@2023-12-22.en"]


@pytest.mark.parametrize("identity", OFFICIAL_JOURNALS)
def test_recitals_bear_their_printed_numbers(identity, library, knowledge, files):
    """Behind "(53)" in the file stand the words that we give as recital 53."""
    raw = next(files[name] for name in knowledge.texts[identity].files if name in files).read_text(encoding="utf-8")
    plain = normalise(html.unescape(re.sub(r"<[^>]+>", "", raw.partition("Whereas:")[2])))
    text = library.text(identity)
    recitals = [unit for unit in text.units if re.fullmatch(r"recital_\d+", unit)]
    assert recitals == [f"recital_{number}" for number in range(1, COUNTS[identity]["recitals"] + 1)]
    place = 0
    for number, unit in enumerate(recitals, start=1):
        line = text.at(unit)[0]
        assert line.marker == f"({number})"
        place = plain.find(f"({number}){normalise(line.text)[:30]}", place)
        assert place >= 0, unit


PDFS = [
    "eu.ai_act_amendment@2026-07-24.en",
    "eu.prohibited_practices_guidelines@2025-07-29.en",
    "eu.ai_system_definition_guidelines@2025-07-29.en",
    "eu.gpai_guidelines@2025-11-19.en",
    "eu.gpai_code@2025-07-10.en",
]


def test_exponents_stand_in_the_one_pdf_that_has_any_and_no_mark_of_a_note_became_one(library):
    found = {name: [power for line in library.text(name).lines for power in re.findall(r"\S\^\d+", line.text)] for name in PDFS}
    powers = found.pop("eu.gpai_guidelines@2025-11-19.en")
    assert set(powers) == {f"0^{exponent}" for exponent in (5, 9, 12, 14, 22, 23, 24, 25)}
    assert len(powers) == 59  # 58 raised numbers, and one that the file itself writes so
    assert not any(found.values())
    lines = library.text("eu.gpai_guidelines@2025-11-19.en").lines
    assert not [line.unit for line in lines if re.search(r"\b10 ?(FLOP|floating|≈)", line.text)]


@pytest.mark.parametrize(
    ("identity", "last"),
    [
        ("eu.ai_act_amendment@2026-07-24.en", 21),
        ("eu.prohibited_practices_guidelines@2025-07-29.en", 244),
        ("eu.gpai_guidelines@2025-11-19.en", 15),
        ("jp.ai_guidelines@1.1.en", 46),
    ],
)
def test_footnotes_are_counted_without_a_gap_and_no_body_of_one_is_in_the_wording(identity, last, library):
    text = library.text(identity)
    assert [int(note.split()[0]) for note in text.notes] == list(range(1, last + 1))
    notes = [normalise(note.partition(" ")[2]) for note in text.notes if len(note) > 100]
    wording = "".join(normalise(line.text) for line in text.lines if line.unit)
    assert not [note for note in notes if note in wording]


def test_no_page_footer_stands_in_the_recitals_of_the_amendment(library):
    text = library.text("eu.ai_act_amendment@2026-07-24.en")
    assert not [line.unit for line in text.lines if line.unit and re.search(r"PE-CONS|ELI:", line.text)]


@pytest.mark.parametrize(
    ("identity", "unit", "pages"),
    [
        ("eu.gpai_code@2025-07-10.en", "copyright.measure_1_5", {6}),
        ("eu.gpai_code@2025-07-10.en", "safety.measure_10_2", {34}),
        ("eu.gpai_code@2025-07-10.en", "safety.glossary", {35, 36, 37, 38, 39}),
        ("eu.gpai_code@2025-07-10.en", "safety.appendix_4_5", {49}),
        ("jp.appi_guidelines@2024-12.ja", "s_3_5_1_4", {63}),
        ("jp.appi_guidelines@2024-12.ja", "s_3_6_2_2", {85, 86, 87}),
        ("jp.appi_guidelines@2024-12.ja", "s_3_7_6_4", {125}),
        ("jp.appi_guidelines@2024-12.ja", "s_3_8_5_3", {147, 148}),
        ("jp.ai_guidelines@1.1.en", "d_10.i", {31}),
        ("jp.ai_guidelines@1.1.en", "part_2_d", {25, 26, 27}),
        ("jp.ai_guidelines@1.1.en", "principle_10.sub_3", {23}),
    ],
)
def test_a_unit_ends_before_the_page_of_what_follows(identity, unit, pages, library):
    assert {line.page for line in library.text(identity).at(unit)} == pages


@pytest.mark.parametrize("identity", [name for name in PDFS if "guidelines" in name])
def test_no_point_of_the_guidelines_ends_with_the_next_heading(identity, library):
    lines = library.text(identity).lines
    last = [line for line, after in pairwise(lines) if line.unit and after.unit != line.unit]
    headings = [line for line in last if re.match(r"[a-z]\) |\d+\.\d|[A-Z]\.\d", line.text)]
    assert not [line.unit for line in headings if not line.text.endswith(".")]


def test_the_headings_of_the_ai_guidelines_are_no_part_of_the_wording(library):
    text = library.text("jp.ai_guidelines@1.1.en")
    items = [unit for unit in text.units if re.fullmatch(r"[dpu]_\d+\.[ivx]+", unit)]
    assert len(items) > 25
    for unit in items:
        assert text.headings[unit]
        assert not [line for line in text.at(unit) if re.match(r"\W*[DPU]-\d", line.text) or text.headings[unit] in line.text]
        assert not any(line.marker for line in text.at(unit))
