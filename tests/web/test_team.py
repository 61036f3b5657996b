"""Accounts in the browser: signing in, sessions that end, invitations, passwords, roles, tokens for calendars, the audit log."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from needs import ROOT
from web.conftest import PASSWORD, TeamSite

from assistant.store.audit import digest
from assistant.store.rows import utc_now
from assistant.types import AssistantError
from assistant.web.i18n import texts
from assistant.web.pages import Language

pytestmark = pytest.mark.long
EN, JA = texts(Language.EN), texts(Language.JA)
BASE = "http://testserver"


@pytest.fixture
def site(knowledge, tmp_path):
    """An application with accounts of its own, for what changes them."""
    return TeamSite(knowledge, tmp_path)


def _sign_in(browser, email, password, **more):
    return browser.post("/en/sign-in", data={"email": email, "password": password, **more})


def test_signing_in_leads_to_the_page_that_was_asked_for(team_site):
    browser = team_site.browser()
    asked = browser.get("/ja/systems?order=name", headers={"Accept": "text/html"})
    assert asked.status_code == 303
    page = browser.get(asked.headers["location"])
    assert JA("sign_in_told") in page.text
    to = re.search(r'name="to" value="([^"]+)"', page.text)[1]
    done = _sign_in(browser, " Assessor@Lamp.example ", PASSWORD, to=to)
    assert done.headers["location"] == "/ja/systems?order=name"
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age" not in cookie, "it is gone with the browser"
    assert browser.get("/ja/systems").status_code == 200
    assert "Assessor" in browser.get("/ja/account").text


def test_over_tls_the_cookie_cannot_be_set_or_read_by_anybody_else(team_site):
    browser = TestClient(
        team_site.app, base_url="https://testserver", headers={"Origin": "https://testserver"}, follow_redirects=False
    )
    cookie = _sign_in(browser, "reader@lamp.example", PASSWORD).headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert browser.get("/en/systems").status_code == 200


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/en/\\evil", "javascript:alert(1)", "", "/api/v1/systems"]
)
def test_signing_in_leads_nowhere_else(team_site, to):
    assert _sign_in(team_site.browser(), "reader@lamp.example", PASSWORD, to=to).headers["location"] == "/en/"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("assessor@lamp.example", "wrong"),
        ("nobody@lamp.example", PASSWORD),
        ("boss@rival.example", ""),
        ("", ""),
        ("a" * 999, "b" * 9999),
    ],
)
def test_what_does_not_fit_is_refused_alike(team_site, email, password):
    answer = _sign_in(team_site.browser(), email, password)
    assert answer.status_code == 400
    assert EN("store_sign_in") in answer.text
    assert "set-cookie" not in answer.headers


def test_guessing_passwords_is_slowed_down_and_the_right_one_does_not_help_meanwhile(site):
    browser = site.browser()
    for _ in range(5):
        assert _sign_in(browser, "reader@lamp.example", "guess").status_code == 400
    answers = [_sign_in(browser, "reader@lamp.example", one) for one in ("guess", PASSWORD, PASSWORD)]
    assert [one.status_code for one in answers] == [429] * 3
    assert "Too many attempts" in answers[1].text
    assert _sign_in(browser, "admin@lamp.example", PASSWORD).status_code == 303, "others are not shut out"
    throttle = site.team.accounts._throttle
    clock, throttle._now = throttle._now, lambda: clock() + timedelta(minutes=16)
    assert _sign_in(browser, "reader@lamp.example", PASSWORD).status_code == 303
    assert _sign_in(browser, "reader@lamp.example", "guess").status_code == 400, "and counting begins anew"


def test_guessing_for_many_accounts_from_one_address_is_slowed_down_too(site):
    browser = site.browser()
    statuses = [_sign_in(browser, f"p{n}@lamp.example", "guess").status_code for n in range(35)]
    assert statuses.count(429) >= 5
    assert statuses[:29] == [400] * 29


def test_sessions_end_by_themselves_by_signing_out_and_with_the_account(site):
    sessions, now = site.team.sessions, utc_now
    browsers = {name: site.browser(name) for name in ("reader", "reviewer", "assessor", "admin")}
    assert all(one.get("/en/systems").status_code == 200 for one in browsers.values())
    sessions._now = lambda: now() + timedelta(minutes=59)
    assert browsers["admin"].get("/en/systems").status_code == 200, "still in time, and seen again"
    sessions._now = lambda: now() + timedelta(minutes=118)
    assert browsers["admin"].get("/en/systems").status_code == 200, "because it was seen meanwhile"
    assert browsers["reviewer"].get("/en/systems").status_code == 401, "an hour without a request"
    sessions._now = lambda: now() + timedelta(hours=12, minutes=1)
    assert browsers["admin"].get("/en/systems").status_code == 401, "half a day after signing in, whatever happened"
    sessions._now = now
    again = site.browser("reader")
    stolen = again.cookies["session"]
    assert again.post("/en/sign-out").status_code == 303
    thief = site.browser()
    thief.cookies.set("session", stolen)
    assert thief.get("/en/systems").status_code == 401, "a cookie stolen before is worth nothing after signing out"
    one, other = site.browser("assessor"), site.browser("assessor")
    one.post("/en/sign-out/everywhere")
    assert other.get("/en/systems").status_code == 401
    closed = site.browser("reviewer")
    site.browser("admin").post(f"/en/team/{site.people['reviewer'].id}/close")
    assert closed.get("/en/systems").status_code == 401
    assert _sign_in(site.browser(), "reviewer@lamp.example", PASSWORD).status_code == 400


@pytest.mark.parametrize(
    "change", [lambda one: one[:-1] + ("A" if one[-1] != "A" else "B"), lambda one: one + "=", str.swapcase, lambda _: "'; --"]
)
def test_a_cookie_that_was_tampered_with_opens_nothing(team_site, change):
    secret = team_site.team.sessions.open(team_site.people["admin"])
    browser = team_site.browser()
    browser.cookies.set("session", change(secret))
    assert browser.get("/en/systems").status_code == 401
    with team_site.desk.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT token FROM sessions").scalars().all()
    assert secret not in kept, "the database holds hashes"


def test_the_browser_keeps_no_copy_of_a_page(team_site):
    browser = team_site.browser("reader")
    for path in ("/en/systems", "/ja/account", "/en/systems/nothing", "/api/v1/openapi.json"):
        assert browser.get(path).headers["cache-control"] == "no-store", path
    assert "no-store" not in browser.get("/static/app.js").headers.get("cache-control", "")


def test_signing_in_again_ends_the_session_before(team_site):
    browser = team_site.browser("reader")
    before = browser.cookies["session"]
    _sign_in(browser, "reader@lamp.example", PASSWORD)
    assert browser.cookies["session"] != before
    old = team_site.browser()
    old.cookies.set("session", before)
    assert old.get("/en/systems").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_that_is_not_asked_for_from_our_own_page_is_not_made(team_site, headers):
    browser = team_site.browser("admin")
    del browser.headers["Origin"]
    assert browser.post("/en/account", data={"name": "Forged"}, headers=headers).status_code == 403
    assert "Forged" not in browser.get("/en/account").text


def test_an_invitation_makes_one_account_once(site):
    admin = site.browser("admin")
    page = admin.post("/en/team/invite", data={"email": "New@Lamp.example", "role": "reviewer"})
    link = re.search(r"http://testserver(/en/join/[\w-]+)", page.text)[1]
    newcomer = site.browser()
    assert "new@lamp.example" in newcomer.get(link).text
    weak = newcomer.post(link, data={"name": "新井", "password": "new@lamp.example", "again": "new@lamp.example"})
    assert EN("store_password_weak") in weak.text
    short = newcomer.post(link, data={"name": "新井", "password": "short", "again": "short"})
    assert "12" in short.text
    apart = newcomer.post(link, data={"name": "", "password": PASSWORD, "again": "other"})
    assert EN("team_not_the_same") in apart.text
    assert EN("team_no_name") in apart.text
    joined = newcomer.post(
        link, data={"name": "新井", "password": PASSWORD, "again": PASSWORD, "role": "admin", "email": "x@y.example"}
    )
    assert joined.status_code == 303
    account = newcomer.get("/en/account").text
    assert "新井" in account
    assert "reviewer" in account, "whatever the form claimed"
    late = site.browser().get(link)
    assert (late.status_code, EN("link_gone") in late.text) == (404, True)
    assert site.browser().get("/ja/reset/nonsense").status_code == 404
    assert admin.post("/en/team/invite", data={"email": "new@lamp.example", "role": "reader"}).status_code == 400
    assert admin.post("/en/team/invite", data={"email": "not one", "role": "reader"}).status_code == 400
    other = admin.post("/en/team/invite", data={"email": "late@lamp.example", "role": "reader"})
    withdrawn = re.search(r"http://testserver(/en/join/[\w-]+)", other.text)[1]
    admin.post("/en/team/invite/withdraw", data={"email": "late@lamp.example"})
    assert site.browser().get(withdrawn).status_code == 404


@pytest.mark.parametrize(
    ("form", "data", "page"),
    [
        ("/team/invite", {"email": "a@b.example", "role": "reader"}, "/team"),
        ("/team/{reader}/reset", {}, "/team"),
        ("/account/tokens", {"token": "t", "scope": "read", "days": "1"}, "/account"),
        ("/account/password", {"password": "x"}, "/account"),
        ("/assess/file", {}, "/assess"),
        ("/systems/none/copy", {}, "/systems/none"),
        ("/sign-in?to=/en/", {"email": ""}, "/sign-in?to=%2Fen%2F"),
    ],
)
def test_the_other_language_of_what_a_form_led_to_is_a_page(team_site, form, data, page):
    answer = team_site.browser("admin").post("/en" + form.format(reader=team_site.people["reader"].id), data=data)
    assert f'id="language" href="/ja{page}"' in answer.text


def test_an_invitation_and_a_reset_end_after_their_days(site):
    who = site.people["admin"].acting
    for kind, days, email in (("invitation", 7, "a@b.example"), ("reset", 1, "reader@lamp.example")):
        secret = site.team.links.make(who, kind, email, "reader")
        path = f"/en/{'join' if kind == 'invitation' else 'reset'}/{secret}"
        site.team.links._now = lambda days=days: utc_now() + timedelta(days=days, minutes=-1)
        assert site.browser().get(path).status_code == 200
        site.team.links._now = lambda days=days: utc_now() + timedelta(days=days, minutes=1)
        assert site.browser().get(path).status_code == 404
        site.team.links._now = utc_now


def test_a_link_for_a_new_password_ends_sessions_and_tokens(site):
    reader = site.browser("reader")
    with site.acting("reader"):
        token = {"Authorization": f"Bearer {site.team.tokens.make('t', 'read', 1)}"}
    page = site.browser("admin").post(f"/en/team/{site.people['reader'].id}/reset")
    link = re.search(r"http://testserver(/en/reset/[\w-]+)", page.text)[1]
    fresh = "quiet harbour copper wagon"
    assert site.browser().post(link, data={"password": fresh, "again": fresh}).status_code == 303
    assert reader.get("/en/systems").status_code == 401
    assert site.browser().get("/api/v1/systems", headers=token).status_code == 401
    assert _sign_in(site.browser(), "reader@lamp.example", PASSWORD).status_code == 400
    assert _sign_in(site.browser(), "reader@lamp.example", fresh).status_code == 303
    join = link.replace("reset", "join")
    assert site.browser().get(join).status_code == 404


def test_changing_the_password_needs_the_present_one(site):
    reader = site.browser("reader")
    fresh = "quiet harbour copper wagon"
    wrong = reader.post("/en/account/password", data={"present": "guess", "password": fresh, "again": fresh})
    assert EN("team_present_wrong") in wrong.text
    done = reader.post("/en/account/password", data={"present": PASSWORD, "password": fresh, "again": fresh})
    assert done.status_code == 303
    assert reader.get("/en/account").status_code == 200, "who changed it stays signed in"


def test_the_last_admin_stays_and_roles_count_at_once(site):
    admin, me, other = site.browser("admin"), site.people["admin"].id, site.people["reader"]
    for path, data in ((f"/en/team/{me}/role", {"role": "reader"}), (f"/en/team/{me}/close", {})):
        refused = admin.post(path, data=data)
        assert (refused.status_code, EN("store_last_admin") in refused.text) == (400, True)
    browser = site.browser("reader")
    assert browser.get("/en/team").status_code == 403
    admin.post(f"/en/team/{other.id}/role", data={"role": "admin"})
    assert browser.get("/en/team").status_code == 200
    assert admin.post(f"/en/team/{me}/close").status_code == 303
    assert admin.post(f"/en/team/{other.id}/role", data={"role": "owner"}).status_code == 401, "who closed the own account is out"


def test_a_calendar_subscribes_with_a_token_as_its_password(team_site):
    with team_site.acting("reader"):
        secret = team_site.team.tokens.make("calendar", "read", 90)
    stranger = team_site.browser()
    asked = stranger.get("/en/systems/calendar.ics")
    assert (asked.status_code, asked.headers["www-authenticate"]) == (401, 'Basic realm="calendar"')
    assert stranger.get("/en/systems/calendar.ics", auth=("me", secret)).text.startswith("BEGIN:VCALENDAR")
    assert stranger.get("/en/systems/calendar.ics", auth=("me", "wrong")).status_code == 401
    assert stranger.get("/en/systems", auth=("me", secret)).status_code == 401, "a token opens no page"


def test_what_is_done_stands_in_the_audit_log_without_its_content(site):
    assessor = site.browser("assessor")
    assessor.post("/en/assess", data={"name": "Secret lamp", "description": "a lamp that judges", "owner": "o"})
    page = site.browser("admin").get("/en/team/log")
    assert EN("audit_system_created") in page.text
    assert "Assessor" in page.text
    assert EN("log_whole") in page.text
    file = site.browser("admin").get("/en/team/log.csv").text
    assert "Secret lamp" not in file + page.text
    assert site.people["assessor"].id in file
    with site.acting("admin"):
        entry = next(one for one in site.team.log.entries() if one.action == "system created")
    with site.acting("assessor"):
        system = site.desk.systems.all()[0]
        detail = site.desk.systems.history(system.id)[-1].detail
    assert entry.content == digest(detail), "the hash can be compared with what the history tells"
    assert site.browser("rival").get("/en/team/log").text.count("<tr>") == 4, "a head, and the rival's own beginnings"


def test_the_database_refuses_to_change_the_audit_log_and_a_change_behind_its_back_is_seen(site):
    with site.acting("admin"):
        site.desk.systems.create({"facts": {}}, name="x")
    for change in ("UPDATE audit SET person = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="stays as it was written"), site.desk.engine.begin() as connection:
            connection.exec_driver_sql(change)
    with site.desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_stays_update")
        connection.exec_driver_sql("UPDATE audit SET person = 'forged' WHERE id = 2")
    assert 'role="alert"' in site.browser("admin").get("/en/team/log").text
    with site.acting("admin"):
        assert site.team.log.first_broken() == 2


def test_official_texts_are_nobodys_to_change_in_the_browser(team_site):
    page = team_site.browser("admin").get("/en/library/texts").text
    assert EN("texts_by_operator") in page
    assert 'action="/en/library/texts/' not in page
    assert team_site.browser("admin").post("/en/library/texts/fetch").status_code == 403


def test_a_comment_is_removed_by_whoever_made_it_or_an_admin(site):
    with site.acting("assessor"):
        system = site.desk.systems.create({"questionnaire": site.desk.knowledge.questionnaire, "facts": {}}, name="x").id
    for name in ("reviewer", "reviewer", "second"):
        site.browser(name).post(f"/en/systems/{system}/comments", data={"text": f"by {name}"})
    with site.acting("reader"):
        first, second, third = site.desk.comments.all(system)
    remove = f"/en/systems/{system}/comments/{{}}/remove"
    assert f"{first.id}/remove" not in site.browser("assessor").get(f"/en/systems/{system}/review").text
    refused = site.browser("assessor").post(remove.format(first.id))
    assert (refused.status_code, EN("store_not_yours") in refused.text) == (400, True)
    assert f"{first.id}/remove" in site.browser("reviewer").get(f"/en/systems/{system}/review").text
    assert site.browser("reviewer").post(remove.format(first.id)).status_code == 303
    assert site.browser("admin").post(remove.format(second.id)).status_code == 303
    with site.acting("reader"):
        assert site.desk.comments.all(system) == [third]


def test_comments_and_reviews_are_signed_by_the_account_whatever_the_form_says(site):
    with site.acting("assessor"):
        system = site.desk.systems.create({"questionnaire": site.desk.knowledge.questionnaire, "facts": {}}, name="x").id
    site.browser("reviewer").post(f"/en/systems/{system}/comments", data={"text": "hm", "person": "The president"})
    reviewed = site.browser("reviewer").post(
        f"/en/systems/{system}/review", data={"state": "reviewed", "version": "1", "person": "P"}
    )
    assert reviewed.status_code == 303
    with site.acting("reader"):
        assert site.desk.comments.all(system)[0].actor == "Reviewer"
        assert site.desk.systems.get(system).reviewer == "Reviewer"


def test_too_many_requests_of_one_person_are_refused_and_others_go_on(knowledge, tmp_path):
    site = TeamSite(knowledge, tmp_path, rate_per_minute=5)
    reader, admin = site.browser("reader"), site.browser("admin")
    statuses = [reader.get("/en/account").status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert admin.get("/en/account").status_code == 200
    assert reader.get("/static/app.js").status_code == 200


def test_nobody_acting_is_refused_by_every_store(site):
    desk, team = site.desk, site.team
    for query in (
        desk.systems.all, desk.conversations.all, desk.feedback.all, desk.duties.everything, site.assistant.shelf.all,
        team.people.all, team.tokens.all, team.log.entries, lambda: desk.comments.all("x"), lambda: team.members.of("x"),
        lambda: desk.systems.create({}, name="x"), lambda: desk.exchange.take_in([]), lambda: site.assistant.ask("Our rules?"),
    ):  # fmt: skip
        with pytest.raises(AssistantError, match="not signed in"):
            query()


def test_of_two_people_on_one_assessment_the_second_overwrites_nothing(site):
    with site.acting("assessor"):
        system = site.desk.systems.create({"questionnaire": site.desk.knowledge.questionnaire, "facts": {}}, name="Lamp").id
    first, second = site.browser("assessor"), site.browser("second")
    name = f"/en/systems/{system}/name"
    assert first.post(name, data={"name": "First", "version": "1"}).status_code == 303
    late = second.post(name, data={"name": "Second", "version": "1"})
    assert late.status_code == 409
    assert EN("conflict")[:30] in late.text
    with site.acting("admin"):
        assert site.desk.systems.get(system).name == "First"
        assert site.desk.systems.history(system)[0].actor == "Assessor"
    assert second.post(name, data={"name": "Second", "version": "2"}).status_code == 303


def test_every_action_of_the_log_is_told_in_words():
    """Those that the stores write stand in their source as texts; those of a system's history as kinds of events."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant" / "store").glob("*.py"))
    written = (r'audit\.note\(\s*connection,[^"]*?"([a-z ]+)"', r'self\._(?:note|change)\([^"]*"([a-z ]+)"')
    noted = {action for form in written for action in re.findall(form, source)}
    kinds = set(re.findall(r'actor, "([a-z]+)"', source))
    assert len(noted) > 15
    assert len(kinds) > 6
    for action in noted | {f"system {kind}" for kind in kinds - {"text"}}:  # a field of a file that comes in
        assert f"audit_{action.replace(' ', '_')}" in EN, action
