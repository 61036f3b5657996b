"""The questionnaire page: asks, takes back, keeps "I don't know" open, saves and goes on."""

import json
from pathlib import Path

import pytest

from assistant.types import Language
from assistant.web.assess import AssessPage
from assistant.web.i18n import texts


@pytest.fixture(params=list(Language))
def page(request, real):
    return AssessPage(real, texts(request.param))


def _saved(shown):
    return json.loads(Path(shown[-1]["value"]).read_text(encoding="utf-8"))


def test_it_asks_one_question_after_the_other_until_nothing_can_change(page, real):
    shown = page.show({})
    asked = []
    while (question := page._next(shown[0])) is not None:
        asked.append(question.fact)
        kind, values = page._kind(question), [value for _, value in page._options(question)]
        shown = page.answer(
            shown[0], values[-1] if kind in ("boolean", "choice") else None, values[-1:] if kind == "set" else [], ""
        )
        assert len(asked) <= len(real.knowledge.questions)
    assert page._t("assess_done") in shown[1]
    assert _saved(shown)["facts"] == shown[0]
    assert list(shown[0]) == asked


def test_only_the_kind_of_answer_that_fits_is_shown(page):
    _, question, one, several, day, *_ = page.show({})
    assert (one["visible"], several["visible"], day["visible"]) == (True, False, False)
    assert question.startswith("### ")


@pytest.mark.parametrize(
    ("given", "one", "several", "key"),
    [
        ({}, None, [], "assess_choose"),
        ({"eu.inference": "learns"}, None, [], "assess_choose"),
        ({"eu.inference": "learns"}, None, ["none", "represents"], "assess_none_with_others"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_nothing_is_lost(page, given, one, several, key):
    shown = page.answer(given, one, several, "")
    assert shown[0] == given
    assert page._t(key) in shown[5]


def test_not_knowing_keeps_things_open_and_can_be_taken_back(page):
    shown = page.unknown({})
    assert shown[0] == {"eu.inference": "unknown"}
    assert page.back(shown[0])[0] == {}
    assert page.back({})[0] == {}


def test_the_report_is_made_in_three_formats(page):
    made = page.reports({"eu.inference": "learns", "eu.territory": ["none"]})
    assert [Path(path).name for path in made["value"]] == ["assessment.docx", "assessment.pdf", "assessment.xlsx"]
    assert all(Path(path).stat().st_size > 1000 for path in made["value"])


def test_saved_answers_are_taken_up_again(page, tmp_path):
    saved = tmp_path / "answers.json"
    saved.write_text(json.dumps(_saved(page.show({"eu.inference": "learns", "eu.territory": ["none"]}))), encoding="utf-8")
    assert page.resume({}, str(saved))[0] == {"eu.inference": "learns", "eu.territory": ["none"]}


@pytest.mark.parametrize("content", ["", "not json", '{"facts": {"eu.x": 1}, "questionnaire": "2026-11"}'])
def test_a_file_that_is_none_is_told_and_nothing_is_lost(page, tmp_path, content):
    path = tmp_path / "answers.json"
    path.write_text(content, encoding="utf-8")
    shown = page.resume({"eu.inference": "learns"}, str(path))
    assert shown[0] == {"eu.inference": "learns"}
    assert shown[5].startswith("⚠")
