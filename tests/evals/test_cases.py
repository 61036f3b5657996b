"""Files of cases: what does not fit is refused with file, line and field; those that ship are in order."""

import json

import pytest

from evals import tasks
from evals.cases import BadCaseError, Case, Slice, read_cases, read_shapes
from evals.freshness import stale, stamp_file, stamped
from evals.health import examine
from evals.judge import read_claims
from evals.recorded import REPLIES, Reply

GOOD = {
    "id": "x-01", "language": "en", "question": "How long are logs kept?", "expect": ["answer"],
    "gold": [["eu.ai_act.art_26.par_6"]], "slices": ["single_provision"], "difficulty": "easy", "persona": "sme",
    "author": "a test",
}  # fmt: skip


def _file(tmp_path, *cases):
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "cases.jsonl, line 1, colour: unknown field"),
        ({"language": "fr"}, "line 1, language:"),
        ({"expect": []}, "line 1, expect:"),
        ({"expect": ["because"]}, "line 1, expect.0"),
        ({"slices": ["tricky"]}, "line 1, slices.0:"),
        ({"gold": []}, "line 1, case: 'gold' is empty"),
        ({"gold": [[]]}, "line 1, gold.0:"),
        ({"as_of": "2027-01-01"}, "line 1, case: 'day' is missing"),
        ({"as_of": "1 January", "day": "2027-01-01"}, "line 1, as_of:"),
        ({"gold": [["own:policy.txt"]]}, "names the document policy.txt, which is not among 'documents'"),
        ({"gold": [["eu.ai_act.art_260"]]}, "line 1, gold (x-01): there is no provision 'eu.ai_act.art_260'"),
        ({"gold": [["eu.ai_act.art_26.par_13"]]}, "there is no provision 'eu.ai_act.art_26.par_13'"),
        ({"related": ["eu.no_such_act.art_1"]}, "there is no provision 'eu.no_such_act.art_1'"),
        ({"pair": "p-1"}, "line 1, pair: 'p-1' joins 1 cases; a pair has two"),
    ],
)
def test_a_malformed_case_is_named_by_file_line_and_field(change, message, tmp_path, knowledge):
    with pytest.raises(BadCaseError) as caught:
        read_cases(_file(tmp_path, GOOD | change), knowledge)
    assert message in str(caught.value)


def test_the_schema_that_ships_is_that_of_the_reader():
    schema = json.loads((tasks.DATASETS / "questions.schema.json").read_text(encoding="utf-8"))
    assert schema == Case.model_json_schema(), "'evals check --schema' prints the present one"


def test_an_id_stands_once(tmp_path, knowledge):
    with pytest.raises(BadCaseError, match="line 2, id: 'x-01' stands in line 1 already"):
        read_cases(_file(tmp_path, GOOD, GOOD), knowledge)


def test_every_fault_is_named_at_once(tmp_path, knowledge):
    with pytest.raises(BadCaseError, match="2 fault"):
        read_cases(_file(tmp_path, GOOD | {"language": "fr"}, GOOD | {"slices": []}), knowledge)


@pytest.mark.parametrize(
    ("content", "message"), [(b"{", "line 1: not a JSON object"), (b"\xff\xfe", "is not UTF-8 text"), (None, "cannot be read")]
)
def test_a_file_that_is_none_is_refused(content, message, tmp_path, knowledge):
    path = tmp_path / "cases.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadCaseError, match=message):
        read_cases(path, knowledge)


def test_the_shipped_questions_are_many_and_of_every_kind(knowledge):
    """Form alone is looked at: the held-out half is run by nobody but a release."""
    halves = [tasks.read_questions(knowledge, path) for path in (tasks.QUESTIONS, tasks.HELD_OUT)]
    cases = [case for half in halves for case in half]
    assert len(cases) >= 300
    assert len(cases) / 4 < len(halves[1]) < len(cases) / 2.5
    assert sum(case.language == "ja" for case in cases) == len(cases) / 2
    for part in Slice:
        assert sum(part in case.slices for case in cases) >= 20, part
    assert len(tasks.read_assessments()) >= 60
    assert {case.language.value for case in tasks.read_assessments()} == {"en", "ja"}
    assert len({case.text for case in tasks.read_extractions()}) == len(knowledge.texts)
    assert sum(claim.supported for claim in read_claims()) == len(read_claims()) / 2


def test_every_shipped_case_was_read_by_a_second_person_and_its_gold_is_fresh(knowledge, real):
    assert examine(knowledge, real.library).faults == []


def test_gold_is_stale_once_the_law_or_our_summary_changes(tmp_path, knowledge, real):
    case = Case.model_validate(GOOD)
    fresh = case.model_copy(update={"gold_hashes": stamped(case, knowledge, real.library)})
    assert list(stale(fresh, knowledge, real.library)) == []
    changed = fresh.model_copy(update={"gold_hashes": {"eu.ai_act.art_26.par_6": "summary:0123456789ab"}})
    assert list(stale(changed, knowledge, real.library)) == ["eu.ai_act.art_26.par_6"]


def test_stamping_writes_the_hashes_and_says_how_many_changed(tmp_path, knowledge, real):
    path = _file(tmp_path, GOOD)
    assert stamp_file(path, read_cases(path, knowledge), knowledge, real.library) == 1
    assert read_cases(path, knowledge)[0].gold_hashes
    assert stamp_file(path, read_cases(path, knowledge), knowledge, real.library) == 0


def test_the_held_out_questions_are_run_by_the_release_alone():
    """Only these modules name the file: the one that defines it, that which runs it, and those that check its form."""
    named = {path.name for path in (tasks.DATASETS.parent).rglob("*.py") if "HELD_OUT" in path.read_text(encoding="utf-8")}
    assert named == {"tasks.py", "release.py", "health.py"}


def test_every_recorded_reply_belongs_to_a_question(knowledge):
    cases = {case.id for case in tasks.read_questions(knowledge)}
    assert {reply.case for _, reply in read_shapes(REPLIES, Reply)} <= cases
