"""A person asks in a browser, in English and Japanese, on a desk and on a phone."""

import json
import os
import re
import subprocess
import sys

import pytest
from needs import ROOT
from playwright.sync_api import expect
from test_pdf import make_pdf

pytestmark = [pytest.mark.browser, pytest.mark.long]

QUESTIONS = {
    "en": ("When do the rules for high-risk AI systems apply?", "2 December 2027"),
    "ja": ("高リスクAIシステムのルールはいつから適用されますか", "2027年12月2日"),
}
SIZES = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}
JOURNEY_SIZES = ["desk", pytest.param("phone", marks=pytest.mark.long)]


def _ask(page, question):
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", QUESTIONS)
def test_a_question_is_answered_with_sources(watched, site, language, size):
    watched.set_viewport_size(SIZES[size])
    watched.goto(f"{site}/{language}/")
    question, date = QUESTIONS[language]
    _ask(watched, question)
    expect(watched.locator("#chat")).to_contain_text(date)
    first = watched.locator("#sources .source").first
    expect(first).to_be_visible()
    expect(first.locator("a").first).to_have_attribute("href", re.compile(rf"^/{language}/provision/.*\?day="))
    expect(first.locator("a").last).to_have_attribute("href", re.compile("^https://"))
    expect(watched.locator("#question textarea")).to_have_value("")
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no sideways scrolling"
    )
    assert watched.evaluate("document.documentElement.lang") == language
    assert watched.foreign == []
    assert watched.errors == []


def test_a_citation_leads_to_its_source(watched, site):
    watched.goto(f"{site}/en/")
    _ask(watched, QUESTIONS["en"][0])
    link = watched.locator("#chat a[href^='#src-']").first
    expect(link).to_be_visible()
    link.click()
    expect(watched.locator("#sources .source:target")).to_have_count(1)
    assert watched.url.endswith(link.get_attribute("href"))


def test_the_whole_interface_changes_language(watched, site):
    watched.goto(f"{site}/en/")
    expect(watched.locator("h1")).to_have_text("Ask about AI governance")
    _ask(watched, "AI Act Article 27(1)")
    expect(watched.locator("#src-1-1")).to_be_visible()
    watched.locator("a#language").click()
    expect(watched.locator("h1")).to_have_text("AIガバナンスについて質問する")
    expect(watched.locator("#chat")).to_contain_text("AI Act Article 27(1)")  # the same conversation
    expect(watched.locator("#send")).to_have_text("質問する")
    expect(watched.locator("body")).not_to_contain_text("Sources", use_inner_text=True)
    expect(watched.locator("body")).not_to_contain_text("New conversation", use_inner_text=True)


def test_the_page_says_that_it_is_an_ai_system_and_no_lawyer(watched, site):
    watched.goto(f"{site}/en/")
    expect(watched.locator("#lead")).to_contain_text("automated assistant")
    expect(watched.locator("#lead")).to_contain_text("Not legal advice")
    watched.goto(f"{site}/ja/")
    expect(watched.locator("#lead")).to_contain_text("自動で回答するアシスタント")


def test_an_example_is_asked_by_a_click_and_the_conversation_cleared(watched, site):
    watched.goto(f"{site}/en/")
    watched.locator("#examples button").first.click()
    expect(watched.locator("#sources .source").first).to_be_visible()
    expect(watched.locator("#examples")).to_be_hidden()
    watched.locator("#clear").click()
    expect(watched.locator("#sources .source")).to_have_count(0)
    expect(watched.locator("#examples")).to_be_visible()
    watched.wait_for_url(lambda url: "conversation=" not in url)


def test_a_second_question_keeps_the_sources_of_the_first(watched, site):
    watched.goto(f"{site}/en/")
    _ask(watched, "AI Act Article 27(1)")
    expect(watched.locator("#src-1-1")).to_be_visible()
    _ask(watched, "GDPR Article 22(1)")
    expect(watched.locator("#src-2-1")).to_be_visible()
    expect(watched.locator("#src-1-1")).to_have_count(1)


def test_a_follow_up_is_read_in_the_conversation(watched, site):
    watched.goto(f"{site}/en/")
    _ask(watched, "How long must providers of high-risk AI keep the logs?")
    expect(watched.locator("#src-1-1")).to_be_visible()
    _ask(watched, "and for deployers?")
    expect(watched.locator("#chat")).to_contain_text("Understood as: “How long must deployers of high-risk AI keep the logs?”")
    expect(watched.locator("#src-2-1")).to_contain_text("Article 26(6)")


def test_markup_in_a_question_stays_text(watched, site):
    watched.goto(f"{site}/en/")
    _ask(
        watched,
        "<img src=x onerror=\"document.title='hacked'\"> ![x](http://example.org/x.png) <script>document.title='hacked'</script>",
    )
    expect(watched.locator("#chat")).to_contain_text("AI governance")
    assert watched.title() != "hacked"
    assert watched.foreign == []


def test_an_empty_question_is_answered_kindly(watched, site):
    watched.goto(f"{site}/ja/")
    watched.locator("#send").click()
    expect(watched.locator("#told")).to_contain_text("質問を入力してください")


@pytest.mark.parametrize("size", JOURNEY_SIZES)
@pytest.mark.parametrize(
    ("language", "vague", "confidence"), [("en", "What is the fine?", "Confidence: "), ("ja", "罰則は？", "確信度：")]
)
def test_a_question_asked_back_is_answered_by_a_click_and_its_trace_saved(watched, site, language, vague, confidence, size):
    watched.set_viewport_size(SIZES[size])
    watched.goto(f"{site}/{language}/")
    _ask(watched, vague)
    choice = watched.locator("#choices button:visible").first
    expect(choice).to_be_visible()
    asked = choice.inner_text()
    choice.click()
    expect(watched.locator("#src-2-1")).to_be_visible()
    expect(watched.locator("#choices button:visible")).to_have_count(0)
    _ask(watched, QUESTIONS[language][0])
    expect(watched.locator("#chat")).to_contain_text(confidence)
    watched.locator("#why button").first.click()
    expect(watched.locator("#why-panel h3").first).to_contain_text("3")
    expect(watched.locator("#why-panel tbody tr").first).to_contain_text("✓")
    watched.locator("#name a").first.click()
    with watched.expect_download() as download:
        watched.locator("a[href$='.json']").click()
    told = json.loads(download.value.path().read_text(encoding="utf-8"))["conversation"]
    assert [one["question"] for one in told] == [vague, asked, QUESTIONS[language][0]]
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no sideways scrolling"
    )
    assert watched.foreign == []
    assert watched.errors == []


@pytest.mark.long
@pytest.mark.parametrize("size", JOURNEY_SIZES)
@pytest.mark.parametrize("language", QUESTIONS)
def test_a_document_is_quoted_with_a_picture_of_its_page(watched, site, site_folder, tmp_path, language, size):
    watched.set_viewport_size(SIZES[size])
    file = tmp_path / f"breakfast-{language}-{size}.pdf"
    rows = [f"Breakfast rules {language} {size}", "Marmalade is served at seven o'clock to every lighthouse keeper."]
    file.write_bytes(make_pdf([[(760 - 40 * place, 12, text) for place, text in enumerate(rows)]]))
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "documents", "add", str(file)]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(site_folder)}
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment)
    watched.goto(f"{site}/{language}/")
    _ask(watched, f"breakfast-{language}-{size}: when is marmalade served to the lighthouse keeper?")
    own = watched.locator("#sources .own").first
    expect(own).to_contain_text("Marmalade")
    picture = own.locator("img.page")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no sideways scrolling"
    )
    assert watched.foreign == []
    assert watched.errors == []
