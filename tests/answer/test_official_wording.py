"""With the texts installed, a citation shows the official wording of exactly the provision it cites."""

from datetime import date

import pytest
from needs import ROOT

from assistant.answer.sources import Sources
from assistant.texts.library import Library
from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.sources import panel

TODAY = date(2026, 11, 24)
INSTALLED = ("eu.ai_act@2026-07-27.en", "eu.ai_act@2024-07-12.en", "jp.appi@2023-04-01.ja", "jp.appi@2023-04-01.en")


@pytest.fixture(scope="module")
def library(knowledge, shared, tmp_path_factory):
    files = {path.name: path for path in (shared / "official-texts").rglob("*") if path.is_file()}
    library = Library(tmp_path_factory.mktemp("texts"), knowledge)
    for identity in INSTALLED:
        source = knowledge.texts[identity]
        library.install(source, next(files[name] for name in source.files if name in files), "shared")
    return library


def _cited(library, provision, language=Language.EN, day=TODAY):
    return Sources(library.knowledge, language, day, library).citation(provision)


def test_the_quote_is_official_verified_and_beside_the_summary(library):
    citation = _cited(library, "eu.ai_act.art_50.par_2")
    assert (citation.official, citation.verified, citation.quote_language) == (True, True, "en")
    assert citation.quote.startswith("2. ")
    assert citation.version == "2026-07-27"
    assert citation.summary != citation.quote
    assert any("Consolidated" in note for note in citation.notes)


def test_the_wording_is_that_of_the_day_asked_about(library):
    before = _cited(library, "eu.ai_act.art_113.subpar_3.point_c", day=date(2026, 7, 26))
    after = _cited(library, "eu.ai_act.art_113.subpar_3.point_c", day=date(2026, 7, 27))
    assert (before.version, after.version) == ("2024-07-12", "2026-07-27")
    assert "2 August 2027" in before.quote
    assert "2 December 2027" in after.quote


def test_a_japanese_answer_quotes_eu_law_in_english_and_says_so(library):
    citation = _cited(library, "eu.ai_act.art_50.par_2", Language.JA)
    assert citation.quote_language == "en"
    assert any("原文は英語" in note for note in citation.notes)
    assert "マーキング" in citation.summary


def test_japanese_law_is_quoted_in_japanese_with_the_translation_as_such(library):
    citation = _cited(library, "jp.appi.art_28.par_1")
    assert citation.quote_language == "ja"
    assert citation.translation is not None
    assert any("2021" in note for note in citation.notes)
    assert _cited(library, "jp.appi.art_28.par_1", Language.JA).translation is None


def test_where_nothing_is_installed_for_the_day_the_summary_stands_and_is_not_called_official(library):
    citation = _cited(library, "jp.appi.art_28.par_1", day=date(2025, 1, 1))
    assert (citation.official, citation.verified) == (False, None)
    assert citation.quote == citation.summary


def test_every_ai_act_citation_with_official_wording_is_verified(library):
    for provision in library.knowledge.provisions:
        if provision.startswith("eu.ai_act."):
            citation = _cited(library, provision)
            assert citation.official or citation.applies_to is not None or not citation.in_force, provision
            assert citation.verified in (True, None), provision


def test_the_panel_shows_both_and_escapes_both(library, demo):
    citation = _cited(library, "eu.ai_act.art_50.par_2").model_copy(update={"quote": "<img src=x>\n(a) two"})
    answer = demo.ask("Demo Act Article 5(1)").model_copy(update={"citations": [citation]})
    shown = panel([answer], texts(Language.EN))
    assert "<blockquote class='official' lang='en'><p>&lt;img src=x&gt;</p><p>(a) two</p></blockquote>" in shown
    assert "matches the source" in shown
    assert "Unofficial summary" in shown


def test_no_official_wording_is_in_the_product():
    """The texts live in the data folder; nothing of them ships."""
    assert not list((ROOT / "knowledge").rglob("*.xhtml"))
