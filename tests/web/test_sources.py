"""The sources panel shows each citation once, escaped, with its state on the day asked about."""

from datetime import date

import pytest

from assistant.types import Citation, Confidence, Force, Language
from assistant.web.i18n import texts
from assistant.web.sources import linked, panel

EN = texts(Language.EN)


@pytest.fixture
def answer(demo):
    return demo.ask("Demo Act Article 5(1)")


def _with(answer, **changes):
    return answer.model_copy(update={"citations": [answer.citations[0].model_copy(update=changes)]})


def test_citation_numbers_link_to_their_place_in_the_panel(answer):
    assert "[\\[1\\]](#src-2-1)" in linked(answer.answer, 2)
    assert "id='src-2-1'" in panel([answer, answer], EN)


def test_the_newest_answer_comes_first(answer):
    shown = panel([answer, answer], EN)
    assert shown.index("Answer 2") < shown.index("Answer 1")


def test_without_citations_the_panel_says_what_it_is_for():
    assert panel([], EN) == EN("sources_empty")


@pytest.mark.parametrize(
    ("start", "in_force", "badge"),
    [
        (date(2025, 6, 1), True, "applies now (since 1 June 2025)"),
        (date(2027, 1, 1), False, "applies from 1 January 2027"),
        (date(2025, 6, 1), False, "no longer applies"),
    ],
)
def test_the_badge_says_whether_it_applies(answer, start, in_force, badge):
    assert badge in panel([_with(answer, applies_from=start, in_force=in_force)], EN)


def test_nothing_in_an_entry_becomes_markup(answer):
    evil = "<img src=x onerror=alert(1)>'\""
    shown = panel([_with(answer, label=evil, heading=evil, quote=evil, notes=[evil])], EN)
    assert "<img" not in shown


def test_both_languages_have_the_same_texts_and_places():
    japanese = texts(Language.JA)
    assert EN.keys == japanese.keys
    assert len(EN.listed("examples")) == len(japanese.listed("examples"))


def test_every_force_has_a_name_in_both_languages():
    from assistant.answer.wording import force_name

    for force in Force:
        assert all(force_name(force.value, language) for language in Language)
    assert Citation.model_fields["confidence"].annotation is Confidence
