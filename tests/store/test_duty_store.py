"""Duties: tracked with their history, evidence kept whole, comments."""

import hashlib
import re
from datetime import date

import pytest

from assistant.store.columns import LONGEST_TEXT
from assistant.store.comments import CommentStore
from assistant.store.duties import LARGEST_EVIDENCE, DutyStore, safe_name
from assistant.store.rows import ConflictError, NotFoundError
from assistant.store.systems import SystemStore
from assistant.store.transactions import StoreError
from assistant.types import AssistantError


@pytest.fixture
def system(engine, clock):
    return SystemStore(engine, clock).create({}, name="Triage").id


@pytest.fixture
def store(engine, clock):
    return DutyStore(engine, clock)


@pytest.fixture
def comments(engine, clock):
    return CommentStore(engine, clock)


def _events(engine, system):
    return [(one.kind, one.detail) for one in SystemStore(engine).history(system)][:-1]


def test_a_duty_is_tracked_from_the_first_change_on(store, system, engine):
    assert store.all(system) == {}
    first = store.change(system, "EU-1", expected=0, actor="Aiko", person="Ben", due=date(2027, 8, 2), notes="soon")
    assert store.all(system) == {"EU-1": first}
    assert (first.state, first.version, first.due) == ("todo", 1, date(2027, 8, 2))
    second = store.change(system, "EU-1", expected=1, actor="Aiko", state="doing", person="Ben", notes="soon")
    assert store.all(system)["EU-1"] == second
    detail = {"duty": "EU-1", "state": ["todo", "doing"], "due": ["2027-08-02", None]}
    assert _events(engine, system)[0] == ("duty", detail)


def test_saving_the_same_changes_nothing(store, system, engine):
    given = {"state": "done", "person": "Ben", "due": date(2027, 8, 2)}
    first = store.change(system, "EU-1", expected=0, **given)
    assert store.change(system, "EU-1", expected=1, **given) == first
    assert len(_events(engine, system)) == 1


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_whoever_saves_on_another_version_is_told_what_happened_to_this_duty(store, system, expected):
    store.change(system, "EU-1", expected=0)
    now = store.change(system, "EU-1", expected=1, state="done")
    store.change(system, "EU-2", expected=0)
    with pytest.raises(ConflictError) as told:
        store.change(system, "EU-1", expected=expected, state="doing")
    assert told.value.current == now
    assert [one.id for one in told.value.since] == [2, 3][expected:]
    assert store.all(system)["EU-1"] == now


def test_what_was_never_tracked_conflicts_with_a_version(store, system):
    with pytest.raises(ConflictError) as told:
        store.change(system, "EU-1", expected=1)
    assert (told.value.current, told.value.since) == (None, [])


def test_not_applicable_needs_a_reason(store, system):
    with pytest.raises(AssistantError, match="Say why"):
        store.change(system, "EU-1", expected=0, state="not_applicable", reason=" ")
    assert store.all(system) == {}
    assert store.change(system, "EU-1", expected=0, state="not_applicable", reason="no staff").reason == "no staff"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"state": "asleep"}, "'asleep' is no state"),
        ({"notes": "x" * (LONGEST_TEXT + 1)}, "note has 4001 characters; the limit is 4000"),
        ({"reason": "x" * (LONGEST_TEXT + 1)}, "reason has 4001"),
        ({"person": "x" * 201}, "person has 201 characters; the limit is 200"),
    ],
)
def test_what_does_not_fit_is_told_and_not_cut(store, system, given, told):
    with pytest.raises(AssistantError, match=told):
        store.change(system, "EU-1", expected=0, **given)
    assert store.all(system) == {}
    assert len(store.change(system, "EU-1", expected=0, notes="x" * LONGEST_TEXT).notes) == LONGEST_TEXT


def test_everything_leaves_deleted_systems_out(store, system, engine):
    other = SystemStore(engine).create({}, name="Other").id
    store.change(system, "EU-1", expected=0)
    store.change(other, "EU-1", expected=0)
    SystemStore(engine).delete(other)
    assert [one.system for one in store.everything()] == [system]
    with pytest.raises(NotFoundError):
        store.change(other, "EU-2", expected=0)


def test_evidence_comes_back_as_it_went_in(store, system, engine):
    content = bytes(range(256)) * 100
    kept = store.add_evidence(system, "EU-1", "C:\\papers\\risk.pdf", content, actor="Aiko")
    assert (kept.name, kept.size, kept.added_by) == ("risk.pdf", 25_600, "Aiko")
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert store.evidence(system) == [kept]
    assert store.evidence_content(system, kept.id) == (kept, content)
    store.remove_evidence(system, kept.id, actor="Ben")
    assert store.evidence(system) == []
    with pytest.raises(NotFoundError, match="no file"):
        store.evidence_content(system, kept.id)
    assert [kind for kind, _ in _events(engine, system)] == ["evidence", "evidence"]


def test_evidence_of_another_system_is_not_given_away(store, system, engine):
    other = SystemStore(engine).create({}, name="Other").id
    kept = store.add_evidence(system, "EU-1", "a.txt", b"secret")
    for reach in (store.evidence_content, store.remove_evidence):
        with pytest.raises(NotFoundError):
            reach(other, kept.id)
    assert store.evidence(system) == [kept]


def test_a_file_that_is_empty_or_too_large_is_refused(store, system):
    for content, told in ((b"", "empty"), (bytes(LARGEST_EVIDENCE + 1), "more than 20 MiB")):
        with pytest.raises(AssistantError, match=told):
            store.add_evidence(system, "EU-1", "a.txt", content)
    assert store.evidence(system) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("リスク評価.pdf", "リスク評価.pdf"),
        ("a\x00b\nc.pdf", "a_b_c.pdf"),
        ("pay\u202efdp.exe", "pay_fdp.exe"),
        ("...", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_has_no_folders_and_no_characters_that_mislead(given, kept):
    assert safe_name(given) == kept


def test_a_removed_file_leaves_no_trace_in_the_database(tmp_path, clock):
    import sqlite3

    from assistant.store.database import open_database

    engine = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    store, system = DutyStore(engine, clock), SystemStore(engine, clock).create({}, name="x").id
    kept = store.add_evidence(system, "EU-1", "a.txt", b"brass lens" * 1000)
    store.remove_evidence(system, kept.id)
    connection = sqlite3.connect(tmp_path / "db.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert not any(b"brass lens" in path.read_bytes() for path in tmp_path.iterdir())


def test_comments_are_kept_in_order_and_removed_for_good(comments, system, engine):
    first = comments.add(system, " First ", actor="Aiko", about="EU-1")
    second = comments.add(system, "Second")
    assert (first.text, first.about, second.about) == ("First", "EU-1", None)
    assert comments.all(system) == [first, second]
    other = SystemStore(engine).create({}, name="Other").id
    with pytest.raises(NotFoundError):
        comments.remove(other, first.id)
    comments.remove(system, first.id, actor="Ben")
    assert comments.all(system) == [second]
    with pytest.raises(NotFoundError, match="no comment"):
        comments.remove(system, first.id)
    assert _events(engine, system)[0][1] == {"removed": first.id}


def test_a_comment_says_something_and_not_too_much(comments, system):
    for words, told in ((" \n", "empty"), ("x" * (LONGEST_TEXT + 1), "limit is 4000")):
        with pytest.raises(AssistantError, match=told):
            comments.add(system, words)
    assert comments.all(system) == []


def test_a_file_that_is_removed_leaves_no_name_in_the_history(engine, system):
    duties = DutyStore(engine)
    first, second = (duties.add_evidence(system, "EU-1", "salary of Mori.pdf", content) for content in (b"1", b"2"))
    duties.remove_evidence(system, first.id)
    assert "salary of Mori.pdf" in str(_events(engine, system)), "another file of that name is still there"
    duties.remove_evidence(system, second.id)
    told = str(_events(engine, system))
    assert "salary" not in told
    assert {first.sha256, second.sha256} <= set(re.findall("[0-9a-f]{64}", told))


@pytest.mark.parametrize("begins", [b"MZ\x90", b"\x7fELF", b"#!/bin/sh", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"])
def test_a_program_is_no_evidence_whatever_it_is_called(store, system, begins):
    with pytest.raises(StoreError) as refused:
        store.add_evidence(system, "EU-1", "report.pdf", begins + b"...")
    assert refused.value.reason == "program"
    assert store.evidence(system) == []
