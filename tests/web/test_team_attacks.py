"""Ways around roles, links and keys that somebody might try: what a second reader of the gate tried first."""

import json
import re
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


@pytest.fixture
def register(site):
    """The register as the admin's file: one system, approved, that another person is named for."""
    with site.acting("admin"):
        given = {"questionnaire": site.desk.knowledge.questionnaire, "facts": {}}
        system = site.desk.systems.create(given, name="Lamp").id
        site.desk.systems.set_state(system, "reviewed", expected=1, actor="Reviewer")
        site.desk.systems.set_state(system, "approved", expected=2, actor="Reviewer")
        site.desk.comments.add(system, "Look again", actor="Reviewer")
        site.team.members.name(system, "assessor", {site.people["second"].id})
    return json.loads(site.browser("admin").get("/en/systems/register.json").content)


def _take_in(browser, register):
    """Take a register in, and return the page that told beforehand what would happen."""
    shown = browser.post("/en/systems/import", files={"file": ("r.json", json.dumps(register))}).headers["location"]
    page = browser.get(shown).text
    if confirmed := re.search(r'name="plan" value="(\w+)"', page):
        browser.post(shown, data={"plan": confirmed[1]})
    return page


def test_a_file_does_not_change_a_system_for_which_others_are_named(site, register):
    register["systems"][0]["name"] = "Renamed by a file"
    page = _take_in(site.browser("assessor"), register)
    with site.acting("admin"):
        assert [one.name for one in site.desk.systems.all()] == ["Lamp"]
    assert EN("exchange_not_named") in page
    _take_in(site.browser("second"), register)
    with site.acting("admin"):
        assert [one.name for one in site.desk.systems.all()] == ["Renamed by a file"]


@pytest.mark.parametrize(("name", "state"), [("second", "draft"), ("admin", "approved")])
def test_a_file_approves_nothing_that_whoever_takes_it_in_may_not(site, register, name, state):
    copy = register["systems"][0] | {"id": "0" * 12, "name": "Copy"}
    page = _take_in(site.browser(name), {**register, "systems": [copy | {"mark": _mark(copy)}]})
    with site.acting("admin"):
        found, told = site.desk.systems.get("0" * 12), site.desk.systems.history("0" * 12)[-1]
    assert told.detail.get("state", ["draft", "draft"]) == ["draft", state], "who brought a review in is told"
    assert (found.state, found.reviewer) == (state, "Reviewer" if state == "approved" else None)
    assert (EN("exchange_state_no_review", state=EN("state_approved"), name="Reviewer") in page) == (state == "draft")


def _mark(system):
    """Return the mark that a forger would write: how it is made is no secret."""
    from assistant.web.systems.register_file import Entry

    return Entry.model_validate(system).fingerprint()


def test_a_comment_in_a_file_is_signed_by_whoever_takes_it_in(site, register):
    comments = register["systems"][0]["comments"]
    for text, actor in (("I agree", "The president"), ("So do I", "Second"), ("Me too", "x" * 200)):
        comments.append(comments[0] | {"text": text, "actor": actor})
    _take_in(site.browser("second"), register)
    with site.acting("admin"):
        actors = {one.text: one.actor for one in site.desk.comments.all(register["systems"][0]["id"])}
    assert actors["I agree"] != "The president"
    assert actors.pop("Look again") == "Reviewer", "what stood here already is as it was"
    assert actors.pop("Me too").startswith("Second (")
    assert actors == {"I agree": EN("exchange_signed", by="Second", name="The president"), "So do I": "Second"}
