"""The chat for everybody: no barrier that axe finds, by keyboard alone, copy and feedback, no sideways scrolling."""

import re

import pytest
from playwright.sync_api import expect

from assistant.store.database import open_database
from assistant.store.systems import SystemStore

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = [pytest.mark.browser, pytest.mark.long]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
VAGUE = {"en": "What is the fine?", "ja": "罰則は？"}


def _barriers(page):
    """Return what axe finds and what is still there a little later: while an answer comes in Gradio fades parts of the page."""
    for _ in range(4):
        found = axe.Axe().run(page, options={"runOnly": TAGS}).response
        assert len(found["passes"]) > 15
        if not found["violations"]:
            break
        page.wait_for_timeout(500)
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]]


def _fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", VAGUE)
def test_axe_finds_no_barrier_and_every_width_fits(page, site, language, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{site}/{language}/")
    expect(page.locator("#examples button").first).to_be_visible()
    assert _barriers(page) == []
    page.locator("#question textarea").fill(VAGUE[language])
    page.locator("#send").click()
    page.locator("#choices button:visible").first.click()
    expect(page.locator("#src-2-1")).to_be_visible()
    page.locator("#down").click()
    expect(page.locator("#comment textarea")).to_be_visible()
    page.locator("#why button").first.click()
    expect(page.locator("#why-panel table")).to_be_visible()
    for width in (360, 768, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(400)
        assert _fits(page), width
        assert _barriers(page) == [], width


def test_a_question_is_asked_and_a_source_reached_by_keyboard_alone(page, site):
    page.goto(f"{site}/en/")
    expect(page.locator("#question textarea")).to_be_focused()
    page.keyboard.type("AI Act Article 27(1)")
    page.keyboard.press("Enter")
    citation = page.locator("#chat a[href^='#src-']").first
    expect(citation).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.getAttribute('href') || ''").startswith("#src-"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#sources .source:target")).to_have_count(1)


def test_feedback_and_copy(page, site, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/en/")
    page.locator("#question textarea").fill("AI Act Article 27(1)")
    page.locator("#send").click()
    page.locator("#copy").click()
    expect(page.locator("#told")).to_contain_text("Copied")
    assert "[1] AI Act Article 27(1)" in page.evaluate("navigator.clipboard.readText()")
    page.locator("#down").click()
    page.locator("#reason label").nth(1).click()
    page.locator("#comment textarea").fill("It was postponed.")
    page.locator("#feedback-save").click()
    expect(page.locator("#told")).to_contain_text("kept in this installation")
    page.reload()
    expect(page.locator("#down")).to_contain_text("✓")
    expect(page.locator("#comment textarea")).to_have_value("It was postponed.")
    expect(page.locator("#reason input").nth(1)).to_be_checked()
    page.locator("#feedback-withdraw").click()
    expect(page.locator("#explain")).to_be_hidden()


@pytest.mark.parametrize("language", VAGUE)
def test_a_system_is_chosen_asked_about_and_left(page, site, site_folder, knowledge, language):
    systems = SystemStore(open_database(f"sqlite:///{site_folder / 'assistant.sqlite'}"))
    answers = {"questionnaire": knowledge.questionnaire, "facts": {"eu.inference": "learns"}}
    system = systems.create(answers, name=f"Ranking {language} <b>")
    page.goto(f"{site}/{language}/")
    page.locator("#choose input").click()
    assert _barriers(page) == []
    page.get_by_role("option", name=system.name).click()
    expect(page.locator("#about-system")).to_contain_text(system.name)
    expect(page).to_have_url(re.compile(f"system={system.id}"))
    page.locator("#question textarea").fill({"en": "What do we have to do?", "ja": "何をする必要がありますか"}[language])
    page.locator("#send").click()
    expect(page.locator("#chat")).to_contain_text({"en": "for your own system", "ja": "貴社"}[language])
    page.reload()
    expect(page.locator("#about-system a")).to_have_attribute("href", f"/{language}/systems/{system.id}")
    page.locator("#leave").click()
    expect(page.locator("#about-system")).to_have_count(0)
    systems.delete(system.id, actor="")


@pytest.mark.parametrize("language", VAGUE)
def test_the_conversation_pages_have_no_barrier(page, site, language):
    page.goto(f"{site}/{language}/")
    page.locator("#examples button").first.click()
    expect(page.locator("#src-1-1")).to_be_visible()
    page.locator("#name a").first.click()
    expect(page.locator("article.turn")).to_have_count(1)
    for summary in page.locator("summary").all():
        summary.click()
    one = page.url
    for address in (one, f"{site}/{language}/conversations", f"{one}/report/1", f"{site}/{language}/conversations/deleted"):
        page.goto(address)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert _fits(page), address
            assert _barriers(page) == [], address
