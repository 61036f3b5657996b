"""The parsers on the real files: exact counts, and every provision that we cite is found."""

import html
import re
from datetime import date

import pytest

from assistant.texts import readers
from assistant.texts.library import Library
from assistant.texts.verification import verify

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


@pytest.mark.parametrize(
    "identity", ["eu.ai_act@2026-07-27.en", "eu.gdpr@2016-05-04.en", "jp.ai_promotion_act@2025-06-04.ja", "jp.appi@2023-04-01.ja"]
)
def test_each_article_ends_with_the_paragraph_of_the_catalogue(identity, library, knowledge):
    """The catalogue's numbers are counted in the files by a test of their own, without these parsers."""
    numbering = knowledge.documents[knowledge.texts[identity].document].numbering
    last = {}
    for unit in library.text(identity).units:
        if match := re.fullmatch(r"art_(\w+)\.par_(\d+)", unit):
            last[match[1]] = max(last.get(match[1], 0), int(match[2]))
    japanese = identity.startswith("jp")  # there, a sole paragraph has no unit of its own
    assert last == {article: count for article, count in numbering.paragraphs.items() if count > 1 or not japanese}


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
