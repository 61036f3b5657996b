"""The questionnaire in a browser: by keyboard alone, on a phone, from a description, with the back button and in two tabs."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.long]
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
# A ready-made chatbot used in Lyon: what is answered, by the fact in the address; everything else does not apply.
CHOSEN = {"eu.inference": "learns", "eu.territory": "uses_in_union", "eu.roles": "deployer"}
WORDS = {
    "en": ("Chatbot in Lyon", "High-risk AI system", "Transparency duties"),
    "ja": ("リヨンのチャットボット", "高リスクAIシステム", "透明性"),
}


def begin(page, site, language, name, description=""):
    """Begin a system as a reader does."""
    page.goto(f"{site}/{language}/assess")
    page.locator("#name").fill(name)
    page.locator("#description").fill(description)
    page.locator("form button.primary").click()


def fact_of(page):
    """The fact that the page asks about; nothing on the result."""
    found = re.search(r"/question/([\w.]+)", page.url)
    return found[1] if found else None


def last_option(page):
    """The answer of those whom a question does not concern: the last one, which is none of these or no."""
    return page.locator("input[name=answer]").last


def walk(page, answered):
    """Answer with ``answered(page, fact)`` until the result is there; return the facts asked."""
    facts = []
    while fact := fact_of(page):
        assert len(facts) < 40, "the questionnaire ends"
        facts.append(fact)
        answered(page, fact)
        page.wait_for_url(lambda url, fact=fact: fact not in url)
    return facts


def by_mouse(page, fact):
    value = CHOSEN.get(fact)
    (page.locator(f"input[name=answer][value='{value}']") if value else last_option(page)).check()
    page.locator("button[value=answer]").click()


def by_keyboard(page, fact):
    """Tab to the options, choose with space or arrows, Tab on to the button, Enter."""
    value = CHOSEN.get(fact) or last_option(page).get_attribute("value")
    several = page.locator("input[name=answer]").first.get_attribute("type") == "checkbox"
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.name, document.activeElement.value]")
        if focused[0] == "answer" and (focused[1] == value or not several):
            break
    if several:
        page.keyboard.press("Space")
    else:
        page.keyboard.press("Space")
        for _ in range(20):
            if page.evaluate("document.activeElement.value") == value:
                break
            page.keyboard.press("ArrowDown")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("[document.activeElement.name, document.activeElement.value].join()") == "action,answer":
            break
    page.keyboard.press("Enter")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", WORDS)
def test_a_system_is_assessed_and_an_answer_changed_with_its_consequence(watched, site, language, size):
    name, high_risk, transparency = WORDS[language]
    watched.set_viewport_size(SIZES[size])
    begin(watched, site, language, name)
    facts = walk(watched, by_mouse)
    assert 8 <= len(facts) <= 22
    expect(watched.locator("h1")).to_have_text(name)
    axes = watched.locator(".axes")
    expect(axes).to_contain_text(high_risk)
    expect(axes).to_contain_text(transparency)
    duties = watched.locator("section[aria-labelledby=duties] details")
    expect(duties.first).to_be_visible()
    before = duties.count()
    system = watched.url.rpartition("/")[2]
    watched.goto(f"{site}/{language}/systems/{system}/answers")
    watched.locator("a[href*='/question/eu.roles']").click()
    watched.locator("input[value=deployer]").uncheck()
    last_option(watched).check()
    watched.locator("button[value=answer]").click()
    expect(watched.locator("[role=status]").first).to_contain_text(re.compile(r"\d"))
    watched.goto(f"{site}/{language}/systems/{system}")
    assert duties.count() < before
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert watched.foreign == watched.errors == []


def test_the_keyboard_alone_is_enough(watched, site):
    watched.goto(f"{site}/en/assess")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.className") == "skip"
    watched.keyboard.press("Enter")
    watched.locator("#name").focus()
    watched.keyboard.type("Keyboard only")
    watched.keyboard.press("Enter")
    watched.wait_for_url("**/question/**")
    facts = walk(watched, by_keyboard)
    assert len(facts) >= 8
    expect(watched.locator("h1")).to_have_text("Keyboard only")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "It is an AI chatbot on our web shop."), ("ja", "生成AIを使ったチャットボットです。")]
)
def test_a_description_suggests_answers_that_count_once_ticked(watched, site, language, words):
    begin(watched, site, language, "Shop", words)
    picks = watched.locator("input[name=pick]")
    expect(picks.first).to_be_visible()
    expect(picks.first).not_to_be_checked()
    fact = picks.first.get_attribute("value")
    picks.first.check()
    watched.locator("button.primary").click()
    watched.wait_for_url("**/question/**")
    watched.goto(re.sub(r"/question/.*", "/answers", watched.url))
    expect(watched.locator(f"a[href*='/question/{fact}']")).to_be_visible()
    assert watched.errors == []


def test_back_and_reload_lose_nothing(watched, site):
    begin(watched, site, "en", "Back and forth")
    by_mouse(watched, fact_of(watched))
    watched.wait_for_url(lambda url: "eu.inference" not in url)
    second = watched.url
    watched.go_back()
    expect(watched.locator("input[value=learns]")).to_be_checked()
    watched.reload()
    expect(watched.locator("input[value=learns]")).to_be_checked()
    watched.locator("button[value=answer]").click()
    watched.wait_for_url(second)
    assert watched.errors == []


def test_a_second_tab_sees_what_the_first_saved_and_keeps_its_own_answer(watched, site):
    begin(watched, site, "ja", "二つのタブ")
    other = watched.context.new_page()
    other.goto(watched.url)
    watched.locator("input[value=learns]").check()
    watched.locator("button[value=answer]").click()
    watched.wait_for_url(lambda url: "eu.inference" not in url)
    last_option(other).check()
    other.locator("button[value=answer]").click()
    expect(other.locator("[role=alert]")).to_contain_text("先に変更されました")
    expect(last_option(other)).to_be_checked()
    other.locator("button[value=answer]").click()
    other.wait_for_url(lambda url: "eu.inference" not in url)


def test_a_phone_that_loses_its_connection_goes_on_where_it_was(watched, site):
    watched.set_viewport_size(SIZES["phone"])
    begin(watched, site, "en", "On the train")
    by_mouse(watched, fact_of(watched))
    watched.wait_for_url(lambda url: "eu.inference" not in url)
    second = fact_of(watched)
    watched.context.set_offline(True)
    last_option(watched).check()
    watched.locator("button[value=answer]").click(no_wait_after=True)
    watched.wait_for_timeout(500)
    watched.context.set_offline(False)
    watched.goto(f"{site}/en/assess")
    watched.get_by_role("link", name="On the train").click()
    watched.wait_for_url(f"**/question/{second}")


def test_the_printed_result_shows_everything_and_no_navigation(watched, site):
    begin(watched, site, "en", "On paper")
    walk(watched, by_mouse)
    watched.emulate_media(media="print")
    expect(watched.locator(".site-nav")).to_be_hidden()
    expect(watched.locator("section[aria-labelledby=duties] details dl").first).to_be_visible()


@pytest.mark.parametrize("language", WORDS)
def test_the_questionnaire_is_taken_in_the_chat_as_well(watched, site, language):
    begin(watched, site, language, WORDS[language][0])
    system = re.search(r"/systems/(\w+)/", watched.url)[1]
    watched.goto(f"{site}/{language}/?system={system}")
    watched.locator("#interview").click()
    choices = watched.locator("#choices button:visible")
    expect(choices).to_have_count(4)
    asked = watched.locator("#chat .bot").last.inner_text()
    choices.first.click()
    expect(watched.locator("#chat .bot").last).not_to_have_text(asked)
    expect(choices).to_have_count(1)
    watched.locator("#question textarea").fill("2")
    watched.locator("#send").click()
    expect(watched.locator("#chat .user")).to_have_count(3)
    watched.goto(f"{site}/{language}/systems/{system}/answers")
    expect(watched.locator(".answers > div")).to_have_count(3)
    assert watched.foreign == watched.errors == []
