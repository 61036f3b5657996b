"""The report says everything that the assessment holds, in both languages, and nothing of a verdict that is open."""

import io
import re
import unicodedata
from datetime import date

import docx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from test_systems import CASES, answered

from assistant.law.answers import parse_answers
from assistant.law.assessment import Assessor
from assistant.law.report.blocks import blocks_of
from assistant.law.report.formats import render
from assistant.law.report.markdown import MarkdownReport
from assistant.law.report.spreadsheet import _safe
from assistant.law.results import Assessment
from assistant.law.words import word
from assistant.types import Language

TODAY = date(2026, 11, 24)
RECRUITING = next(case for case in CASES if case["case"].startswith("A hospital group in Lyon"))


@pytest.fixture(scope="module", params=list(Language))
def made(request, knowledge):
    answers, _ = answered(knowledge, RECRUITING["facts"])
    result = Assessor(knowledge, request.param).assess(answers, TODAY)
    return result, MarkdownReport(knowledge, result, answers).text()


def test_every_outcome_owed_duty_and_source_is_in_it(made, knowledge):
    result, text = made
    for one in result.outcomes.values():
        assert one.title in text
    for duty in result.obligations:
        assert (f"### {duty.id} {duty.title}" in text) is (duty.outcome == "owed"), duty.id
        if duty.outcome == "owed":
            assert knowledge.label(duty.provision, result.language) in text
            assert duty.sanction in text
    assert knowledge.version in text
    assert "https://" in text


def test_each_role_names_the_duties_owed_in_it(made, knowledge):
    result, text = made
    section = text.split(f"**{word('roles', result.language)}**")[1].split("\n## ")[0]
    for role in result.roles:
        owed = [duty.id for duty in result.duties("owed") if role in duty.bearers]
        name = knowledge.roles[role].name.in_language(result.language)
        line = next(row for row in section.splitlines() if row.startswith(f"- {name}"))
        assert all(duty in line for duty in owed)


def test_a_rule_older_than_our_knowledge_is_never_told_as_starting_with_it(knowledge):
    answers, _ = answered(
        knowledge, {"eu.territory": ["none"], "jp.activities": ["uses"], "jp.personal_information": ["in_japan"]}
    )
    for language, wrong in ((Language.EN, "since 1 April 2023"), (Language.JA, "2023年4月1日から")):
        text = MarkdownReport(knowledge, Assessor(knowledge, language).assess(answers, TODAY), answers).text()
        assert "AP-01a" in text
        assert wrong not in text


def test_days_to_come_are_counted(made):
    result, text = made
    left = (date(2027, 12, 2) - TODAY).days
    assert {duty.days_left for duty in result.obligations if duty.applies_from == date(2027, 12, 2)} == {left}
    assert (f"in {left} days" if result.language is Language.EN else f"あと{left}日") in text


def test_an_open_outcome_names_its_questions_and_no_verdict(knowledge):
    answers = parse_answers({"questionnaire": knowledge.questionnaire, "facts": {"eu.inference": "unknown"}}, knowledge)
    result = Assessor(knowledge, Language.EN).assess(answers, TODAY)
    text = MarkdownReport(knowledge, result, answers).text()
    assert {one.outcome for one in result.outcomes.values()} <= {"open", "no", "yes"}
    assert result.outcomes["scope"].outcome == "open"
    assert knowledge.outcomes["scope"].no.en not in text
    assert knowledge.questions["eu.inference"].text.en in text
    assert "I don't know" in text


def test_the_json_read_back_is_the_same_assessment(made):
    result, _ = made
    assert Assessment.model_validate_json(result.model_dump_json()) == result


def test_the_same_answers_give_the_same_outcomes_in_both_languages(knowledge):
    answers, _ = answered(knowledge, RECRUITING["facts"])
    one, other = (Assessor(knowledge, language).assess(answers, TODAY) for language in Language)
    assert {k: v.outcome for k, v in one.outcomes.items()} == {k: v.outcome for k, v in other.outcomes.items()}
    assert [(d.id, d.outcome, d.applies_from) for d in one.obligations] == [
        (d.id, d.outcome, d.applies_from) for d in other.obligations
    ]


def test_as_of_another_day_the_days_left_change_and_the_duties_do_not(knowledge):
    answers, _ = answered(knowledge, RECRUITING["facts"])
    before, after = (Assessor(knowledge, Language.EN).assess(answers, day) for day in (date(2027, 12, 1), date(2027, 12, 2)))
    assert {d.id for d in before.obligations if d.outcome == "owed"} == {d.id for d in after.obligations if d.outcome == "owed"}
    duty = [next(d for d in one.obligations if d.id == "EU-40") for one in (before, after)]
    assert [(d.applies_now, d.days_left) for d in duty] == [(False, 1), (True, None)]


@pytest.fixture(scope="module")
def case(knowledge):
    return answered(knowledge, RECRUITING["facts"])[0]


@pytest.mark.parametrize("language", list(Language))
def test_word_and_pdf_say_what_the_markdown_says(knowledge, case, language):
    result = Assessor(knowledge, language).assess(case, TODAY)
    blocks = blocks_of(render("md", knowledge, result, case).decode())
    wanted = [block.text for block in blocks if block.kind not in ("rule", "page", "timeline")]
    document = docx.Document(io.BytesIO(render("docx", knowledge, result, case)))
    told = [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]
    assert len(told) == len(wanted)
    assert all(paragraph.startswith(text) for paragraph, text in zip(told, wanted, strict=True))
    pdf = PdfReader(io.BytesIO(render("pdf", knowledge, result, case)))
    root, pages = pdf.trailer["/Root"], pdf.pages
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, language.value, True)
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pages)))
    for one in result.obligations:
        if one.outcome == "owed":
            assert re.sub(r"\s", "", unicodedata.normalize("NFKC", one.title)) in text, one.title


def test_the_spreadsheet_has_a_row_for_each_duty_with_a_real_date(knowledge, case):
    result = Assessor(knowledge, Language.EN).assess(case, TODAY)
    overview, sheet = load_workbook(io.BytesIO(render("xlsx", knowledge, result, case))).worksheets
    told = [[cell for cell in row if cell] for row in overview.iter_rows(values_only=True)]
    assert [one.title for one in result.outcomes.values()] == [row[0] for row in told[3:11]]
    assert ["Does the system profile natural persons?", "Yes"] in told
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    owed = [duty for duty in result.obligations if duty.outcome != "not_owed"]
    assert [row[0] for row in rows] == [duty.id for duty in owed]
    assert rows[-1][5].date() == owed[-1].applies_from
    assert sheet["A1"].value == "No."


def test_nothing_that_a_user_wrote_becomes_markup_or_formula(knowledge):
    note = '#import "x"; *bold* <https://evil.example> "q" \\ [y] ![z](http://evil.example/z.png) <b>b</b>\n# head'
    facts = {"system.name": note, "eu.inference": "learns"}
    data = {"questionnaire": knowledge.questionnaire, "facts": facts, "notes": {"eu.inference": note}}
    answers = parse_answers(data, knowledge)
    result = Assessor(knowledge, Language.EN).assess(answers, TODAY)
    plain = " ".join(note.split())
    markdown = render("md", knowledge, result, answers).decode()
    assert not re.search(r"(?<!\\)!\[|<b>|<https://evil|^# head", markdown, re.MULTILINE)
    document = docx.Document(io.BytesIO(render("docx", knowledge, result, answers)))
    assert document.paragraphs[0].text == f"AI governance assessment: {plain}"
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(render("pdf", knowledge, result, answers))).pages)
    assert '#import "x"; *bold*' in pdf
    assert _safe("=1+1") == "'=1+1"


def test_a_yes_from_which_nothing_follows_says_so(knowledge):
    older = next(case for case in CASES if case["case"].startswith("A recruiting system on the market the day before"))
    answers, _ = answered(knowledge, older["facts"])
    for language, words in ((Language.EN, "no duty follows from it"), (Language.JA, "これによる義務は生じません")):
        text = MarkdownReport(knowledge, Assessor(knowledge, language).assess(answers, TODAY), answers).text()
        assert words in text.split("## ")[1]
