"""Nobody sees or changes what is another organisation's, and nobody does what their role does not allow: on every address."""

import re

import pytest
from fastapi.routing import APIRoute

from assistant.store.documents import StoredDocument, StoredPassage
from assistant.types import Language
from assistant.web.standing import Standings
from assistant.web.team.permissions import LEAD, NEEDS, OPERATE, READ, ROLES, needed

GET, POST = "GET", "POST"
OPEN = {"/", "/favicon.ico", "/health", "/health/live", "/health/ready", "/metrics"}
STRANGERS = {"/sign-in", "/join/{secret}", "/reset/{secret}", "/oidc", "/oidc/back"}
CANARY = "zanzibar-lighthouse"
SENT = {
    **dict.fromkeys("name title text person comment token email".split(), "x"),
    "version": "1", "state": "reviewed", "verdict-1": "up", "role": "reader",
}  # fmt: skip


def _routes(site):
    """Every route of the application as (method, template); one that only a program of Gradio's uses is left out."""
    found = []
    for route in site.app.routes:
        inner = (
            [(route.include_context.prefix, one) for one in route.original_router.routes]
            if hasattr(route, "original_router")
            else []
        )
        for prefix, one in inner or [("", route)]:
            if isinstance(one, APIRoute) and "gradio_api" not in one.path:
                found += [(method, prefix + one.path) for method in sorted(one.methods) if method != "HEAD"]
    return found


def test_every_route_is_looked_at(team_site):
    assert len(_routes(team_site)) > 150


@pytest.fixture(scope="module")
def theirs(team_site):
    """What the first organisation keeps, by the name of the part of an address that leads to it."""
    desk = team_site.desk
    with team_site.acting("assessor"):
        system = desk.systems.create({"questionnaire": desk.knowledge.questionnaire, "facts": {}}, name=CANARY).id
        deleted = desk.systems.create({"facts": {}}, name=f"{CANARY} deleted").id
        desk.systems.delete(deleted)
        kept = Standings(desk, Language.EN).assessed(desk.systems.get(system).answers)
        desk.systems.keep(system, kept.model_dump(mode="json"), reason="kept")
        duty = next(iter(desk.knowledge.obligations))
        desk.duties.change(system, duty, expected=0, notes=CANARY)
        file = desk.duties.add_evidence(system, duty, f"{CANARY}.pdf", b"%PDF-1.7 " + CANARY.encode()).id
        comment = desk.comments.add(system, CANARY).id
        talk = desk.conversations.start("en", system=system, question=CANARY).id
        desk.conversations.answered(talk, 1, _answer(team_site), CANARY)
        given = ("en", None, True, "a.md", "0" * 64, 3, None, 0, desk.today())
        team_site.assistant.shelf.store.add(StoredDocument("a1b2", CANARY, *given), [StoredPassage("a1b2", 0, None, CANARY)], [])
        token = team_site.team.tokens.make("t", "read", 3) and team_site.team.tokens.all()[0].id
    return {
        "system": system, "deleted": deleted, "duty": duty, "file": file, "comment": comment, "talk": talk, "document": "a1b2",
        "person": team_site.people["assessor"].id, "token": token,
    }  # fmt: skip


def _answer(site):
    told = site.assistant.ask("What is an AI system?").model_dump(mode="json")
    return {**told, "question": CANARY, "answer": CANARY, "system": None}


def _filled(template, theirs):
    """Return an address of theirs: each part of the template as what it stands for there."""
    bare = re.sub(r"^/(en|ja)", "", template)
    identity = {
        "/systems/deleted": theirs["deleted"], "/systems": theirs["system"], "/conversations": theirs["talk"],
        "/library/own": theirs["document"], "/documents": theirs["document"], "/team": theirs["person"],
        "/account/tokens": theirs["token"],
    }  # fmt: skip
    start = next((key for key in sorted(identity, key=len, reverse=True) if bare.startswith(key)), "")
    values = {
        "identity": identity.get(start, "x"), "duty": theirs["duty"], "file": theirs["file"], "one": theirs["comment"],
        "place": "1", "form": "json" if "report" not in bare else "md", "kind": "json", "fact": "x", "key": "0" * 12,
    }  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda part: values.get(part[1], "x"), template)


OWNED = re.compile(
    r"/(systems/(deleted/)?\{identity\}|conversations/\{identity\}|library/own/\{identity\}|documents/\{|team/\{|account/tokens/\{)"
)


def test_another_organisation_finds_nothing_of_theirs_on_any_address(team_site, theirs):
    rival = team_site.browser("rival")
    owned = 0
    for method, template in _routes(team_site):
        if "sign-out" in template:
            continue
        address = _filled(template, theirs)
        answer = rival.request(method, address, data=SENT if method == POST else None)
        assert CANARY not in answer.text, (method, template)
        assert CANARY.encode() not in answer.content, (method, template)
        if OWNED.search(template):
            owned += 1
            assert answer.status_code == 404, (method, template, answer.status_code, answer.text[-400:])
    assert owned > 70, "both languages of every address with an id"
    with team_site.acting("assessor"):
        assert team_site.desk.systems.get(theirs["system"]).version == 1, "and nothing was changed"
        assert team_site.desk.comments.all(theirs["system"])
        assert team_site.assistant.shelf.get("a1b2").title == CANARY


def test_a_colleague_does_not_find_conversations_or_tokens_of_others(team_site, theirs):
    colleague = team_site.browser("second")
    for method, template in _routes(team_site):
        if "/conversations/{identity}" in template or "/account/tokens/{" in template:
            sent = SENT if method == POST else None
            assert colleague.request(method, _filled(template, theirs), data=sent).status_code == 404, (method, template)
    assert CANARY not in colleague.get("/en/conversations").text
    assert CANARY in team_site.browser("assessor").get("/en/conversations").text


def test_a_stranger_gets_no_further_than_to_signing_in(team_site, theirs):
    stranger = team_site.browser()
    for method, template in _routes(team_site):
        bare = re.sub(r"^/(en|ja)(?=/)", "", template)
        if bare in OPEN | STRANGERS:
            continue
        answer = stranger.request(method, _filled(template, theirs), headers={"Accept": "text/html"})
        if method == GET and not template.endswith(".ics") and not template.startswith("/api"):
            assert answer.status_code == 303, (method, template)
            assert "/sign-in?to=" in answer.headers["location"]
        else:
            assert answer.status_code == 401, (method, template)
        assert CANARY not in answer.text
    for path in ("/en/", "/en/gradio_api/info", "/ja/config", "/en/gradio_api/queue/data?session_hash=x"):
        assert stranger.get(path).status_code in (303, 401), path


def test_every_address_that_takes_something_names_its_permission(team_site):
    bare = {re.sub(r"^/(en|ja)(?=/)", "", template) for method, template in _routes(team_site) if method == POST}
    pages = {one for one in bare if not one.startswith("/api/")} - STRANGERS
    assert pages <= NEEDS.keys(), "what is not named needs an admin"
    everything = {re.sub(r"^/(en|ja)(?=/)", "", template) for _, template in _routes(team_site)}
    assert NEEDS.keys() <= everything | {"/oidc"}, "and what is named exists; this one with a provider alone"


@pytest.mark.long
@pytest.mark.parametrize("role", list(ROLES))
def test_a_role_is_refused_exactly_what_it_is_not_for(team_site, theirs, role):
    browser = team_site.browser(role)
    for method, template in _routes(team_site):
        bare = re.sub(r"^/(en|ja)(?=/)", "", template)
        if bare in OPEN | STRANGERS or template.startswith(("/api", "/ja")) or "sign-out" in bare:
            continue
        wanted = needed(method, bare)
        address = _filled(
            template, {**theirs, **dict.fromkeys(("system", "deleted", "talk", "document", "person", "token"), "none")}
        )
        refused = browser.request(method, address).status_code == 403
        assert refused == (wanted not in ROLES[role]), (role, method, template, wanted)


def test_what_is_not_named_needs_an_admin_and_texts_are_nobodys():
    assert needed(POST, "/something/new") == LEAD
    assert needed(GET, "/something/new") == READ
    assert all(OPERATE not in permissions for permissions in ROLES.values())


def test_people_named_for_a_system_are_the_only_ones_to_change_it(team_site, theirs):
    address = f"/en/systems/{theirs['system']}/comments"
    name = f"/en/systems/{theirs['system']}/name"
    with team_site.acting("admin"):
        team_site.team.members.name(theirs["system"], "assessor", {team_site.people["second"].id})
    assert team_site.browser("assessor").post(name, data={"name": "n", "version": "1"}).status_code == 403
    assert team_site.browser("assessor").post(address, data={"text": "still a comment"}).status_code == 303
    assert team_site.browser("second").post(name, data={"name": CANARY, "version": "1"}).status_code == 303
    assert team_site.browser("admin").post(name, data={"name": CANARY, "version": "1"}).status_code == 303
    with team_site.acting("admin"):
        team_site.team.members.name(theirs["system"], "assessor", set())
    assert team_site.browser("assessor").post(name, data={"name": CANARY, "version": "1"}).status_code == 303
