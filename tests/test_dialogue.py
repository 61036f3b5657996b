"""The questionnaire on the terminal: answers are kept at once, can be taken back, explained and gone on with."""

import json
import os
import pty
import subprocess
import sys

import pytest
from needs import ROOT

from assistant import cli_dialogue
from assistant.answer.suggest import Suggestion
from assistant.cli_dialogue import Dialogue
from assistant.law.answers import Answers, read_answers
from assistant.types import Language


@pytest.fixture
def dialogue(knowledge, tmp_path, monkeypatch):
    """Run a dialogue with what is typed, one entry a question; afterwards the user stops."""
    kept = tmp_path / "answers.json"

    def run(*typed, given=None, language=Language.EN, confirm=False):
        entries = iter([*typed, "q"])
        monkeypatch.setattr(cli_dialogue.typer, "prompt", lambda *_, **__: next(entries))
        monkeypatch.setattr(cli_dialogue.typer, "confirm", lambda *_, **__: confirm)
        return Dialogue(knowledge, language, kept).run(given or Answers()), kept

    return run


@pytest.mark.parametrize("language", list(Language))
def test_options_are_named_by_number_or_value_and_kept_at_once(dialogue, knowledge, language):
    given, kept = dialogue("", "", "1", "2, in_own_product", language=language)
    assert given.facts == {"eu.inference": "learns", "eu.territory": frozenset({"uses_in_union", "in_own_product"})}
    assert read_answers(kept, knowledge) == given


def test_not_knowing_going_back_and_asking_what_answers_lead_to(dialogue, capsys):
    given, _ = dialogue("", "", "?", "<", "!", "1")
    assert (given.facts, given.unknown) == ({"eu.inference": "learns"}, frozenset())
    assert "settled as not owed" in " ".join(capsys.readouterr().out.split())


def test_what_does_not_fit_or_contradicts_is_told_and_asked_again(dialogue, capsys):
    given, _ = dialogue("", "", "7", "1", "1", "4", "q")
    told = " ".join(capsys.readouterr().out.split())
    assert "'7' does not fit; write one of learns, reasons, rules_only" in told
    assert "contradict each other" in told
    assert set(given.facts) == {"eu.inference", "eu.territory"}


def test_answers_given_earlier_are_gone_on_with(dialogue):
    given, _ = dialogue("1", given=Answers({"eu.inference": "learns"}))
    assert given.facts["eu.territory"] == frozenset({"markets_in_union"})


@pytest.mark.parametrize("confirm", [True, False])
def test_a_suggestion_counts_only_once_it_is_confirmed(dialogue, monkeypatch, confirm):
    suggestion = Suggestion(fact="eu.inference", value="learns", words=("a model",), source="search")
    monkeypatch.setattr(cli_dialogue, "_suggested", lambda *_: [suggestion])
    given, _ = dialogue("Bot", "It is a model.", confirm=confirm)
    assert given.facts.get("eu.inference") == ("learns" if confirm else None)
    assert given.facts["system.description"] == "It is a model."


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_real_terminal_it_asks_and_a_second_run_goes_on(tmp_path):
    kept = tmp_path / "answers.json"
    program = [sys.executable, "-c", "from assistant.cli import main; main()", "questionnaire", "-o", str(kept)]

    def run(typed):
        ours, theirs = pty.openpty()
        env = {**os.environ, "ASSISTANT_KNOWLEDGE_DIR": str(ROOT / "knowledge"), "ASSISTANT_DATA_DIR": str(tmp_path / "data")}
        with subprocess.Popen(program, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env) as process:
            os.write(ours, typed.encode())
            told = process.communicate(timeout=60)[0].decode()
        os.close(theirs)
        os.close(ours)
        return told

    assert "How does the system arrive at its results?" in run("\n\n1\nq\n")
    assert json.loads(kept.read_text(encoding="utf-8"))["facts"] == {"eu.inference": "learns"}
    told = run("8\nq\n")
    assert "1 answered" in told
    assert json.loads(kept.read_text(encoding="utf-8"))["facts"]["eu.territory"] == ["supplies"]
