"""Accounts in a browser: from the link for the first admin to signing out; every page of theirs usable by everybody."""

import os
import re
import subprocess
import sys

import accessibility
import pytest
from needs import ROOT
from playwright.sync_api import expect
from running import started

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = "lamp orchard velvet tunnel"  # noqa: S105
LOOKS = [("light", 360), ("dark", 768), ("light", 1600)]
PAGES = ("/account", "/team", "/team/log", "/systems/{system}/people", "/library/texts", "/systems")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """Address of an application with accounts, and the first admin's link."""
    folder = tmp_path_factory.mktemp("team")
    settings = {"ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_TEAM": "true", "ASSISTANT_EMBEDDING": "none"}
    command = [
        sys.executable,
        "-c",
        "from assistant.cli import main; main()",
        "team",
        "found",
        "Lamp works",
        "--admin",
        "a@lamp.example",
    ]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    link = re.search(r"/en/(join/\S+)", done.stdout)[1]
    with started(folder, **{name: value for name, value in settings.items() if name != "ASSISTANT_DATA_DIR"}) as (address, _):
        yield address, link


@pytest.fixture(scope="module")
def admin(team, browser):
    """What a browser of the first admin remembers once the account is made: the link works once."""
    address, link = team
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto(f"/ja/{link}")
    page.get_by_label("氏名").fill("森 太郎")
    for label in ("新しいパスワード", "新しいパスワード（確認）"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    assert accessibility.axe(page) == []
    page.get_by_role("button", name="アカウントを作成する").click()
    expect(page).to_have_url(re.compile(r"/ja/$"))
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(team, admin, browser):
    context = browser.new_context(base_url=team[0], storage_state=admin)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def system(team, admin, browser):
    """The id of a system that the admin made."""
    context = browser.new_context(base_url=team[0], storage_state=admin)
    made = context.new_page()
    made.goto("/en/assess")
    made.locator("#name").fill("Lamp sorter")
    made.locator("main form button[type=submit]").first.click()
    made.wait_for_url(re.compile(r"/systems/[0-9a-f]{12}"))
    identity = re.search(r"/systems/([0-9a-f]{12})", made.url)[1]
    context.close()
    return identity


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_accounts_is_usable_by_everybody(watched, system, path, language, scheme, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.emulate_media(color_scheme=scheme)
    assert watched.goto(f"/{language}{path.format(system=system)}").status == 200
    for look in (accessibility.layout, accessibility.axe, accessibility.small_targets, accessibility.keyboard):
        assert look(watched) == [], look.__name__
    assert watched.foreign == watched.errors == watched.complaints == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_for_signing_in_is_usable_by_everybody(team, browser, language, scheme, width):
    context = browser.new_context(base_url=team[0], color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"/{language}/systems")
    expect(page).to_have_url(re.compile(rf"/{language}/sign-in\?to="))
    for look in (accessibility.layout, accessibility.axe, accessibility.small_targets, accessibility.keyboard):
        assert look(page) == [], look.__name__
    context.close()


def test_a_password_is_shown_to_whoever_wants_to_see_it_and_never_sent_as_plain_text_field(team, browser):
    page = browser.new_page(base_url=team[0])
    page.goto("/en/sign-in")
    field = page.get_by_label("Password")
    field.fill("not it")
    expect(field).to_have_attribute("type", "password")
    page.get_by_label("Show what I type").check()
    expect(field).to_have_attribute("type", "text")
    page.evaluate("document.querySelector('main form').addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Sign in").click()
    expect(field).to_have_attribute("type", "password")
    page.close()


def test_from_signing_in_over_a_question_to_signing_out(team, admin, browser):
    context = browser.new_context(base_url=team[0])
    page = context.new_page()
    page.goto("/en/")
    page.get_by_label("E-mail address").fill("a@lamp.example")
    page.get_by_label("Password").fill("wrong password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#faults")).to_contain_text("do not fit")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/en/$"))
    page.locator("#question textarea").fill("AI Act Article 26(5)")
    page.locator("#send").click()
    expect(page.locator("#chat")).to_contain_text("monitor", timeout=30_000)
    page.goto("/en/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("signed out")
    page.goto("/en/conversations")
    expect(page).to_have_url(re.compile("/en/sign-in"))
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile(r"/en/sign-in\?to="), timeout=15_000)  # the browser kept no copy of the account
    context.close()


def test_the_chat_says_that_the_session_ended_meanwhile(team, admin, browser):
    context = browser.new_context(base_url=team[0])
    page, other = context.new_page(), context.new_page()
    page.goto("/en/sign-in?to=/en/")
    page.get_by_label("E-mail address").fill("a@lamp.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.locator("#question textarea").fill("AI Act Article 26(5)")
    other.goto("/en/account")
    other.get_by_role("button", name="Sign out", exact=True).click()
    expect(other.get_by_role("status")).to_contain_text("signed out")
    page.locator("#send").click()
    expect(page.locator("#told")).to_contain_text("not signed in")
    expect(page.locator("#question textarea")).to_have_value("AI Act Article 26(5)")
    context.close()
