"""Backups: whole, portable, checked before anything is touched; whatever goes wrong, nothing is lost."""

import hashlib
import json
import os
import sqlite3
import zipfile
from contextlib import closing
from datetime import date

import pytest
from sqlalchemy import select, text
from typer.testing import CliRunner

from assistant.cli import app
from assistant.store import audit, restoring
from assistant.store.accounts import Accounts
from assistant.store.acting import Acting
from assistant.store.backup import backup, tables_of
from assistant.store.comments import CommentStore
from assistant.store.conversations import ConversationStore
from assistant.store.database import HEAD, open_database
from assistant.store.documents import DocumentStore, StoredDocument, StoredPassage
from assistant.store.duties import DutyStore
from assistant.store.feedback import FeedbackStore
from assistant.store.links import LinkStore
from assistant.store.members import MemberStore
from assistant.store.restoring import restore
from assistant.store.sessions import SessionStore
from assistant.store.systems import SystemStore
from assistant.store.tokens import TokenStore
from assistant.store.transactions import writing
from assistant.types import AssistantError

PROOF = bytes(range(256))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "a.md").write_text("ランプ", encoding="utf-8")
    (folder / "texts" / "eu").mkdir(parents=True)
    (folder / "texts" / "eu" / "act.json").write_bytes(PROOF)
    (folder / "index").mkdir()
    (folder / "index" / "big").write_bytes(b"rebuilt")
    return folder


@pytest.fixture
def full(engine, clock):
    """A database with a row in every table."""
    systems = SystemStore(engine, clock)
    system = systems.create({"facts": {"b": "é", "a": True}}, name="Triage", owner="森").id
    systems.save_answers(system, {"facts": {"b": None}}, name="Triage", expected=1)
    systems.keep(system, {"scope": "yes"}, reason="complete")
    DutyStore(engine, clock).change(system, "EU-1", expected=0, due=date(2027, 8, 2))
    DutyStore(engine, clock).add_evidence(system, "EU-1", "p.bin", PROOF)
    CommentStore(engine, clock).add(system, "hm\u2028hm")
    talks = ConversationStore(engine, clock)
    talk = talks.start("en", system=system).id
    talks.answered(talk, talks.ask(talk, "Lamp?"), {"answer": "Brass"}, "Brass")
    FeedbackStore(engine, clock).give(talk, 1, "up")
    given = ("en", None, True, "a.md", "0" * 64, 3, None, 0, date(2026, 11, 1))
    DocumentStore(engine).add(StoredDocument("a", "Lamps", *given), [StoredPassage("a", 0, None, "ランプ")], [PROOF, PROOF])
    accounts = Accounts(engine, clock)
    person = accounts.add(accounts.found("Lamp works"), "a@lamp.example", "森", "admin", "four unrelated words here")
    links, who = LinkStore(engine, clock), Acting(person.organisation, person.id)
    links.make(who, "invitation", "b@lamp.example", "reader")
    SessionStore(engine, 12, 60, clock).open(person)
    TokenStore(engine, clock, lambda: who).make("calendar", "read", 30)
    MemberStore(engine, clock, lambda: who).name(system, "assessor", {person.id})
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO vectors VALUES ('m', 'c', :raw)"), {"raw": b"123"})
    return engine


@pytest.fixture
def packed(full, data, tmp_path):
    target = tmp_path / "backup.zip"
    backup(full, data, target)
    return target


def _rows(engine):
    with engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables_of(connection)}


def _files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _repacked(source, target, change):
    """Write a backup anew with its files changed, the checksums left as they were."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def _told(members, /, **changes):
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()


def _forged(members, name, content):
    """Add a file with the right checksum."""
    members[name] = content
    listed = json.loads(members["manifest.json"])["members"]
    _told(members, members={**listed, name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}})


def test_a_backup_restores_every_row_and_file(packed, full, data, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    manifest = restore(packed, elsewhere, f"sqlite:///{elsewhere / 'new.sqlite'}")
    engine = open_database(f"sqlite:///{elsewhere / 'new.sqlite'}")
    rows = _rows(engine)
    assert rows == _rows(full)
    assert all(rows.values()), "no table of the fixture is empty"
    assert not {"vectors", "sessions", "attempts", "marks"} & set(rows)
    with engine.connect() as connection:
        assert audit.first_broken(connection) is None
    files = _files(elsewhere)
    assert files.pop("documents/a.md").decode() == "ランプ"
    assert files.pop("texts/eu/act.json") == PROOF
    assert set(files) <= {"new.sqlite", "new.sqlite-wal", "new.sqlite-shm", "new.sqlite.lock"}
    assert manifest.revision == HEAD
    system = SystemStore(engine).all()[0]
    assert SystemStore(engine).save_answers(system.id, {}, name="x", expected=2).version == 3, "and work goes on"


def test_a_backup_is_plain_and_only_its_owner_may_read_it(packed):
    with zipfile.ZipFile(packed) as archive:
        rows = [json.loads(line) for line in archive.read("tables/duties.jsonl").decode().split("\n")[:-1]]
        assert rows[0]["due"] == "2027-08-02"
        assert "files/index/big" not in archive.namelist()
        assert archive.testzip() is None
    assert packed.stat().st_mode & 0o077 == 0


def test_an_empty_database_can_be_kept_and_restored(engine, tmp_path):
    backup(engine, tmp_path / "none", tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "e", f"sqlite:///{tmp_path / 'e' / 'n.sqlite'}")
    rows = _rows(open_database(f"sqlite:///{tmp_path / 'e' / 'n.sqlite'}"))
    assert len(rows.pop("organisations")) == 1, "the first one has no name yet"
    assert not any(rows.values())


def test_what_is_kept_already_is_not_replaced_unasked(packed, full, data, url):
    before = _rows(full), _files(data)
    full.dispose()
    with pytest.raises(AssistantError, match="Say --replace"):
        restore(packed, data, url)
    assert (_rows(full), _files(data)) == before


@pytest.mark.long
def test_replacing_keeps_what_stood_there_beside_it_each_time(packed, full, data, url):
    if not url.startswith("sqlite"):
        pytest.skip("a server keeps nothing beside it")
    before = _rows(full)
    systems = SystemStore(full)
    later = systems.create({}, name="Later").id
    (data / "documents" / "later.md").write_text("later")
    full.dispose()
    for name in (".before-restore", ".before-restore-2"):
        restore(packed, data, url, replace=True)
        assert _rows(full) == before
        full.dispose()
        assert [path.name for path in (data / "documents").iterdir()] == ["a.md"]
        assert (data / f"documents{name}").is_dir()
        kept = open_database(f"{url}{name}")
        assert (later in [one.id for one in SystemStore(kept).all()]) is (name == ".before-restore")
        kept.dispose()
    assert (data / "documents.before-restore" / "later.md").read_text() == "later"
    assert not [path.name for path in data.iterdir() if path.name.startswith(".restoring")]


def test_a_server_is_restored_in_one_transaction_and_counts_on(packed, full, data, url):
    if url.startswith("sqlite"):
        pytest.skip("a file is swapped")
    before = _rows(full)
    SystemStore(full).create({}, name="Later")
    full.dispose()
    restore(packed, data, url, replace=True)
    engine = open_database(url)
    assert _rows(engine) == before
    assert SystemStore(engine).create({}, name="More").version == 1
    engine.dispose()


def test_a_database_that_is_open_elsewhere_is_not_swapped(packed, full, data, url):
    if not url.startswith("sqlite"):
        pytest.skip("a server sees to that itself")
    before = _rows(full), _files(data / "documents")
    with full.connect(), pytest.raises(AssistantError, match="is in use; nothing was changed. Stop"):
        restore(packed, data, url, replace=True)
    assert (_rows(full), _files(data / "documents")) == before


@pytest.mark.long
@pytest.mark.parametrize("failing", range(1, 7))
def test_a_restore_that_fails_half_way_leaves_everything_as_it_was(packed, full, data, url, monkeypatch, failing):
    if not url.startswith("sqlite"):
        pytest.skip("files are swapped as on SQLite")
    before = _rows(full), _files(data / "documents"), _files(data / "texts")
    full.dispose()
    moved = []
    rename = restoring.Path.rename

    def unlucky(self, target):
        moved.append(target)
        if len(moved) == failing:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(restoring.Path, "rename", unlucky)
        with pytest.raises(AssistantError, match="No space left.*everything is as it was"):
            restore(packed, data, url, replace=True)
    full = open_database(url)
    assert (_rows(full), _files(data / "documents"), _files(data / "texts")) == before
    assert not [path for path in data.rglob("*") if "restor" in path.name]
    full.dispose()


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: m.update({"tables/duties.jsonl": m["tables/duties.jsonl"].replace(b"2027", b"2028")}), "broken"),
        (lambda m: m.update({"files/texts/eu/act.json": bytes(256)}), "broken"),
        (lambda m: m.update({"files/texts/eu/act.json": bytes(300)}), "broken"),
        (lambda m: m.pop("files/texts/eu/act.json"), "broken"),
        (lambda m: m.update({"files/texts/more": b"x"}), "broken"),
        (lambda m: m.pop("manifest.json"), "broken"),
        (lambda m: m.update({"manifest.json": b"{"}), "broken"),
        (lambda m: m.update({"manifest.json": b"[]"}), "broken"),
        (lambda m: m.update({"manifest.json": b"{}"}), "broken"),
        (lambda m: _told(m, members=[]), "broken"),
        (lambda m: _told(m, made_at="yesterday"), "broken"),
        (lambda m: _told(m, more=1), "broken"),
        (lambda m: _told(m, revision="9999"), "newer release"),
        (lambda m: _told(m, format=2), "newer release"),
        (lambda m: _forged(m, "files/texts/../../outside", b"x"), "broken"),
        (lambda m: _forged(m, "/tmp/outside", b"x"), "broken"),  # noqa: S108 - never written
        (lambda m: _forged(m, "../outside", b"x"), "broken"),
        (lambda m: _forged(m, "files/index/big", b"x"), "broken"),
        (lambda m: _forged(m, "files/texts//twice", b"x"), "broken"),
        (lambda m: _forged(m, "tables/duties.jsonl", b"no json\n"), "do not fit"),
        (lambda m: _forged(m, "tables/duties.jsonl", b'{"nothing": 1}\n'), "do not fit"),
        (lambda m: _forged(m, "tables/events.jsonl", b'{"id": 1, "system": "none"}\n'), "do not fit"),
        (lambda m: _forged(m, "tables/evidence_contents.jsonl", b'{"id": "x", "content": "%"}\n'), "do not fit"),
    ],
)
def test_a_backup_that_is_broken_unsafe_or_newer_is_refused_and_nothing_is_touched(packed, tmp_path, change, told):
    spoilt = _repacked(packed, tmp_path / "spoilt.zip", change)
    place = tmp_path / "place"
    with pytest.raises(AssistantError, match=told):
        restore(spoilt, place, f"sqlite:///{place / 'n.sqlite'}")
    assert set(_files(place)) <= {"n.sqlite.lock"}
    assert not (tmp_path / "outside").exists()


def test_a_file_that_unpacks_to_more_than_it_says_is_stopped(packed, tmp_path):
    """The sizes of the zip itself may lie; what counts is what comes out."""
    bomb = tmp_path / "bomb.zip"
    _repacked(packed, bomb, lambda m: _forged(m, "files/texts/zeros", bytes(5 << 20)))
    content = bomb.read_bytes()
    size = (5 << 20).to_bytes(4, "little")
    assert content.count(size) == 2
    lying = content.replace(size, (10).to_bytes(4, "little"))
    (tmp_path / "lying.zip").write_bytes(lying)
    place = tmp_path / "place"
    with pytest.raises(AssistantError, match="broken"):
        restore(tmp_path / "lying.zip", place, f"sqlite:///{place / 'n.sqlite'}")


def test_a_backup_that_does_not_fit_on_the_disk_is_refused_before_it_is_unpacked(packed, tmp_path, monkeypatch):
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(AssistantError, match="Restoring needs .* are free; nothing was changed"):
        restore(packed, tmp_path / "place", f"sqlite:///{tmp_path / 'place' / 'n.sqlite'}")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_a_file_that_is_no_zip_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(AssistantError, match="is no backup of this assistant"):
        restore(tmp_path / "x.zip", tmp_path / "place", f"sqlite:///{tmp_path / 'place' / 'n.sqlite'}")


def test_a_truncated_backup_is_refused(packed, tmp_path):
    (tmp_path / "half.zip").write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])
    with pytest.raises(AssistantError, match="broken"):
        restore(tmp_path / "half.zip", tmp_path / "place", f"sqlite:///{tmp_path / 'place' / 'n.sqlite'}")


def test_a_backup_of_the_first_form_of_the_database_is_brought_to_this_one(packed, tmp_path):
    def older(members):
        kept = ("tables/documents.jsonl", "tables/document_passages.jsonl", "files/documents/a.md")
        for name in [name for name in members if name not in (*kept, "manifest.json")]:
            members.pop(name)
        rows = [json.loads(line) for line in members.pop("tables/documents.jsonl").splitlines()]
        listed = json.loads(members["manifest.json"])["members"]
        _told(members, revision="0001", members={name: listed[name] for name in kept[1:]})
        content = "".join(json.dumps({k: v for k, v in row.items() if k != "organisation"}) + "\n" for row in rows)
        _forged(members, "tables/documents.jsonl", content.encode())

    url = f"sqlite:///{tmp_path / 'place' / 'n.sqlite'}"
    restore(_repacked(packed, tmp_path / "older.zip", older), tmp_path / "place", url)
    with closing(sqlite3.connect(tmp_path / "place" / "n.sqlite")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    engine = open_database(url)
    assert [one.title for one in DocumentStore(engine).all()] == ["Lamps"]
    assert SystemStore(engine).all() == []


def test_a_backup_does_not_overwrite_a_file_and_leaves_none_when_it_fails(full, data, tmp_path, monkeypatch):
    (tmp_path / "old.zip").write_bytes(b"precious")
    with pytest.raises(AssistantError, match="exists already"):
        backup(full, data, tmp_path / "old.zip")
    assert (tmp_path / "old.zip").read_bytes() == b"precious"
    with pytest.raises(AssistantError, match="cannot be written"):
        backup(full, data, tmp_path / "none" / "b.zip")

    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    before = set(tmp_path.iterdir())
    with pytest.raises(AssistantError, match="No space left.*no file was left"):
        backup(full, data, tmp_path / "b.zip")
    assert set(tmp_path.iterdir()) == before


def test_links_are_not_followed_out_of_the_folder(full, data, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (data / "documents" / "link.md").symlink_to(tmp_path / "secret")
    assert not [name for name in backup(full, data, tmp_path / "b.zip").members if "link.md" in name]


def test_a_file_deleted_meanwhile_does_not_stop_a_backup(full, data, tmp_path, monkeypatch):
    gone = data / "documents" / "gone.md"
    monkeypatch.setattr("assistant.store.backup._files", lambda folder: [gone, data / "documents" / "a.md"])
    members = backup(full, data, tmp_path / "b.zip").members
    assert [name for name in members if name.startswith("files/")] == ["files/documents/a.md"]
    restore(tmp_path / "b.zip", tmp_path / "place", f"sqlite:///{tmp_path / 'place' / 'n.sqlite'}")


def test_the_commands_keep_and_put_back(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "data"))
    url = f"sqlite:///{tmp_path / 'data' / 'assistant.sqlite'}"
    (tmp_path / "data").mkdir()
    engine = open_database(url)
    system = SystemStore(engine).create({}, name="Triage")
    kept = CliRunner().invoke(app, ["backup", "-o", str(tmp_path / "b.zip")])
    assert (kept.exit_code, "Keep it where only you can read it" in kept.output) == (0, True)
    engine.dispose()
    refused = CliRunner().invoke(app, ["restore", str(tmp_path / "b.zip")])
    assert isinstance(refused.exception, AssistantError)
    SystemStore(engine).delete(system.id)
    engine.dispose()
    done = CliRunner().invoke(app, ["restore", str(tmp_path / "b.zip"), "--replace"])
    assert (done.exit_code, "is restored" in done.output) == (0, True)
    assert SystemStore(open_database(url)).all() == [system]
    missing = CliRunner().invoke(app, ["restore", str(tmp_path / "none.zip")])
    assert "There is no file" in str(missing.exception)
