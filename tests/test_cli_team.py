"""The commands of whoever runs the server for several people: links that open, and refusals that say what to do."""

import re

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from assistant.cli_team import app
from assistant.store import conversations, sessions, tokens
from assistant.store.accounts import Accounts
from assistant.store.database import open_database
from assistant.store.links import LinkStore

TABLES = (conversations, sessions, tokens)  # an account has to do with those as well
PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command over an empty data folder; with ``**environment`` as further settings."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))

    def call(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(f"ASSISTANT_{name}", value)
        return CliRunner().invoke(app, arguments)

    return call


@pytest.fixture
def engine(run, tmp_path):
    """The database of that folder, with an organisation and its first admin."""
    link = run("found", "Lamp works", "--admin", "A@lamp.example").output
    engine = open_database(f"sqlite:///{tmp_path / 'assistant.sqlite'}")
    secret = re.search(r"/en/join/(\S+)", link)[1]
    found = LinkStore(engine).look(secret)
    assert (found.email, found.role) == ("a@lamp.example", "admin")
    Accounts(engine).add(found.organisation, found.email, "A", found.role, PASSWORD, secret)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("settings", "root"),
    [
        ({}, "http://127.0.0.1:7860"),
        ({"PORT": "8000", "HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"HOST": "::"}, "http://[::1]:7860"),
        ({"PUBLIC_URL": "https://ai.lamp.example/"}, "https://ai.lamp.example"),
    ],
)
def test_a_link_is_printed_as_a_browser_opens_it(run, settings, root):
    told = run("found", "Lamp works", "--admin", "a@lamp.example", **settings).output
    assert {one.partition("/join/")[0] for one in re.findall(r"http\S+/join/\S+", told)} == {f"{root}/en", f"{root}/ja"}
    assert ("ASSISTANT_PUBLIC_URL" in told) == ("PUBLIC_URL" not in settings)


def test_organisations_are_listed_and_people_invited_to_them(run, engine):
    line = run("list").output
    assert "1 accounts  Lamp works" in line
    link = run("invite", "b@lamp.example", "--organisation", line.split()[0], "--role", "reader").output
    assert LinkStore(engine).look(re.search(r"/en/join/(\S+)", link)[1]).role == "reader"
    link = run("reset", "a@lamp.example").output
    assert LinkStore(engine).look(re.search(r"/en/reset/(\S+)", link)[1]).kind == "reset"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("found", "Other", "--admin", "a@lamp.example"), "has an account already"),
        (("found", "Other", "--admin", "nonsense"), "no e-mail address"),
        (("invite", "b@lamp.example", "--organisation", "nowhere"), "no organisation 'nowhere'"),
        (("invite", "b@lamp.example", "--organisation", "local", "--role", "king"), "role"),
        (("reset", "nobody@lamp.example"), "no open account"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_made(run, engine, arguments, told):
    done = run(*arguments)
    assert told in str(done.exception)
    assert "/join/" not in done.output
    assert [one.name for one in Accounts(engine).organisations()] == ["Lamp works"]


def test_a_log_that_somebody_changed_fails(run, engine):
    assert run("audit").output == "The audit log is whole.\n"
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_stays_update"))
        connection.execute(text("UPDATE audit SET action = 'nothing' WHERE id = 1"))
    done = run("audit")
    assert done.exit_code == 1
    assert "broken from entry 1" in done.stderr
