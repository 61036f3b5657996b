"""Nothing of a chat is lost: a reload, a second tab, a phone without connection, a server killed in the middle of an answer."""

import re
import signal

import pytest
from playwright.sync_api import expect
from protocol import serving
from running import started

pytest.importorskip("langchain_openai")
pytestmark = [pytest.mark.browser, pytest.mark.long]
QUESTION, AT_WORK, STOPPED = "AI Act Article 27(1)", "is wording the answer", "you stopped it"
AGREED = {"ASSISTANT_MODEL": "small", "ASSISTANT_MODEL_CONSENT": "true"}


@pytest.fixture(scope="module")
def model():
    """Address of a model on this computer that never answers, so that an answer is in the making for as long as a test needs."""
    with serving("hang") as (address, _):
        yield address


@pytest.fixture(scope="module")
def slow(model, tmp_path_factory):
    with started(tmp_path_factory.mktemp("data"), ASSISTANT_MODEL_URL=model, **AGREED) as (address, _):
        yield address


def _asked(page, address):
    page.goto(f"{address}/en/")
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#send").click()
    expect(page.locator("#chat")).to_contain_text(AT_WORK)
    expect(page).to_have_url(re.compile("conversation="))


def test_a_reload_in_the_middle_of_an_answer_shows_it_when_it_is_ready(page, slow):
    _asked(page, slow)
    page.reload()
    expect(page.locator("#chat")).to_contain_text(AT_WORK)
    page.locator("#stop").click()
    expect(page.locator("#chat")).to_contain_text(STOPPED)
    page.goto("about:blank")
    page.go_back()
    expect(page.locator("#chat")).to_contain_text(STOPPED)


def test_a_second_tab_sees_the_conversation_and_what_is_asked_in_either(page, slow, context):
    _asked(page, slow)
    second = context.new_page()
    second.goto(page.url.replace("/en/", "/ja/"))
    expect(second.locator("#chat")).to_contain_text("回答を文章化しています")
    second.locator("#stop").click()
    for tab in (page, second):
        expect(tab.locator("#chat")).to_contain_text(STOPPED)
    second.locator("#question textarea").fill("GDPR Article 22(1)")
    second.locator("#send").click()
    expect(second.locator("#stop")).to_be_visible()
    second.locator("#stop").click()
    expect(second.locator("#src-2-1")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the user comes back to the first tab
    expect(page.locator("#src-2-1")).to_be_visible()


def test_a_phone_that_loses_its_connection_shows_the_answer_once_it_is_back(page, slow, browser):
    page.set_viewport_size({"width": 360, "height": 740})
    _asked(page, slow)
    page.context.set_offline(True)
    expect(page.locator("#told")).to_contain_text("No connection")
    elsewhere = browser.new_page()
    elsewhere.goto(page.url)
    elsewhere.locator("#stop").click()
    expect(elsewhere.locator("#chat")).to_contain_text(STOPPED)
    page.context.set_offline(False)
    expect(page.locator("#chat")).to_contain_text(STOPPED)
    expect(page.locator("#told")).not_to_contain_text("No connection")
    elsewhere.close()


def test_a_server_killed_in_the_middle_of_an_answer_still_has_the_question(page, model, tmp_path):
    with started(tmp_path, ASSISTANT_MODEL_URL=model, **AGREED) as (address, process):
        _asked(page, address)
        place = page.url.removeprefix(address)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with started(tmp_path) as (address, _):  # without the model: an answer is made at once
        page.goto(address + place)
        expect(page.locator("#chat")).to_contain_text(QUESTION)
        expect(page.locator("#chat")).to_contain_text("was not answered, because the assistant was interrupted")
        page.locator("#again").click()
        expect(page.locator("#src-1-1")).to_be_visible()
        expect(page.locator("#again")).to_be_hidden()
