"""Everything moves to another database by one command; what is there already, or the same database, is refused."""

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.store import audit
from assistant.store.accounts import Accounts
from assistant.store.acting import always
from assistant.store.database import open_database
from assistant.store.duties import DutyStore
from assistant.store.systems import SystemStore
from assistant.types import AssistantError


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A data folder with an SQLite database in use."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    engine = open_database(f"sqlite:///{tmp_path / 'data' / 'assistant.sqlite'}")
    admin = Accounts(engine).add(Accounts(engine).found("Lamp works"), "a@lamp.example", "森", "admin", None)
    mine = always(admin.organisation)
    system = SystemStore(engine, who=mine).create({"facts": {"b": "é", "a": True}}, name="Triage")
    DutyStore(engine, who=mine).add_evidence(system.id, "EU-1", "p.bin", bytes(range(256)))
    engine.dispose()
    return system


def _moved(url):
    return CliRunner().invoke(app, ["move", url])


def test_everything_moves_and_work_goes_on(old, url):
    done = _moved(url)
    assert done.exit_code == 0, done.output
    assert "ASSISTANT_DATABASE_URL" in done.output
    engine = open_database(url)
    systems = SystemStore(engine, who=always("local"))
    assert systems.get(old.id) == old
    evidence = DutyStore(engine, who=always("local"))
    assert evidence.evidence_content(old.id, evidence.evidence(old.id)[0].id)[1] == bytes(range(256))
    assert Accounts(engine).by_email("a@lamp.example").name == "森"
    assert systems.change(old.id, expected=1, name="Next").version == 2
    with engine.connect() as connection:
        assert audit.first_broken(connection) is None
    engine.dispose()
    assert isinstance(_moved(url).exception, AssistantError), "what is there now is not overwritten"


def test_the_database_in_use_is_no_other_one(old, tmp_path):
    refused = _moved(f"sqlite:///{tmp_path / 'data' / 'assistant.sqlite'}")
    assert "the database in use" in str(refused.exception)


@pytest.mark.parametrize("address", ["nonsense", "mysql://x/y", "postgresql://nobody:x@127.0.0.1:9/none"])
def test_an_address_that_leads_nowhere_is_told(old, address):
    assert isinstance(_moved(address).exception, AssistantError)
