"""Accounts on each database: who is who, links and tokens that end, attempts counted across processes, an unbroken log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from assistant.store import passwords
from assistant.store.acting import FIRST, Acting, NobodyError, acting, always, only_one, present
from assistant.store.audit_log import AuditStore
from assistant.store.comments import CommentStore
from assistant.store.conversations import ConversationStore
from assistant.store.documents import DocumentStore
from assistant.store.duties import DutyStore
from assistant.store.exchange import ExchangeStore, Incoming
from assistant.store.feedback import FeedbackStore
from assistant.store.links import LinkStore
from assistant.store.members import MemberStore
from assistant.store.people import PeopleStore
from assistant.store.retention import tidy
from assistant.store.rows import ConflictError, NotFoundError
from assistant.store.sessions import SessionStore
from assistant.store.systems import SystemStore
from assistant.store.throttle import Throttle
from assistant.store.tokens import TokenStore
from assistant.store.transactions import StoreError, acting_in, reading

PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105


@pytest.fixture
def admin(accounts):
    return accounts.add(accounts.found("Lamp works"), "A@Lamp.example ", " 森  太郎", "admin", PASSWORD)


def test_the_first_organisation_takes_over_what_was_kept_without_accounts(engine, clock, accounts):
    system = SystemStore(engine, clock).create({}, name="Old").id
    talk = ConversationStore(engine, clock).start("en", question="Before?").id
    admin = accounts.add(accounts.found("Lamp works"), "a@lamp.example", "A", "admin", None)
    assert admin.organisation == FIRST
    mine = always(admin.organisation)
    assert SystemStore(engine, clock, mine).get(system).name == "Old"
    assert ConversationStore(engine, clock, lambda: admin.acting).get(talk).title == "Before?"
    second = accounts.found("Rival")
    assert second != FIRST
    assert SystemStore(engine, clock, always(second)).all() == []
    assert [(one.name, one.people) for one in accounts.organisations()] == [("Lamp works", 1), ("Rival", 0)]


@pytest.mark.parametrize(("name", "reason"), [("", "empty"), ("  ", "empty"), ("Lamp works", "taken")])
def test_an_organisation_has_a_name_of_its_own(accounts, admin, name, reason):
    with pytest.raises(StoreError) as refused:
        accounts.found(name)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("email", "role", "password", "reason"),
    [
        ("a@lamp.example", "reader", None, "taken"),
        ("A@LAMP.example", "reader", None, "taken"),
        ("no address", "reader", None, "email"),
        ("b@" + "x" * 260, "reader", None, "email"),
        ("b@lamp.example", "owner", None, "choice"),
        ("b@lamp.example", "reader", "short", "password_length"),
        ("b@lamp.example", "reader", "x" * 129, "password_length"),
        ("b@lamp.example", "reader", "passwordpassword", "password_weak"),
        ("tanaka.lamp@lamp.example", "reader", "tanaka.lamp@lamp", "password_weak"),
    ],
)
def test_an_account_that_does_not_do_is_refused(accounts, admin, email, role, password, reason):
    with pytest.raises(StoreError) as refused:
        accounts.add(FIRST, email, "B", role, password)
    assert refused.value.reason == reason


@pytest.mark.long
def test_passwords_are_kept_as_slow_hashes(engine, accounts, admin):
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT password FROM people")).scalar()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(PASSWORD, kept)
    assert not passwords.fits(PASSWORD + " ", kept)
    assert not passwords.fits("the password of nobody", None)
    assert not passwords.fits(PASSWORD, "nonsense")
    assert (admin.name, admin.email) == ("森 太郎", "a@lamp.example")


def test_signing_in_tells_no_more_than_whether_both_fit(accounts, admin):
    assert accounts.sign_in(" A@LAMP.EXAMPLE", PASSWORD, "::1") == admin
    for email, password in (("a@lamp.example", "wrong"), ("x@lamp.example", PASSWORD)):
        with pytest.raises(StoreError) as refused:
            accounts.sign_in(email, password, "::1")
        assert refused.value.reason == "sign_in"


@pytest.mark.long
def test_attempts_at_once_gain_nothing(engine):
    """Each is counted before it is looked at: of fifty at the same moment no more go through than one after the other."""
    throttle = Throttle(engine)

    def attempt(_):
        try:
            throttle.begin("a@lamp.example", "::1")
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(50))) <= 5


def test_waiting_doubles_and_ends(engine, clock):
    throttle = Throttle(engine, clock)
    for _ in range(5):
        throttle.begin("a", "::1")
    waits = []
    for _ in range(4):
        with pytest.raises(StoreError) as refused:
            throttle.begin("a", "::1")
        waits.append(refused.value.values["seconds"])
        clock.at += timedelta(seconds=waits[-1])
        throttle.begin("a", "::1")
    assert [round(wait, -1) for wait in waits] == [30, 60, 120, 240]
    throttle.succeeded("a", "::1")
    for _ in range(4):
        throttle.begin("a", "::1")


def test_a_new_link_ends_the_one_before_and_links_of_others_stay(engine, clock, accounts, admin):
    links = LinkStore(engine, clock)
    first = links.make(admin.acting, "invitation", "b@lamp.example", "reader")
    second = links.make(admin.acting, "invitation", "b@lamp.example", "assessor")
    rival = links.make(Acting(accounts.found("Rival")), "invitation", "b@lamp.example", "reader")
    with pytest.raises(NotFoundError):
        links.look(first)
    assert links.look(second).role == "assessor"
    assert [one.email for one in links.open(admin.acting)] == ["b@lamp.example"]
    links.withdraw(admin.acting, "B@lamp.example")
    assert links.open(admin.acting) == []
    assert links.look(rival).role == "reader"


def test_sessions_and_tokens_end(engine, clock, accounts, admin):
    sessions, tokens = SessionStore(engine, 12, 60, clock), TokenStore(engine, clock, lambda: admin.acting)
    opened, secret = sessions.open(admin), tokens.make("t", "read", 30)
    assert sessions.person(opened) == admin
    assert tokens.opens(secret) == (admin, "read")
    assert tokens.all()[0].used_at is not None
    clock.at += timedelta(hours=2)
    assert sessions.person(opened) is None
    clock.at += timedelta(days=30)
    assert tokens.opens(secret) is None
    fresh, again = sessions.open(admin), tokens.make("t", "write", 30)
    accounts.set_password(admin, "quiet harbour copper wagon")
    assert sessions.person(fresh) is None
    assert tokens.opens(again) is None


@pytest.mark.parametrize(
    ("name", "scope", "days", "reason"),
    [("", "read", 1, "empty"), ("t", "all", 1, "choice"), ("t", "read", 0, "choice"), ("t", "read", 366, "choice")],
)
def test_a_token_that_does_not_do_is_refused(engine, admin, name, scope, days, reason):
    with pytest.raises(StoreError) as refused:
        TokenStore(engine, who=lambda: admin.acting).make(name, scope, days)
    assert refused.value.reason == reason


def test_one_person_has_not_more_than_twenty_tokens(engine, admin):
    tokens = TokenStore(engine, who=lambda: admin.acting)
    for number in range(20):
        tokens.make(f"t{number}", "read", 1)
    with pytest.raises(StoreError, match="20 tokens"):
        tokens.make("t", "read", 1)


def test_people_of_another_organisation_are_not_there(engine, clock, accounts, admin):
    rival = accounts.add(accounts.found("Rival"), "r@rival.example", "R", "admin", None)
    people = PeopleStore(engine, clock, lambda: admin.acting)
    assert [one.id for one in people.all()] == [admin.id]
    for change in (
        people.get,
        people.disable,
        people.enable,
        lambda one: people.set_role(one, "reader"),
        lambda one: people.rename(one, "x"),
    ):
        with pytest.raises(NotFoundError):
            change(rival.id)
    system = SystemStore(engine, clock, lambda: admin.acting).create({}, name="x").id
    members = MemberStore(engine, clock, lambda: admin.acting)
    with pytest.raises(NotFoundError):
        members.name(system, "assessor", {admin.id, rival.id})
    assert members.of(system) == {"assessor": set(), "reviewer": set()}
    members.name(system, "assessor", {admin.id})
    theirs = MemberStore(engine, clock, lambda: rival.acting)
    assert theirs.of(system)["assessor"] == set()
    with pytest.raises(NotFoundError):
        theirs.name(system, "assessor", set())


def test_no_store_finds_or_changes_what_is_another_organisations(engine, clock, accounts, admin):
    rival = accounts.add(accounts.found("Rival"), "r@rival.example", "R", "admin", None)
    mine, theirs = ((engine, clock, lambda one=one: one.acting) for one in (admin, rival))
    system = SystemStore(*mine).create({"facts": {}}, name="Lamp").id
    SystemStore(*mine).keep(system, {}, reason="kept")
    DutyStore(*mine).change(system, "EU-01", expected=0)
    file = DutyStore(*mine).add_evidence(system, "EU-01", "a.pdf", b"x").id
    comment = CommentStore(*mine).add(system, "hm").id
    talk = ConversationStore(*mine).start("en", question="Q?").id
    ConversationStore(*mine).answered(talk, 1, {"trace": {}}, "A")
    FeedbackStore(*mine).give(talk, 1, "up")
    systems, duties, comments = SystemStore(*theirs), DutyStore(*theirs), CommentStore(*theirs)
    talks, feedback = ConversationStore(*theirs), FeedbackStore(*theirs)
    for empty in (
        systems.all(), systems.history(system), systems.snapshots(system), duties.all(system), duties.everything(),
        duties.evidence(system), comments.all(system), talks.all(), talks.all("Q"), talks.turns(talk), feedback.all(),
        feedback.of(talk), DocumentStore(*theirs).all(),
    ):  # fmt: skip
        assert not empty
    for refused in (
        lambda: systems.get(system), lambda: systems.delete(system), lambda: systems.restore(system),
        lambda: systems.save_answers(system, {}, name="x", expected=1), lambda: systems.change(system, expected=1, name="x"),
        lambda: systems.set_state(system, "reviewed", expected=1, actor="x"), lambda: systems.keep(system, {}, reason="x"),
        lambda: duties.change(system, "EU-01", expected=1, state="done"), lambda: duties.add_evidence(system, "EU-01", "b", b"y"),
        lambda: duties.evidence_content(system, file), lambda: duties.remove_evidence(system, file),
        lambda: comments.add(system, "x"), lambda: comments.remove(system, comment), lambda: talks.get(talk),
        lambda: talks.ask(talk, "x"), lambda: talks.answered(talk, 1, {}, ""), lambda: talks.rename(talk, "x"),
        lambda: talks.attach(talk, None), lambda: talks.delete(talk), lambda: talks.restore(talk),
        lambda: talks.start("en", system=system), lambda: feedback.give(talk, 1, "down"),
        lambda: ExchangeStore(*theirs).take_in([Incoming(system, "x", "", {}, expected=1)]),
    ):  # fmt: skip
        with pytest.raises(NotFoundError):
            refused()
    ExchangeStore(*theirs).take_in([Incoming(system, "of a file", "", {})])
    (made,) = [one for one in SystemStore(*theirs).all() if one.name == "of a file"]
    assert made.id != system, "a system of their own"
    feedback.withdraw(talk, 1)
    talks.unask(talk, 1)
    systems.purge(clock() + timedelta(days=1))
    talks.purge(clock() + timedelta(days=1))
    assert SystemStore(*mine).get(system).version == 1
    assert ConversationStore(*mine).turns(talk)[0].answer == {"trace": {}}
    assert FeedbackStore(*mine).of(talk)


def test_a_conversation_is_for_whoever_began_it_alone(engine, clock, accounts, admin):
    other = accounts.add(FIRST, "b@lamp.example", "B", "admin", None)
    talk = ConversationStore(engine, clock, lambda: admin.acting).start("en", question="Q?").id
    theirs = ConversationStore(engine, clock, lambda: other.acting)
    assert theirs.all() == []
    with pytest.raises(NotFoundError):
        theirs.get(talk)


def test_a_query_for_nobody_fails(engine):
    with pytest.raises(NobodyError):
        SystemStore(engine, who=present).all()
    with acting(Acting("local")):
        assert SystemStore(engine, who=present).all() == []
    with pytest.raises(NobodyError):
        SystemStore(engine, who=present).all()
    with reading(engine) as connection, pytest.raises(TypeError):
        acting_in(connection)
    assert only_one() == Acting("local")


@pytest.mark.long
def test_the_log_stays_whole_when_many_write_at_once(engine):
    systems, log = SystemStore(engine), AuditStore(engine)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: systems.create({}, name=f"n{n}"), range(30)))
    assert log.first_broken() is None
    entries = log.entries()
    assert [one.action for one in entries].count("system created") == 30
    assert [one.id for one in log.entries(5, entries[9].id)] == [one.id for one in entries[10:15]]


def test_what_a_person_changes_of_their_own_stands_in_the_log_as_well(engine, clock, accounts, admin):
    mine = (engine, clock, lambda: admin.acting)
    talks, feedback, sessions = ConversationStore(*mine), FeedbackStore(*mine), SessionStore(engine, 12, 60, clock)
    talk = talks.start("en", question="Q?").id
    talks.answered(talk, 1, {}, "A")
    before = len(AuditStore(*mine).entries())
    talks.rename(talk, "Named")
    talks.attach(talk, None)
    feedback.give(talk, 1, "up", comment="secret")
    feedback.withdraw(talk, 1)
    feedback.withdraw(talk, 1)
    secret = sessions.open(admin)
    sessions.close(secret)
    sessions.close(secret)
    entries = AuditStore(*mine).entries()[:-before]
    assert [(one.action, one.object, one.person) for one in reversed(entries)] == [
        ("conversation renamed", f"conversation:{talk}", admin.id),
        ("conversation attached", f"conversation:{talk}", admin.id),
        ("feedback given", f"conversation:{talk}/1", admin.id),
        ("feedback withdrawn", f"conversation:{talk}/1", admin.id),
        ("signed in", f"person:{admin.id}", admin.id),
        ("signed out", f"person:{admin.id}", admin.id),
    ]


def test_what_is_not_saved_is_not_in_the_log(engine):
    systems = SystemStore(engine)
    system = systems.create({}, name="x")
    with pytest.raises(ConflictError):
        systems.change(system.id, expected=9, name="y")
    assert len(AuditStore(engine).entries()) == 1


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET person = 'x'", "DELETE FROM audit", "UPDATE audit SET chain = 'x' WHERE id = 1"]
)
def test_the_database_refuses_to_change_the_log(engine, change):
    SystemStore(engine).create({}, name="x")
    with pytest.raises(Exception, match="stays as it was written"), engine.begin() as connection:
        connection.execute(text(change))
    assert AuditStore(engine).first_broken() is None


def test_what_the_settings_do_not_let_stay_is_removed_in_every_organisation(engine, clock, accounts, admin):
    rival = accounts.add(accounts.found("Rival"), "r@rival.example", "R", "admin", None)
    for person in (admin, rival):
        systems, talks = (
            SystemStore(engine, clock, lambda p=person: p.acting),
            ConversationStore(engine, clock, lambda p=person: p.acting),
        )
        systems.delete(systems.create({}, name="gone").id)
        systems.create({}, name="stays")
        talks.start("en", question="old")
    clock.at += timedelta(days=29)
    assert tidy(engine, 30, 0, clock) == 0
    assert tidy(engine, 30, 30, clock) == 0
    clock.at += timedelta(days=2)
    assert tidy(engine, 30, 0, clock) == 2
    assert tidy(engine, 30, 30, clock) == 2
    log = AuditStore(engine, clock, lambda: rival.acting)
    assert {"system purged", "conversation purged"} <= {one.action for one in log.entries()}
    assert log.first_broken() is None
