"""On a terminal the user is asked once before a question leaves, and not where it stays."""

import pytest

from assistant import cli_model
from assistant.answer.consent import may_send
from assistant.types import Language


@pytest.fixture
def asked(monkeypatch):
    """Collect what is asked; the user answers with ``asked.reply``."""

    class Asked(list):
        reply = True

    told = Asked()
    monkeypatch.setattr(cli_model.typer, "confirm", lambda text, **_: told.append(text) or told.reply)
    return told


@pytest.mark.parametrize("language", list(Language))
def test_yes_is_remembered(settings, asked, language):
    remote = settings.model_copy(update={"model": "anthropic:claude-x"})
    for _ in range(2):
        cli_model.ask_to_agree(remote, language)
    assert len(asked) == 1
    assert "api.anthropic.com" in asked[0]
    assert may_send(remote)


def test_no_is_not_and_nothing_is_sent(settings, asked):
    asked.reply = False
    remote = settings.model_copy(update={"model": "anthropic:claude-x"})
    for _ in range(2):
        cli_model.ask_to_agree(remote, Language.EN)
    assert len(asked) == 2
    assert not may_send(remote)


@pytest.mark.parametrize("changed", [{"model": ""}, {"model": "ollama:small"}, {"model": "anthropic:x", "model_consent": True}])
def test_where_nothing_leaves_or_it_is_agreed_nobody_is_asked(settings, asked, changed, monkeypatch):
    monkeypatch.delenv("OLLAMA_HOST", raising=False)
    cli_model.ask_to_agree(settings.model_copy(update=changed), Language.EN)
    assert asked == []
