"""Nothing is sent before the user agreed to where it goes; another place is another question."""

from datetime import date

import pytest

from assistant.answer.consent import agree, may_send


@pytest.fixture
def remote(settings):
    return settings.model_copy(update={"model": "openai:gpt-x"})


def test_an_agreement_is_kept_for_this_model_at_this_address_only(remote, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert not may_send(remote)
    agree(remote, lambda: date(2026, 11, 26))
    assert may_send(remote)
    assert not may_send(remote.model_copy(update={"model": "openai:gpt-y"}))
    assert not may_send(remote.model_copy(update={"model_url": "https://gateway.example/v1"}))
    assert not may_send(remote.model_copy(update={"model_entailment": "anthropic:claude-x"}))
    monkeypatch.setenv("OPENAI_BASE_URL", "https://gateway.example/v1")
    assert not may_send(remote)


def test_the_file_holds_model_address_and_day(remote):
    agree(remote, lambda: date(2026, 11, 26))
    [kept] = [path for path in remote.data_dir.iterdir() if path.suffix == ".json"]
    assert kept.read_text(encoding="utf-8").split() == ["{", '"openai:gpt-x', 'https://api.openai.com/v1":', '"2026-11-26"', "}"]


@pytest.mark.parametrize("content", ["", "[]", "nonsense", "\x00"])
def test_a_spoilt_file_is_no_agreement(remote, content):
    agree(remote)
    (remote.data_dir / "model-consent.json").write_text(content)
    assert not may_send(remote)


def test_this_computer_needs_no_agreement_and_a_setting_can_give_it(remote, settings):
    assert may_send(settings), "no model, nothing to send"
    assert may_send(settings.model_copy(update={"model": "ollama:small"}))
    assert may_send(remote.model_copy(update={"model_consent": True}))
