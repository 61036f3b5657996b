"""The questionnaire page: asks, takes back, changes, suggests, keeps "I don't know" open, saves and goes on."""

import json
from pathlib import Path

import pytest

from assistant.answer.suggest import Suggestion
from assistant.types import Language
from assistant.web.assess_page import AssessPage
from assistant.web.i18n import texts

GIVEN, EDITING, QUESTION, ONE, SEVERAL, TYPED, TOLD, RESULT, SAVED, ANSWERED, LED, FILES, NEXT = range(13)
MODEL = {
    "eu.inference": "learns", "eu.territory": ["markets_in_union"], "eu.exclusions": ["none"], "eu.roles": ["gpai_provider"],
}  # fmt: skip


@pytest.fixture(params=list(Language))
def page(request, real):
    return AssessPage(real, texts(request.param))


def _saved(shown):
    return json.loads(Path(shown[SAVED]["value"]).read_text(encoding="utf-8"))


def _ask_on(page, given, answer_with):
    shown = page.show(given)
    while (question := page._asked(shown[GIVEN], None)) is not None:
        shown = answer_with(page, question, shown[GIVEN])
    return shown


def _last_option(page, question, given):
    kind, values = page._kind(question), [value for _, value in page._options(question)]
    one = values[-1] if kind in ("boolean", "choice") else None
    typed = {"date": "2026-11-26", "number": "3e24"}.get(kind, "")
    return page.answer(given, None, one, values[-1:] if kind == "set" else [], typed)


def test_it_asks_one_question_after_the_other_until_nothing_can_change(page):
    shown = _ask_on(page, {}, _last_option)
    assert page._t("assess_done") in shown[QUESTION]
    assert _saved(shown)["facts"] == shown[GIVEN]


def test_numbers_and_days_are_asked_for_as_such_and_taken(page):
    shown = _ask_on(page, MODEL, _last_option)
    assert shown[GIVEN]["eu.gpai_compute"] == "3e24"
    assert shown[GIVEN]["eu.gpai_market_date"] == "2026-11-26"
    assert "EU-61a" in shown[RESULT]


def test_only_the_kind_of_answer_that_fits_is_shown(page):
    shown = page.show({})
    assert [shown[place]["visible"] for place in (ONE, SEVERAL, TYPED)] == [True, False, False]
    shown = page.change({"eu.gpai_compute": "3e24", "eu.inference": "learns"}, "eu.gpai_compute")
    assert [shown[place]["visible"] for place in (ONE, SEVERAL, TYPED)] == [False, False, True]
    assert shown[TYPED]["value"] == "3e24"


@pytest.mark.parametrize(
    ("given", "one", "several", "key"),
    [
        ({}, None, [], "assess_choose"),
        ({"eu.inference": "learns"}, None, [], "assess_choose"),
        ({"eu.inference": "learns"}, None, ["none", "represents"], "assess_none_with_others"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_and_nothing_is_lost(page, given, one, several, key):
    shown = page.answer(given, None, one, several, "")
    assert shown[GIVEN] == given
    assert page._t(key) in shown[TOLD]


@pytest.mark.parametrize(
    ("fact", "typed", "key"),
    [("eu.gpai_compute", "much", "assess_bad_number"), ("eu.gpai_market_date", "1999-01-01", "assess_bad_day")],
)
def test_a_number_or_day_that_is_none_is_told(page, fact, typed, key):
    shown = page.answer(MODEL, fact, None, [], typed)
    assert (shown[GIVEN], shown[EDITING]) == (MODEL, fact)
    assert page._t(key) in shown[TOLD]


def test_an_answer_that_contradicts_another_is_told_with_both_questions_and_not_taken(page):
    given = {"eu.inference": "learns", "eu.territory": ["markets_in_union"]}
    shown = page.answer(given, None, None, ["pre_market"], "")
    assert shown[GIVEN] == given
    assert all(fact in shown[TOLD] for fact in ("eu.exclusions", "eu.territory"))


def test_not_knowing_keeps_things_open_and_can_be_taken_back(page):
    shown = page.unknown({}, None)
    assert shown[GIVEN] == {"eu.inference": "unknown"}
    assert page.back(shown[GIVEN], None)[GIVEN] == {}
    assert page.back({}, None)[GIVEN] == {}
    named = {"system.name": "Bot"}
    assert page.back({**named, "eu.inference": "learns"}, None)[GIVEN] == named
    assert page.back(named, None)[GIVEN] == named, "the name is no answer to take back"


def test_reports_of_other_answers_are_not_left_to_download_and_nothing_is_offered_at_the_end(page):
    assert page.show({})[FILES] == {"visible": False, "value": None, "__type__": "update"}
    assert page.show({})[NEXT]["visible"] is True
    assert _ask_on(page, {}, _last_option)[NEXT]["visible"] is False


def test_name_and_description_are_kept_as_they_stand(page):
    given, report = page.keep({"eu.inference": "learns", "system.name": "Old"}, " Bot ", "")
    assert given == {"system.name": "Bot", "eu.inference": "learns"}
    assert "Bot" in report


def test_an_answer_is_changed_later_and_what_that_changes_is_told(page):
    given = {"eu.inference": "learns", "eu.territory": ["uses_in_union"]}
    shown = page.change(given, "eu.territory")
    assert (shown[EDITING], shown[SEVERAL]["value"]) == ("eu.territory", ["uses_in_union"])
    assert page.back(given, "eu.territory")[GIVEN] == given, "back leaves the change undone"
    changed = page.answer(given, "eu.territory", None, ["none"], "")
    assert changed[GIVEN]["eu.territory"] == ["none"]
    assert changed[EDITING] is None
    assert page._knowledge.outcomes["high_risk"].title.in_language(page._t.language) in changed[TOLD]
    assert page._t("assess_choose_answer_first") in page.change(given, None)[TOLD]


def test_what_each_answer_leads_to_is_told_on_request(page):
    assert page.leads({}, None).count("\n") == 2
    assert page.leads(MODEL, "eu.gpai_compute") == page._t("assess_leads_nothing")


def test_suggestions_count_only_once_they_are_ticked(page):
    class Fixed:
        def suggest(self, description, language):
            return [
                Suggestion(fact="eu.inference", value="learns", words=("a model",), source="search"),
                Suggestion(fact="eu.territory", value=["markets_in_union"], words=("in Paris",), source="search"),
            ]

    page._suggester = Fixed()
    given, proposed, picks, take, told = page.suggest({}, " Bot ", "a model in Paris")
    assert given == {"system.name": "Bot", "system.description": "a model in Paris"}
    assert [fact for _, fact in picks["choices"]] == ["eu.inference", "eu.territory"]
    assert "in Paris" in picks["choices"][1][0]
    assert (picks["value"], picks["visible"], take["visible"], told) == ([], True, True, "")
    taken = page.take(given, proposed, ["eu.inference"])
    assert taken[GIVEN] == {**given, "eu.inference": "learns"}


def test_without_a_suggestion_the_description_is_kept_and_that_is_said(page):
    given, proposed, picks, _, told = page.suggest({}, "", "xyzzy")
    assert (given, proposed, picks["visible"]) == ({"system.description": "xyzzy"}, [], False)
    assert told == page._t("assess_no_suggestion")


def test_a_suggestion_that_contradicts_an_answer_is_told_and_left_out(page):
    given = {"eu.territory": ["uses_in_union"]}
    proposed = [{"fact": "eu.territory", "value": ["uses_in_union", "output_intended"]}]
    shown = page.take(given, proposed, ["eu.territory"])
    assert shown[GIVEN] == given
    assert shown[TOLD].startswith("⚠")


def test_the_report_is_made_in_three_formats(page):
    made = page.reports({"eu.inference": "learns", "eu.territory": ["none"]})
    assert [Path(path).name for path in made["value"]] == ["assessment.docx", "assessment.pdf", "assessment.xlsx"]
    assert all(Path(path).stat().st_size > 1000 for path in made["value"])


def test_saved_answers_are_taken_up_again(page, tmp_path):
    saved = tmp_path / "answers.json"
    saved.write_text(json.dumps(_saved(page.show({"eu.inference": "learns", "eu.territory": ["none"]}))), encoding="utf-8")
    assert page.resume({}, str(saved))[GIVEN] == {"eu.inference": "learns", "eu.territory": ["none"]}


def test_answers_of_an_earlier_questionnaire_are_taken_up_and_what_is_asked_anew_is_said(page, tmp_path):
    saved = tmp_path / "answers.json"
    facts = {"eu.inference": "learns", "jp.personal_information": "in_japan"}
    saved.write_text(json.dumps({"questionnaire": "2026-11-24", "facts": facts}), encoding="utf-8")
    shown = page.resume({}, str(saved))
    assert shown[GIVEN] == {"eu.inference": "learns"}
    assert "jp.personal_information" in shown[TOLD]


@pytest.mark.parametrize("content", ["", "not json", '{"facts": {"eu.x": 1}, "questionnaire": "2026-11"}'])
def test_a_file_that_is_none_is_told_and_nothing_is_lost(page, tmp_path, content):
    path = tmp_path / "answers.json"
    path.write_text(content, encoding="utf-8")
    shown = page.resume({"eu.inference": "learns"}, str(path))
    assert shown[GIVEN] == {"eu.inference": "learns"}
    assert shown[TOLD].startswith("⚠")
