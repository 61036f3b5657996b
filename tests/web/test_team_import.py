"""A register's file gives nobody more than their role does, and is welcome in another organisation on the same server."""

import json
from datetime import timedelta

import pytest
from web.conftest import TeamSite
from web.test_register_exchange import plan, take_in

from assistant.store.rows import utc_now
from assistant.types import Language
from assistant.web.i18n import texts

EN = texts(Language.EN)


@pytest.fixture(scope="module")
def site(small, tmp_path_factory):
    return TeamSite(small, tmp_path_factory.mktemp("team"))


@pytest.fixture
def lamp(site):
    """An approved system of the first organisation."""
    desk = site.desk
    with site.acting("admin"):
        system = desk.systems.create({"questionnaire": desk.knowledge.questionnaire, "facts": {}}, name="Lamp")
        desk.systems.set_state(system.id, "reviewed", expected=1, actor="Reviewer")
        desk.systems.set_state(system.id, "approved", expected=2, actor="Reviewer")
    yield system.id
    _cleared(site)


def _cleared(site):
    for name in ("admin", "rival"):
        with site.acting(name):
            for one in site.desk.systems.all():
                site.desk.systems.delete(one.id)
            site.desk.systems.purge(utc_now() + timedelta(seconds=1))


def _file(site, **changed):
    """Return the register as a file, with values of its first system changed by hand."""
    told = json.loads(site.browser("admin").get("/en/systems/register.json").content)
    told["systems"][0] |= changed
    return json.dumps(told).encode()


def _systems(site, name):
    with site.acting(name):
        return site.desk.systems.all()


def test_a_file_changes_a_system_only_for_those_named_for_it(site, lamp):
    content = _file(site, name="Lantern")
    with site.acting("admin"):
        site.team.members.name(lamp, "assessor", {site.people["assessor"].id})
    other = site.browser("second")
    _, page = plan(other, content)
    assert EN("exchange_not_named") in page
    assert 'name="plan"' not in page, "there is nothing to confirm"
    assert [one.name for one in _systems(site, "admin")] == ["Lamp"]
    assert EN("exchange_not_named") not in take_in(site.browser("assessor"), content)
    assert [one.name for one in _systems(site, "admin")] == ["Lantern"]


@pytest.mark.parametrize(("name", "state"), [("assessor", "draft"), ("admin", "approved")])
def test_an_approval_comes_in_only_with_somebody_who_may_review(site, lamp, name, state):
    content = _file(site)
    _cleared(site)
    page = take_in(site.browser(name), content)
    told = EN("exchange_state_no_review", state=EN("state_approved"), name="Reviewer")
    assert (told in page) == (state == "draft")
    (system,) = _systems(site, name)
    assert (system.id, system.state, system.reviewer) == (lamp, state, "Reviewer" if state == "approved" else None)


def test_a_file_of_another_organisation_becomes_a_system_of_ones_own(site, lamp):
    with site.acting("admin"):
        site.desk.systems.create(site.desk.systems.get(lamp).answers, name="Copy", copied_from=lamp)
    ours = {one.name: one for one in _systems(site, "admin")}
    take_in(site.browser("rival"), _file(site))
    theirs = {one.name: one for one in _systems(site, "rival")}
    assert {one.name: one for one in _systems(site, "admin")} == ours
    assert theirs["Lamp"].state == "approved"
    assert theirs["Copy"].copied_from == theirs["Lamp"].id
    assert not {one.id for one in theirs.values()} & {one.id for one in ours.values()}
