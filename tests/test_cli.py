"""The command line as its users meet it: output, exit status, one sentence on stderr."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from needs import ROOT
from pages import CONSOLIDATED, OFFICIAL_JOURNAL
from protocol import serving
from speaking import reply

COMMAND = [sys.executable, "-c", "from assistant.cli import main; main()"]


@pytest.fixture
def run(tmp_path, small_dir):
    def call(*arguments, **environment):
        settings = {
            "ASSISTANT_DATA_DIR": str(tmp_path / "data"),
            "ASSISTANT_KNOWLEDGE_DIR": str(small_dir),
            "ASSISTANT_EMBEDDING": "none",
        }
        return subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, **settings, **environment},
        )

    return call


def _refused(done, words):
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_help_lists_the_commands(run):
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("ask", "search", "index", "serve", "doctor", "knowledge"))


def test_ask_prints_the_answer_its_sources_and_the_disclaimer(run):
    done = run("ask", "Demo Act Article 5(2)")
    assert done.returncode == 0
    assert "write a logbook every night.[1]" in done.stdout
    assert "[1] Demo Act Article 5(2)" in done.stdout
    assert "not legal advice" in done.stdout


def test_ask_json_has_the_contracted_shape(run):
    answer = json.loads(run("ask", "Demo Act Article 5(2)", "--json", "--lang", "ja", "--as-of", "2026-06-30").stdout)
    assert set(answer) == {
        "answer", "language", "refused", "reason", "as_of", "understood_as", "sentences", "citations", "warnings", "confidence",
        "options", "trace",
    }  # fmt: skip
    assert answer["as_of"] == "2026-06-30"
    assert answer["language"] == "ja"
    contracted = {
        "n", "document", "provision", "label", "version", "force", "applies_from", "applies_to", "in_force", "quote",
        "official", "verified", "url", "page",
    }  # fmt: skip
    assert contracted <= set(answer["citations"][0])


@pytest.mark.long
def test_every_answer_says_whether_a_model_took_part(run):
    assert "Composed without a model." in run("ask", "Demo Act Article 5(2)").stdout
    assert "モデルを使わずに作成した回答です。" in run("ask", "見本法第5条第2項").stdout


@pytest.mark.long
def test_why_is_printed_after_the_answer_where_it_is_wanted(run):
    done = run("ask", "Demo Act Article 5(2)", "--trace")
    answer, _, told = done.stdout.partition("\n\nWhy this answer\n")
    assert "not legal advice" in answer
    assert "Provisions named: Demo Act Article 5(2)" in told
    assert "1. Demo Act Article 5(2) (cited)" in told
    assert "この回答の根拠をたどる" in run("ask", "見本法第5条第2項", "--trace").stdout
    assert json.loads(run("ask", "Demo Act Article 5(2)", "--trace", "--json").stdout)["trace"]


def test_confidence_is_printed_where_it_was_measured():
    from assistant.cli import _plain
    from assistant.types import Answer, Confidence

    answer = Answer(
        answer="Yes.", language="en", refused=False, reason=None, as_of="2026-11-23", understood_as=None, sentences=[],
        citations=[], warnings=[], trace={},
    )  # fmt: skip
    assert "Confidence" not in _plain(answer)
    assert "Confidence: medium" in _plain(answer.model_copy(update={"confidence": Confidence.MEDIUM}))


@pytest.mark.long
def test_without_an_agreement_nothing_is_sent_and_the_way_to_agree_is_told(run):
    pytest.importorskip("langchain_openai")
    key = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://gateway.example/v1"}
    done = run("ask", "Demo Act Article 5(2)", "--model", "openai:gpt-x", **key)
    assert done.returncode == 0
    assert "write a logbook every night.[1]" in done.stdout
    assert "gateway.example" in done.stdout
    assert "--send" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("agreed", [["--send"], []])
def test_an_agreement_by_flag_or_an_address_on_this_computer_lets_a_model_take_part(run, agreed):
    pytest.importorskip("langchain_openai")
    claim = {"text": "You must write a logbook every night.", "passages": [1], "spans": ["write a logbook every night"]}
    with serving(reply(claim)) as (address, scene):
        done = run("ask", "Demo Act Article 5(2)", "--model", "small", *agreed, ASSISTANT_MODEL_URL=address)
    assert "Worded by the model small" in done.stdout, done.stdout + done.stderr
    assert len(scene.requests) == 1


@pytest.mark.long
def test_a_search_asks_no_model(run):
    assert run("search", "lamp", ASSISTANT_MODEL="nobody:model").returncode == 0


def test_a_refusal_is_an_answer(run):
    done = run("ask", "Demo Act Article 10", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["reason"] == "no_such_provision"


@pytest.mark.long
def test_a_batch_answers_line_by_line(run, tmp_path):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Demo Act Article 5(2)"}\n\n{"question": "見本法第5条第2項", "as_of": "2026-06-30"}\n')
    lines = [json.loads(line) for line in run("ask", "--batch", str(file)).stdout.splitlines()]
    assert [line["language"] for line in lines] == ["en", "ja"]


@pytest.mark.long
def test_a_follow_up_is_read_after_the_earlier_questions(run, tmp_path):
    listed, plain, batch = tmp_path / "history.json", tmp_path / "history.txt", tmp_path / "questions.jsonl"
    listed.write_text('["What does Article 5(1) of the Demo Act say?"]')
    plain.write_text("What does Article 5(1) of the Demo Act say?\n\n")
    batch.write_text('{"question": "and Article 10?", "history": ["What does Article 5(1) of the Demo Act say?"]}')
    for arguments in (
        ["and Article 10?", "--history", str(listed), "--json"],
        ["and Article 10?", "--history", str(plain), "--json"],
        ["--batch", str(batch)],
    ):
        answer = json.loads(run("ask", *arguments).stdout)
        assert answer["reason"] == "no_such_provision"
        assert "Article 5(1)" in answer["understood_as"]


@pytest.mark.parametrize("content", ['{"a": 1}', "[1, 2]", '["open'])
def test_a_history_that_is_none_is_refused(run, tmp_path, content):
    file = tmp_path / "history.json"
    file.write_text(content)
    _refused(run("ask", "and?", "--history", str(file)), "history.json is no list of questions")


@pytest.mark.parametrize(
    "content", ["nonsense", '{"q": 1}', '{"question": "a", "lang": "fr"}', "[1]", '{"question": "a", "history": "b"}']
)
def test_a_malformed_batch_names_file_and_line(run, tmp_path, content):
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "ok"}\n' + content)
    _refused(run("ask", "--batch", str(file)), "questions.jsonl, line 2")


@pytest.mark.long
def test_search_lists_provisions(run):
    done = run("search", "lamp", "-k", "2", "--json")
    assert json.loads(done.stdout)[0]["provision"] == "eu.demo.art_5.par_1"
    assert "eu.demo.art_5.par_1" in run("search", "lamp").stdout


def test_index_says_what_it_did(run):
    assert "6 provisions" in run("index").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["ask"], {}, "Give either a question or --batch"),
        (["ask", "x", "--as-of", "tomorrow"], {}, "write it as YYYY-MM-DD"),
        (["ask", "x", "--batch", "nowhere.jsonl"], {}, "Give either a question or --batch"),
        (["ask", "--batch", "nowhere.jsonl"], {}, "nowhere.jsonl cannot be read"),
        (["ask", "x", "--history", "nowhere.json"], {}, "nowhere.json cannot be read"),
        (["ask", "--batch", "nowhere.jsonl", "--history", "h"], {}, "leave --history out"),
        (["ask", "x", "--answers", "nowhere.yaml"], {}, "nowhere.yaml cannot be read"),
        (["ask", "x"], {"ASSISTANT_PORT": "many"}, "The setting ASSISTANT_PORT does not fit"),
        (["ask", "x"], {"ASSISTANT_LANGUAGE": "fr"}, "ASSISTANT_LANGUAGE"),
        (["search", "x", "-k", "0"], {}, "-k"),
        (["serve", "--port", "99999"], {}, "--port"),
        (["nonsense"], {}, "nonsense"),
    ],
)
def test_wrong_use_is_one_clear_sentence_and_exit_2(run, arguments, environment, words):
    _refused(run(*arguments, **environment), words)


def test_a_faulty_knowledge_file_stops_ask_and_is_listed_by_check(run, small_dir):
    path = small_dir / "provisions" / "guide.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("basis:", "bases:"), encoding="utf-8")
    message = "provisions/guide.yaml: jp.demo_guide.p_6.ii: bases: unknown key"
    _refused(run("ask", "x"), message)
    done = run("knowledge", "check")
    assert done.returncode == 1
    assert message in done.stdout


def test_knowledge_check_passes_where_nothing_is_wrong(run):
    done = run("knowledge", "check")
    assert (done.returncode, done.stdout) == (0, "0 fault(s) in the knowledge base\n")


@pytest.mark.long
def test_doctor_prints_settings_and_what_is_missing(run, tmp_path):
    done = run("doctor", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["healthy"]
    assert report["settings"]["ASSISTANT_EMBEDDING"] == "none"
    (tmp_path / "file").write_text("")
    sick = run("doctor", ASSISTANT_DATA_DIR=str(tmp_path / "file" / "data"))
    assert sick.returncode == 1
    assert "ASSISTANT_DATA_DIR to another folder" in sick.stdout


AS_NOBODY = """
import os, sys
import assistant.answer.pipeline  # before the privilege goes: the libraries may lie in root's own folders
from assistant.cli import main
os.setgid(65534); os.setuid(65534)
sys.argv = ["governance-assistant", "ask", "x"]
main()
"""


def test_a_data_folder_without_write_permission_is_named():
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o555)
        settings = {"ASSISTANT_DATA_DIR": f"{parent}/data", "ASSISTANT_EMBEDDING": "none"}
        script = AS_NOBODY if os.geteuid() == 0 else AS_NOBODY.replace("os.setgid(65534); os.setuid(65534)", "")
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, **settings},
        )
        _refused(done, "cannot be written (Permission denied)")


@pytest.fixture
def official(tmp_path):
    """A folder with the demonstration acts as their publisher serves them."""
    folder = tmp_path / "official"
    folder.mkdir()
    (folder / "demo-first.xhtml").write_text(OFFICIAL_JOURNAL, encoding="utf-8")
    (folder / "demo-second.xhtml").write_text(CONSOLIDATED, encoding="utf-8")
    (folder / "README.md").write_text("about these files", encoding="utf-8")
    return folder


@pytest.mark.long
def test_sources_are_imported_listed_verified_compared_and_removed(run, official):
    assert "not installed (sources fetch)" in run("sources", "list").stdout
    done = run("sources", "import", str(official))
    assert done.returncode == 0, done.stderr
    assert "2 installed, 1 skipped; 2 of 2 texts are on this machine." in done.stdout
    listed = json.loads(run("sources", "list", "--json").stdout)
    assert [row["installed"] for row in listed] == [True, True]
    assert listed[0]["obtained_from"] == "file demo-first.xhtml"
    verified = run("sources", "verify")
    assert verified.returncode == 1  # the demonstration act has fewer articles than the demonstration knowledge
    assert "not found: eu.demo.art_5.par_1" in verified.stdout
    assert "{+may+}" in run("sources", "diff", "eu.demo.art_1.par_1").stdout
    assert run("sources", "remove", "eu.demo@first.en").returncode == 0
    _refused(run("sources", "diff", "eu.demo.art_1.par_1"), "a comparison needs two")


def test_a_refused_file_is_told_on_stderr_and_the_others_are_installed(run, official):
    (official / "demo-first.xhtml").write_text("", encoding="utf-8")
    done = run("sources", "import", str(official))
    assert done.returncode == 1
    assert "demo-first.xhtml: The file is empty" in done.stderr
    assert "1 installed, 1 refused, 1 skipped" in done.stdout


def test_fetching_from_nowhere_is_told_for_each_text(run):
    mirrors = json.dumps({"https://publisher.example": "http://127.0.0.1:9"})
    done = run("sources", "fetch", ASSISTANT_MIRRORS=mirrors, ASSISTANT_FETCH_PAUSE_SECONDS="0")
    assert done.returncode == 1
    assert done.stderr.count("the connection failed") == 2
    assert "0 of 2 texts are on this machine" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sources", "fetch", "eu.none"], "no text 'eu.none'"),
        (["sources", "import", "nowhere"], "does not exist"),
        (["sources", "remove", "eu.demo@first.en"], "not installed"),
        (["sources", "diff", "eu.demo.art_1"], "is installed; the catalogue has: first, second"),
        (["provision", "eu.none.art_1"], "There is no entry 'eu.none.art_1'"),
        (["provision", "eu.demo.art_5.par_1", "--version", "third"], "no text of version 'third'"),
        (["provision", "eu.demo.art_5.par_1", "--version", "first"], "is not installed"),
    ],
)
def test_source_commands_refuse_with_one_sentence(run, arguments, words):
    _refused(run(*arguments), words)


def test_a_provision_is_shown_with_summary_and_link(run):
    done = run("provision", "eu.demo.art_5.par_2", "--lang", "ja")
    assert done.returncode == 0
    assert "https://example.org/demo" in done.stdout
    assert json.loads(run("provision", "eu.demo.art_5.par_2", "--json").stdout)["official"] is False


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.yaml"
    path.write_text((ROOT / "docs" / "example-answers.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.fixture
def run_real(run):
    return lambda *arguments: run(*arguments, ASSISTANT_KNOWLEDGE_DIR=str(ROOT / "knowledge"))


def test_the_example_answers_are_assessed(run_real, answers):
    done = run_real("assess", "--answers", str(answers), "--json", "--as-of", "2026-11-24")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["high_risk"]["outcome"] == "yes"
    assert result["japan"]["outcome"] == "yes"
    assert {"id", "outcome", "force", "bearers", "provision", "applies_from", "sanction", "because"} <= set(
        result["obligations"][0]
    )
    assert result["open_questions"] == []


@pytest.mark.long
def test_a_question_about_the_system_is_answered_from_its_answers(run_real, answers):
    answer = json.loads(run_real("ask", "うちは高リスク？", "--answers", str(answers), "--json").stdout)
    assert answer["answer"].startswith("**高リスクAIシステム：該当。**")
    assert answer["as_of"] == "2026-11-26"
    assert "2027年12月2日" in answer["answer"]


@pytest.mark.long
def test_the_report_is_written_in_japanese(run_real, answers, tmp_path):
    target = tmp_path / "report.md"
    assert run_real("report", "--answers", str(answers), "--lang", "ja", "-o", str(target)).returncode == 0
    assert target.read_text(encoding="utf-8").startswith("# AIガバナンス判定書")
    _refused(run_real("report", "--answers", str(answers), "-o", str(tmp_path / "none" / "r.md")), "cannot be written")


@pytest.mark.long
def test_the_next_question_is_told_and_the_schema_printed(run_real, tmp_path):
    started = tmp_path / "started.json"
    started.write_text(json.dumps({"questionnaire": "2026-11", "facts": {"eu.inference": "learns"}}), encoding="utf-8")
    told = json.loads(run_real("questionnaire", "--answers", str(started), "--json", "--lang", "ja").stdout)
    assert told["next"]["fact"] == "eu.territory"
    assert "EU" in told["next"]["text"]
    assert len(told["next"]["leads_to"]) == len(told["next"]["options"])
    assert told["settled"] == {}
    assert json.loads(run_real("questionnaire", "--schema").stdout)["title"] == "Answers about one AI system"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"questionnaire": "2026-11", "facts": {"eu.x": 1}}', "'eu.x' is not a fact that is asked"),
        ('{"questionnaire": "2020", "facts": {}}', "the answers are for version 2020"),
        ("facts: [", "neither YAML nor JSON"),
    ],
)
def test_answers_that_do_not_fit_are_refused(run_real, tmp_path, content, words):
    path = tmp_path / "bad.yaml"
    path.write_text(content, encoding="utf-8")
    _refused(run_real("assess", "--answers", str(path)), words)


@pytest.mark.long
def test_an_assessment_kept_is_compared_with_other_answers(run_real, answers, tmp_path):
    kept = tmp_path / "kept.json"
    assert run_real("report", "--answers", str(answers), "--format", "json", "-o", str(kept)).returncode == 0
    assert "Nothing differs." in run_real("compare", str(kept), str(answers)).stdout
    later = run_real("compare", str(kept), "--as-of", "2027-12-02").stdout
    assert "▶ EU-40" in later
    assert "The law is read on another day: 26 November 2026 → 2 December 2027." in later
    changed = tmp_path / "changed.yaml"
    changed.write_text(
        answers.read_text(encoding="utf-8").replace("jp.activities: [uses]", "jp.activities: [none]"), encoding="utf-8"
    )
    told = run_real("compare", str(kept), str(changed)).stdout
    assert "- JP-13" in told
    assert "JP-13" in json.loads(run_real("compare", str(kept), str(changed), "--json").stdout)["removed"]
    _refused(run_real("compare", str(kept), str(tmp_path / "none.json")), "cannot be read")


@pytest.mark.long
def test_a_final_report_names_its_reviewer(run_real, answers, tmp_path):
    target = tmp_path / "report.md"
    _refused(run_real("report", "--answers", str(answers), "--final", "-o", str(target)), "add --reviewer NAME")
    assert not target.exists()
    made = run_real("report", "--answers", str(answers), "--final", "--reviewer", "Aiko Mori", "-o", str(target))
    assert made.returncode == 0
    assert "**FINAL** · reviewed by Aiko Mori" in target.read_text(encoding="utf-8")


@pytest.mark.long
def test_an_answer_is_changed_and_what_that_changes_is_told(run_real, answers, tmp_path):
    target = tmp_path / "changed.json"
    done = run_real("questionnaire", "--answers", str(answers), "--set", "eu.annex_iii_4=[none]", "-o", str(target))
    assert "High-risk AI system: Yes → No; duties that fall away: 6" in done.stdout
    assert json.loads(target.read_text(encoding="utf-8"))["facts"]["eu.annex_iii_4"] == ["none"]
    _refused(run_real("questionnaire", "--answers", str(answers), "--set", "eu.annex_iii_4"), "is not FACT=ANSWER")
    _refused(run_real("questionnaire", "--answers", str(answers), "--set", "eu.roles=[king]"), "write a list of provider")
    told = run_real("questionnaire", "--answers", str(answers), "--explain", "eu.profiling").stdout
    assert "- No: High-risk AI system: Yes → Open" in told
    _refused(run_real("questionnaire", "--explain", "eu.magic"), "is not a fact that is asked")


@pytest.mark.parametrize("day", ["2017-12-31", "2101-01-01", "tomorrow"])
def test_a_day_that_is_none_or_too_far_off_is_refused(run_real, answers, day):
    _refused(run_real("assess", "--answers", str(answers), "--as-of", day), day)


def test_an_answers_file_of_10_megabytes_is_refused(run_real, tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * (10 << 20))
    _refused(run_real("assess", "--answers", str(path)), "has 10 MiB; an answers file has at most 1 MiB")


def test_assess_without_answers_says_what_to_give(run_real):
    _refused(run_real("assess"), "questionnaire -o FILE")
    assert "properties" in json.loads(run_real("assess", "--schema").stdout)
