"""Accounts when two things happen at once, and what a grant is worth once whoever gave it may give no more."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from unittest.mock import patch

import pytest

from assistant.store import audit, conversations, sessions, tokens
from assistant.store.acting import FIRST
from assistant.store.links import LinkStore
from assistant.store.people import PeopleStore
from assistant.store.rows import NotFoundError
from assistant.store.transactions import StoreError

TABLES = (conversations, sessions, tokens)  # an account has to do with those as well
PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105


@pytest.fixture
def admins(accounts):
    organisation = accounts.found("Lamp works")
    return [accounts.add(organisation, f"{name}@lamp.example", name, "admin", None) for name in "ab"]


def test_two_admins_who_demote_each_other_at_once_leave_one(engine, admins):
    """Each reaches the end of the change before the other is kept, where nothing makes one of them wait."""
    both, note = Barrier(2), audit.note

    def slow(*given):
        with suppress(BrokenBarrierError):
            both.wait(1)
        note(*given)

    def demote(pair):
        me, other = pair
        try:
            PeopleStore(engine, who=lambda: me.acting).set_role(other.id, "reader")
        except StoreError as error:
            return error.reason
        return "done"

    with patch("assistant.store.people.audit.note", slow), ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(demote, (admins, admins[::-1])))
    assert told == ["done", "last_admin"]
    assert [one.role for one in PeopleStore(engine, who=lambda: admins[0].acting).all()].count("admin") == 1


def test_a_link_is_used_once_even_by_many_at_once(engine, accounts, admins):
    """Who is told that the link is used up has changed nothing with it, so the password is that of the one who was not."""
    links = LinkStore(engine)
    links_of = [links.make(admins[0].acting, kind, f"{kind[0]}@lamp.example", "reader") for kind in ("invitation", "reset")]
    person = accounts.add(FIRST, "r@lamp.example", "R", "reader", None)
    given = [f"{PASSWORD} {word}" for word in ("anchor", "bishop", "cactus", "dragon")]

    def join(password):
        return accounts.add(FIRST, "i@lamp.example", "I", "reader", password, links_of[0])

    def reset(password):
        return accounts.set_password(person, password, links_of[1])

    for use, email in ((join, "i@lamp.example"), (reset, "r@lamp.example")):
        with ThreadPoolExecutor(4) as pool:
            done = [one for one in pool.map(lambda password, use=use: _done(use, password), given) if one]
        assert len(done) == 1
        assert accounts.sign_in(email, done[0], "::1").email == email


def _done(use, password):
    try:
        use(password)
    except (NotFoundError, StoreError):
        return None
    return password


@pytest.mark.parametrize("end", ["closed", "reader"])
def test_links_end_with_the_rights_of_whoever_made_them(engine, clock, accounts, admins, end):
    first, second = admins
    reader = accounts.add(FIRST, "r@lamp.example", "R", "reader", PASSWORD)
    links, people = LinkStore(engine, clock), PeopleStore(engine, clock, lambda: first.acting)
    theirs = [links.make(second.acting, "invitation", "friend@evil.example", "admin")]
    theirs += [links.make(second.acting, "reset", one.email, one.role) for one in (first, reader)]
    mine = links.make(first.acting, "invitation", "new@lamp.example", "reader")
    if end == "closed":
        people.disable(second.id)
    else:
        people.set_role(second.id, end)
    for secret in theirs:
        with pytest.raises(NotFoundError):
            links.look(secret)
    assert links.look(mine).email == "new@lamp.example"


@pytest.mark.parametrize("end", ["closed", "changed"])
def test_a_link_for_a_new_password_ends_with_the_account_and_with_a_new_password(engine, clock, accounts, admins, end):
    reader = accounts.add(FIRST, "r@lamp.example", "R", "reader", PASSWORD)
    links, people = LinkStore(engine, clock), PeopleStore(engine, clock, lambda: admins[0].acting)
    secret = links.make(admins[0].acting, "reset", reader.email, reader.role)
    if end == "closed":
        people.disable(reader.id)
        people.enable(reader.id)
    else:
        accounts.set_password(reader, "quiet harbour copper wagon")
    with pytest.raises(NotFoundError):
        links.look(secret)


def test_guessing_from_all_addresses_of_one_connection_is_slowed_down_too(accounts):
    """An IPv6 connection comes with 2^64 addresses."""
    reasons = []
    for number in range(35):
        with pytest.raises(StoreError) as refused:
            accounts.sign_in(f"p{number}@lamp.example", "guess", f"2001:db8:1:2:{number:x}::1")
        reasons.append(refused.value.reason)
    assert reasons.count("throttled") >= 5
    with pytest.raises(StoreError) as refused:
        accounts.sign_in("p@lamp.example", "guess", "2001:db8:1:3::1")
    assert refused.value.reason == "sign_in", "others are not shut out"
