"""A register's file is welcome in another organisation on the same server; what it may not do: see test_team_attacks."""

from datetime import timedelta

import pytest
from web.conftest import TeamSite
from web.test_register_exchange import take_in

from assistant.store.rows import utc_now


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


def _systems(site, name):
    with site.acting(name):
        return site.desk.systems.all()


def test_a_file_of_another_organisation_becomes_a_system_of_ones_own(site, lamp):
    with site.acting("admin"):
        site.desk.systems.create(site.desk.systems.get(lamp).answers, name="Copy", copied_from=lamp)
    ours = {one.name: one for one in _systems(site, "admin")}
    take_in(site.browser("rival"), site.browser("admin").get("/en/systems/register.json").content)
    theirs = {one.name: one for one in _systems(site, "rival")}
    assert {one.name: one for one in _systems(site, "admin")} == ours
    assert theirs["Lamp"].state == "approved"
    assert theirs["Copy"].copied_from == theirs["Lamp"].id
    assert not {one.id for one in theirs.values()} & {one.id for one in ours.values()}
