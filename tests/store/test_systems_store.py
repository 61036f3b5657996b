"""Systems: every change with its event, nobody overwrites another, nothing acknowledged is lost."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import event, select, text

from assistant.store.columns import LONGEST_TEXT, metadata
from assistant.store.comments import CommentStore
from assistant.store.conversations import ConversationStore
from assistant.store.database import open_database
from assistant.store.duties import DutyStore
from assistant.store.rows import ConflictError, NotFoundError
from assistant.store.systems import SystemStore
from assistant.types import AssistantError

ANSWERS = {"questionnaire": "2026-11", "facts": {"b": "learns", "a": ["x"]}, "notes": {"b": "why"}}


@pytest.fixture
def store(engine, clock):
    return SystemStore(engine, clock)


@pytest.fixture
def system(store):
    return store.create(ANSWERS, name="Triage", owner="Mori", actor="Aiko")


def _saved(store, system, facts, **given):
    answers = {**ANSWERS, "facts": facts}
    return store.save_answers(system.id, answers, **{"name": "Triage", "expected": system.version, "actor": "Ben", **given})


def test_a_system_comes_back_as_it_was_kept(store, system):
    assert store.get(system.id) == system
    assert store.all() == [system]
    assert list(system.answers["facts"]) == list(store.get(system.id).answers["facts"]), "in the order given"
    assert (system.state, system.version, system.reviewer, system.created_at.utcoffset()) == ("draft", 1, None, timedelta(0))


def test_the_one_changed_last_comes_first(store, system):
    other = store.create({}, name="Other")
    assert [one.id for one in store.all()] == [other.id, system.id]
    _saved(store, system, {})
    assert [one.id for one in store.all()] == [system.id, other.id]


def test_each_answer_that_changed_is_in_the_history_with_what_stood_there_before(store, system):
    changed = _saved(store, system, {"b": "rules", "c": True})
    assert (changed.version, store.get(system.id)) == (2, changed)
    newest, first = store.history(system.id)
    assert (newest.kind, newest.actor, newest.version, first.kind) == ("answered", "Ben", 2, "created")
    assert newest.detail == {"facts": {"b": ["learns", "rules"], "a": [["x"], None], "c": [None, True]}}
    assert store.history(system.id, 1) == [newest]


def test_the_same_answers_change_nothing(store, system):
    assert _saved(store, system, ANSWERS["facts"]) == system
    assert len(store.history(system.id)) == 1
    long = _saved(store, system, ANSWERS["facts"], name="n" * 300)
    assert _saved(store, long, ANSWERS["facts"], name="n" * 300) == long


def test_one_and_true_are_not_the_same_answer(store, system):
    one = _saved(store, system, {"b": 1})
    true = _saved(store, one, {"b": True})
    assert true.version == one.version + 1
    assert store.get(system.id).answers["facts"]["b"] is True


def test_new_answers_make_a_reviewed_system_a_draft_and_the_history_says_so(store, system):
    reviewed = store.set_state(system.id, "reviewed", expected=1, actor="Chie", note="fine")
    approved = store.set_state(system.id, "approved", expected=2, actor="Dan")
    assert (reviewed.reviewer, approved.reviewer, approved.state) == ("Chie", "Dan", "approved")
    changed = _saved(store, approved, {})
    assert (changed.state, changed.reviewer) == ("draft", None)
    assert store.history(system.id)[0].detail["state"] == ["approved", "draft"]


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("approved", False),
        ("draft", False),
        ("x", False),
        ("reviewed approved", True),
        ("reviewed draft", True),
        ("reviewed approved draft", True),
        ("reviewed reviewed", False),
    ],
)
def test_a_system_is_reviewed_before_it_is_approved(store, system, path, fits):
    *before, last = path.split()
    for state in before:
        system = store.set_state(system.id, state, expected=system.version, actor="Chie")
    if fits:
        assert store.set_state(system.id, last, expected=system.version, actor="Chie").state == last
    else:
        with pytest.raises(AssistantError, match="reviewed, then approved"):
            store.set_state(system.id, last, expected=system.version, actor="Chie")
        assert store.get(system.id) == system


def test_whoever_saves_on_an_old_version_is_told_what_happened_since_and_overwrites_nothing(store, system, engine):
    changed = _saved(store, system, {"b": "rules"})
    CommentStore(engine).add(system.id, "hm")
    for late in (
        lambda: _saved(store, system, {}),
        lambda: store.change(system.id, expected=1, actor="Eve", owner="Eve"),
        lambda: store.set_state(system.id, "reviewed", expected=1, actor="Eve"),
    ):
        with pytest.raises(ConflictError) as told:
            late()
        assert told.value.current == changed
        assert [(one.kind, one.version) for one in told.value.since] == [("answered", 2)]
    assert store.get(system.id) == changed


def test_name_and_owner_are_changed_and_only_what_changed_is_told(store, system):
    changed = store.change(system.id, expected=1, actor="Ben", owner="Kato", name="Triage")
    assert (changed.owner, changed.version) == ("Kato", 2)
    assert store.history(system.id)[0].detail == {"owner": ["Mori", "Kato"]}
    assert store.change(system.id, expected=2, actor="Ben", owner="Kato") == changed


def test_a_note_too_long_is_refused_and_not_cut(store, system):
    with pytest.raises(AssistantError, match=f"{LONGEST_TEXT + 1} characters; the limit is {LONGEST_TEXT}"):
        store.set_state(system.id, "reviewed", expected=1, actor="Chie", note="x" * (LONGEST_TEXT + 1))
    store.set_state(system.id, "reviewed", expected=1, actor="Chie", note="x" * LONGEST_TEXT)


def test_a_deleted_system_is_out_of_sight_until_it_is_restored(store, system):
    store.delete(system.id, actor="Ben")
    assert store.all() == []
    assert [one.id for one in store.all(deleted=True)] == [system.id]
    assert store.get(system.id, deleted=True).deleted_at is not None
    for refused in (lambda: store.get(system.id), lambda: _saved(store, system, {}), lambda: store.delete(system.id, actor="x")):
        with pytest.raises(NotFoundError, match="no system"):
            refused()
    store.restore(system.id, actor="Ben")
    assert store.get(system.id).answers == ANSWERS
    with pytest.raises(NotFoundError):
        store.restore(system.id, actor="Ben")
    assert [one.kind for one in store.history(system.id)] == ["restored", "deleted", "created"]


def test_purging_removes_all_that_hangs_on_a_system_but_its_conversations(store, system, engine, clock):
    copy = store.create(ANSWERS, name="Copy", copied_from=system.id)
    talk = ConversationStore(engine).start("en", system=system.id)
    DutyStore(engine).change(system.id, "d", expected=0, person="Chie")
    DutyStore(engine).add_evidence(system.id, "d", "proof.txt", b"proof")
    CommentStore(engine).add(system.id, "hm")
    store.keep(system.id, {"scope": "yes"}, reason="complete")
    store.delete(system.id, actor="Ben")
    gone = store.get(system.id, deleted=True)
    assert store.purge(gone.deleted_at) == 0
    assert store.purge(clock()) == 1
    assert store.history(system.id) == store.snapshots(system.id) == CommentStore(engine).all(system.id) == []
    with engine.connect() as connection:
        left = [connection.execute(select(metadata.tables[name])).first() for name in ("duties", "evidence", "evidence_contents")]
    assert left == [None, None, None]
    assert ConversationStore(engine).get(talk.id).system is None
    assert store.get(copy.id) == replace(copy, copied_from=None)


def test_assessments_are_kept_newest_first(store, system):
    store.keep(system.id, {"day": 1}, reason="complete", actor="Ben")
    store.keep(system.id, {"day": 2}, reason="law changed", actor="Ben")
    assert [(one.assessment, one.reason) for one in store.snapshots(system.id)] == [
        ({"day": 2}, "law changed"),
        ({"day": 1}, "complete"),
    ]
    assert store.get(system.id).version == 1


def test_characters_that_a_database_cannot_keep_do_not_lose_the_rest(store):
    odd = store.create({"facts": {"a": "x\x00\ud800y"}}, name="Na\x00me\ud800", owner="山田")
    kept = store.get(odd.id)
    assert (kept.name, kept.owner, kept.answers["facts"]["a"]) == ("Name?", "山田", "x\x00?y")


@pytest.mark.parametrize("identity", ["", "none", "\x00", "\ud800", "x" * 10_000, "' OR 1=1"])
def test_whatever_is_asked_for_that_is_not_there_is_told_as_such(store, system, identity):
    for reach in (store.get, store.delete, store.restore):
        with pytest.raises(NotFoundError, match="There is no system.*Open the list again"):
            reach(identity)
    assert store.history(identity) == store.snapshots(identity) == []


def test_an_event_that_cannot_be_written_takes_its_change_back(store, system, engine):
    def refuse(connection, cursor, statement, *rest):
        if statement.startswith("INSERT INTO events"):
            raise RuntimeError

    event.listen(engine, "before_cursor_execute", refuse)
    with pytest.raises(RuntimeError):
        _saved(store, system, {})
    event.remove(engine, "before_cursor_execute", refuse)
    assert store.get(system.id) == system
    assert len(store.history(system.id)) == 1


def test_of_those_who_save_the_same_version_at_once_exactly_one_wins(store, system):
    def save(n):
        try:
            return _saved(store, system, {"b": n}).answers["facts"]["b"]
        except ConflictError:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [n for n in pool.map(save, range(8)) if n is not None]
    assert len(won) == 1
    assert store.get(system.id).answers["facts"]["b"] == won[0]


def test_a_full_disk_is_told_and_nothing_is_half_saved(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    store = SystemStore(engine)
    system = store.create(ANSWERS, name="Triage")

    @event.listens_for(engine, "checkout")
    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    with pytest.raises(AssistantError, match="disk is full.*Free some space"):
        _saved(store, system, {"b": "x" * 100_000})
    assert store.get(system.id) == system
    assert _saved(store, system, {"b": "small"}).version == 2, "what fits is saved"


def test_a_database_that_is_busy_too_long_is_told(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    store = SystemStore(engine)
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout=10"))
    with engine.connect().execution_options(writes=True) as other, other.begin(), pytest.raises(AssistantError, match="busy"):
        store.create({}, name="x")
    store.create({}, name="x")


def test_a_database_that_may_only_be_read_is_told(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'db.sqlite'}")
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(AssistantError, match="cannot be written.*readonly"):
        SystemStore(engine).create({}, name="x")


@pytest.mark.long
def test_killing_the_process_while_it_saves_loses_nothing_acknowledged(tmp_path):
    url = f"sqlite:///{tmp_path / 'db.sqlite'}"
    store = SystemStore(open_database(url))
    system = store.create({"facts": {"n": 0}}, name="x")
    code = """
import sys
from assistant.store.columns import metadata
from assistant.store.database import open_database
from assistant.store.systems import SystemStore
store = SystemStore(open_database(sys.argv[1]))
system = store.get(sys.argv[2])
while True:
    facts = {"n": system.version, "filling": "x" * 20000}
    system = store.save_answers(system.id, {"facts": facts}, name="x", expected=system.version)
    print(system.version, flush=True)
"""
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", code, url, system.id], stdout=subprocess.PIPE, text=True)
        acknowledged = [int(process.stdout.readline()) for _ in range(15)][-1]
        os.kill(process.pid, signal.SIGKILL)
        rest = process.communicate()[0].split("\n")[:-1]
        acknowledged = int(rest[-1]) if rest else acknowledged
        now = store.get(system.id)
        assert now.version >= acknowledged
        assert now.answers["facts"]["n"] == now.version - 1
        assert [one.version for one in store.history(system.id, 10_000)] == list(range(now.version, 0, -1))


class _Register(RuleBasedStateMachine):
    """The store against a plain model: id → (name, facts, state, version, deleted)."""

    facts = st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.text(max_size=3)))

    @initialize()
    def open(self):
        with self.engine.begin() as connection:
            connection.execute(text("DELETE FROM systems"))
        self.store, self.model = SystemStore(self.engine), {}

    def _pick(self, data):
        return data.draw(st.sampled_from(sorted(self.model))) if self.model else None

    @rule(name=st.text(max_size=5), facts=facts)
    def create(self, name, facts):
        one = self.store.create({"facts": facts}, name=name)
        self.model[one.id] = {"facts": facts, "state": "draft", "version": 1, "deleted": False}

    @rule(data=st.data(), facts=facts, late=st.booleans())
    def save(self, data, facts, late):
        if (identity := self._pick(data)) is None:
            return
        known = self.model[identity]
        try:
            self.store.save_answers(identity, {"facts": facts}, name=self._name(identity), expected=known["version"] - late)
        except NotFoundError:
            assert known["deleted"]
        except ConflictError:
            assert late
        else:
            assert not known["deleted"]
            assert not late
            if json.dumps(facts, sort_keys=True) != json.dumps(known["facts"], sort_keys=True):
                known |= {"facts": facts, "state": "draft", "version": known["version"] + 1}

    def _name(self, identity):
        return self.store.get(identity, deleted=self.model[identity]["deleted"]).name

    @rule(data=st.data(), state=st.sampled_from(["draft", "reviewed", "approved"]))
    def move(self, data, state):
        if (identity := self._pick(data)) is None:
            return
        known = self.model[identity]
        try:
            self.store.set_state(identity, state, expected=known["version"], actor="a")
        except NotFoundError:
            assert known["deleted"]
        except AssistantError:
            assert known["state"] == state or (known["state"], state) == ("draft", "approved")
        else:
            known |= {"state": state, "version": known["version"] + 1}

    @rule(data=st.data())
    def delete_or_restore(self, data):
        if (identity := self._pick(data)) is None:
            return
        known = self.model[identity]
        (self.store.restore if known["deleted"] else self.store.delete)(identity)
        known |= {"deleted": not known["deleted"], "version": known["version"] + 1}

    @invariant()
    def agrees(self):
        if not hasattr(self, "store"):
            return
        for deleted in (False, True):
            found = {one.id: one for one in self.store.all(deleted=deleted)}
            assert set(found) == {identity for identity, one in self.model.items() if one["deleted"] is deleted}
            for identity, one in found.items():
                known = self.model[identity]
                assert json.dumps(one.answers["facts"], sort_keys=True) == json.dumps(known["facts"], sort_keys=True)
                assert (one.state, one.version) == (known["state"], known["version"])
                counted = [event.version for event in self.store.history(identity, 1000)]
                assert counted == list(range(one.version, 0, -1))


@pytest.mark.long
def test_the_store_behaves_like_a_plain_dictionary(engine):
    machine = type("Register", (_Register,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)),
    )
