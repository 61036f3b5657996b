"""The commands under ``evals``: what they print, and the one clear sentence where they cannot."""

import json
import sys

import pytest
from runs import made, result

from assistant.cli import main
from evals import gate, results


@pytest.fixture
def command(monkeypatch, real_settings, capsys):
    """Run one command in this process; return exit status, stdout and stderr."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(real_settings.data_dir))
    monkeypatch.setenv("ASSISTANT_KNOWLEDGE_DIR", str(real_settings.knowledge_dir))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["governance-assistant", "evals", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--task", "guessing"], "There is no task 'guessing'. The tasks are answers, retrieval, assessment, extraction."),
        (["run", "--slice", "luck"], "No question belongs to 'luck'. There are as_of_pair, comparison"),
        (["run", "--model", "recorded:nobody"], "Nothing was recorded of 'nobody'"),
        (["run", "--judge", "openai:best"], "The judge openai:best is not admitted"),
        (["run", "--task", "extraction"], "The extraction task needs every text; leave it out with --task."),
        (["compare", "a.json", "b.json"], "There is no result file a.json. 'evals run -o FILE' makes one."),
        (["view", "a.json"], "There is no result file a.json"),
        (["external", "."], "has no corpus.jsonl. A set in the BEIR layout has"),
        (["scoreboard", "."], "has no corpus.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments, message, command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    status, out, err = command(*arguments)
    assert status == 2
    assert message in err
    assert len(err.strip().splitlines()) == 1
    assert out == ""


@pytest.mark.long
def test_a_run_of_one_slice_is_printed_and_kept(command, tmp_path):
    status, out, _ = command("run", "--task", "answers", "--slice", "as_of_pair", "-o", tmp_path / "run.json")
    assert status == 0
    assert "pair " in out
    assert results.read(tmp_path / "run.json").provenance.settings["slice"] == "as_of_pair"
    status, out, _ = command("compare", tmp_path / "run.json", tmp_path / "run.json")
    assert status == 0
    assert "answers, right" in out
    status, out, _ = command("view", tmp_path / "run.json", "-o", tmp_path / "run.html")
    assert status == 0
    assert '<h2 id="answers">' in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_an_outside_set_is_ranked_by_words(command, tmp_path):
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        json.dumps({"_id": "p", "title": "", "text": "lamps are lit at dusk"}), encoding="utf-8"
    )
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "when are lamps lit"}), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\tp\t1\n", encoding="utf-8")
    status, out, _ = command("external", tmp_path, "--words")
    assert status == 0
    for figure in ("ndcg@10", "recall@10", "map@10", "hit@1", "all_gold@10"):
        assert f"{figure:<16} 1.000  [1.000, 1.000]" in out
    assert "ms a query" in out


@pytest.fixture
def gated(monkeypatch, tmp_path):
    """A gate with a baseline of its own and a run that needs no search."""
    monkeypatch.setattr(gate, "BASELINE", tmp_path / "baseline.json")
    monkeypatch.setattr("assistant.cli_evals.open_for_evaluation", lambda *_, **__: None)
    outcome = {"run": made(result("x", right=1.0), result("y", right=1.0))}
    monkeypatch.setattr("assistant.cli_evals._run", lambda *_, **__: outcome["run"])
    return outcome


def test_the_gate_needs_a_baseline_passes_the_same_and_stops_what_is_worse(command, gated):
    status, _, err = command("gate")
    assert (status, "There is no baseline" in err) == (2, True)
    assert command("gate", "--accept", "the first")[0] == 0
    assert results.read(gate.BASELINE).accepted == "the first"
    status, out, _ = command("gate")
    assert (status, out.strip()) == (0, "Nothing got worse.")
    gated["run"] = made(result("x", right=1.0), result("y", right=0.0))
    status, out, _ = command("gate")
    assert status == 1
    assert "answers, right: y fell from 1.00 to 0.00" in out
    assert command("gate", "--accept", "y asks for the impossible")[0] == 0
    assert command("gate")[0] == 0


def test_a_baseline_made_in_another_way_can_be_replaced_but_not_passed(command, gated):
    command("gate", "--accept", "the first")
    gated["run"] = made(result("x", right=1.0), settings={"embedding": "none"})
    status, _, err = command("gate")
    assert (status, "The baseline was made in another way" in err) == (2, True)
    status, out, _ = command("gate", "--accept", "by words alone from now on")
    assert (status, "The baseline was made in another way" in out) == (0, True)


def test_the_strict_reader_is_measured(command):
    status, out, _ = command("judge")
    assert status == 0
    assert "strict reader: balanced accuracy 0." in out


def test_the_schema_of_a_question_is_printed(command):
    status, out, _ = command("check", "--schema")
    assert (status, json.loads(out)["title"]) == (0, "Case")
