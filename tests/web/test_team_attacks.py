"""Ways around roles, links and keys that somebody might try: what a second reader of the gate tried first."""

from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient
from web.conftest import PASSWORD, TeamSite

from assistant.store import passwords
from assistant.types import Language
from assistant.web.i18n import texts

EN = texts(Language.EN)
FRESH = "quiet harbour copper wagon"


@pytest.fixture
def site(small, tmp_path):
    """An application with accounts of its own."""
    return TeamSite(small, tmp_path)


def _meanwhile(happens):
    """Let something happen while a new password is being hashed, once: between the look at a link and its use."""
    hashed, left = passwords.hashed, [happens]

    def slow(*given):
        if left:
            left.pop()()
        return hashed(*given)

    return patch("assistant.store.passwords.hashed", slow)


def test_who_is_told_that_a_link_is_used_up_has_not_set_the_password(site):
    link = f"/en/reset/{site.team.links.make(site.people['admin'].acting, 'reset', 'reader@lamp.example', 'reader')}"
    owner, thief = site.browser(), site.browser()

    def first():
        assert owner.post(link, data={"password": FRESH, "again": FRESH}).status_code == 303

    with _meanwhile(first):
        late = thief.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert owner.get("/en/account").status_code == 200
    assert site.team.accounts.sign_in("reader@lamp.example", FRESH, "::1")
    assert (late.status_code, EN("link_gone") in late.text) == (404, True)


def test_an_invitation_that_is_withdrawn_while_it_is_taken_up_makes_no_account(site):
    admin = site.people["admin"].acting
    link = f"/en/join/{site.team.links.make(admin, 'invitation', 'new@lamp.example', 'admin')}"
    with _meanwhile(lambda: site.team.links.withdraw(admin, "new@lamp.example")):
        late = site.browser().post(link, data={"name": "N", "password": PASSWORD, "again": PASSWORD})
    assert site.team.accounts.by_email("new@lamp.example") is None
    assert (late.status_code, EN("link_gone") in late.text) == (404, True)


def test_requests_from_all_addresses_of_one_connection_are_counted_together(small, tmp_path):
    site = TeamSite(small, tmp_path, rate_per_minute=5)
    statuses = [
        TestClient(site.app, client=(f"2001:db8:1:2::{number}", 1), follow_redirects=False).get("/en/sign-in").status_code
        for number in range(1, 8)
    ]
    assert statuses == [200] * 5 + [429] * 2
    other = TestClient(site.app, client=("2001:db8:1:3::1", 1))
    assert other.get("/en/sign-in").status_code == 200
