"""Answers files: read back as written; every fault told with what to write instead."""

import json

import pytest
from needs import ROOT

from assistant.law.answers import Answers, as_data, parse_answers, read_answers, schema
from assistant.law.results import Assessment
from assistant.types import AssistantError

GOOD = {"eu.inference": "learns", "eu.roles": ["provider", "deployer"], "eu.profiling": True, "eu.market_date": "2026-11-02"}


def _data(knowledge, **changes):
    return {"questionnaire": knowledge.questionnaire, "facts": GOOD, **changes}


def test_answers_read_back_are_the_same(knowledge):
    data = _data(knowledge, date="2026-11-24", notes={"eu.profiling": "ask the vendor"})
    data["facts"] = {**GOOD, "eu.territory": "unknown"}
    answers = parse_answers(data, knowledge)
    assert answers.unknown == {"eu.territory"}
    assert parse_answers(json.loads(json.dumps(as_data(answers, knowledge))), knowledge) == answers


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"eu.colour": "red"}, "'eu.colour' is not a fact that is asked"),
        ({"eu.high_risk": True}, "'eu.high_risk' is not a fact that is asked"),
        ({"eu.profiling": "yes"}, "eu.profiling: 'yes' does not fit; write true or false, or unknown"),
        ({"eu.inference": "magic"}, "write one of learns, reasons, rules_only"),
        ({"eu.roles": "provider"}, "write a list of provider"),
        ({"eu.roles": []}, "write a list of provider"),
        ({"eu.roles": ["none", "provider"]}, "'none' and 'provider' contradict each other; keep one of them"),
        ({"eu.market_date": "2017-12-31"}, "a day between 2018 and 2100"),
        ({"eu.market_date": "2101-01-01"}, "a day between 2018 and 2100"),
        ({"eu.market_date": "tomorrow"}, "a day between 2018 and 2100"),
        ({"eu.gpai_compute": "much"}, "a number of zero or more"),
        ({"eu.gpai_compute": -1}, "a number of zero or more"),
        ({"eu.gpai_compute": True}, "a number of zero or more"),
        ({"system.name": ""}, "1 to 2000 characters"),
        ({"system.name": "x" * 2001}, "1 to 2000 characters"),
        ({"system.name": "\ud800"}, "1 to 2000 characters"),
    ],
)
def test_an_answer_that_does_not_fit_is_told(knowledge, facts, message):
    with pytest.raises(AssistantError, match=message.replace("(", "\\(")):
        parse_answers(_data(knowledge, facts=facts), knowledge)


@pytest.mark.parametrize(
    "changes",
    [
        {"questionnaire": "\ud800"},
        {"questionnaire": "9" * 5000},
        {"date": "\ud800" * 5000},
        {"\ud800" * 5000: 1},
        {"facts": {"\ud800" * 5000: 1}},
        {"facts": {f"f{number}": 1 for number in range(5000)}},
        {"notes": {"eu.profiling": "\ud800"}},
        {"notes": {"\ud800" * 5000: "x"}},
    ],
    ids=["version", "long version", "day", "key", "fact", "many facts", "note", "noted fact"],
)
def test_what_is_told_can_be_shown_and_stays_short_whatever_was_sent(knowledge, changes):
    with pytest.raises(AssistantError) as caught:
        parse_answers(_data(knowledge, **changes), knowledge)
    assert len(str(caught.value).encode()) < 10_000


def test_all_faults_are_told_at_once(knowledge):
    with pytest.raises(AssistantError) as caught:
        parse_answers(
            {"questionnaire": "1999", "facts": {"x": 1, "eu.profiling": 3}, "colour": 1, "date": "2017-01-01"}, knowledge
        )
    assert str(caught.value).count(";") >= 4
    assert "answer again" in str(caught.value)


@pytest.mark.parametrize("data", [None, [], "text", {"facts": []}, {"questionnaire": "x"}])
def test_what_is_no_answers_file_is_told(knowledge, data):
    with pytest.raises(AssistantError, match="questionnaire --schema"):
        parse_answers(data, knowledge)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"facts: [", "neither YAML nor JSON"), (b"\xff\xfe", "UTF-8"), (b"x" * (2 << 20), "at most 1 MiB")],
)
def test_a_file_that_cannot_be_read_is_told_with_its_name(knowledge, tmp_path, content, message):
    path = tmp_path / "answers.yaml"
    path.write_bytes(content)
    with pytest.raises(AssistantError, match=message) as caught:
        read_answers(path, knowledge)
    assert "answers.yaml" in str(caught.value)


def test_a_missing_file_is_told(knowledge, tmp_path):
    with pytest.raises(AssistantError, match="Check the path"):
        read_answers(tmp_path / "nowhere.yaml", knowledge)


def test_the_schema_names_every_question_and_its_values(knowledge):
    facts = schema(knowledge)["properties"]["facts"]["properties"]
    assert set(facts) == set(knowledge.questions)
    assert facts["eu.roles"]["anyOf"][0]["items"]["enum"] == knowledge.facts["eu.roles"].values


def test_nothing_answered_is_a_valid_beginning(knowledge):
    assert parse_answers({"questionnaire": knowledge.questionnaire, "facts": {}}, knowledge) == Answers()


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (["a note"], "'notes' does not fit"),
        ([], "'notes' does not fit"),
        ("", "'notes' does not fit"),
        ({"eu.colour": "red"}, "is for no fact that is asked"),
        ({"eu.roles": 3}, "not a text of at most 2000 characters"),
        ({"eu.roles": "x" * 2001}, "not a text of at most 2000 characters"),
    ],
)
def test_a_note_that_does_not_fit_is_told(knowledge, notes, message):
    with pytest.raises(AssistantError, match=message):
        parse_answers(_data(knowledge, notes=notes), knowledge)


def test_an_answer_that_grows_when_written_out_is_told_in_short(knowledge, tmp_path):
    path = tmp_path / "bomb.yaml"
    lines = ["notes:", "  a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    content = [f"questionnaire: '{knowledge.questionnaire}'", *lines, "facts:", "  eu.roles: *a11"]
    path.write_text("\n".join(content), encoding="utf-8")
    with pytest.raises(AssistantError) as caught:
        read_answers(path, knowledge)
    assert len(str(caught.value)) < 2000


@pytest.mark.parametrize("file", ["answers", "assessment"])
def test_the_published_schemas_are_those_of_the_product(knowledge, file):
    published = json.loads((ROOT / "docs" / f"{file}.schema.json").read_text(encoding="utf-8"))
    assert published == (schema(knowledge) if file == "answers" else Assessment.model_json_schema())


def test_a_file_nested_deeper_than_the_parser_bears_is_refused(tmp_path, small):
    """The parser would take the process down with it."""
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(AssistantError, match="nested more than"):
        read_answers(path, small)
