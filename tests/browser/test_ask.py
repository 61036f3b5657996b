"""A person asks in a browser, in English and Japanese, on a desk and on a phone."""

import json
import re

import pytest
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
    expect(first.locator("a")).to_have_attribute("href", re.compile("^https://"))
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
    expect(watched.locator("#header h1")).to_have_text("AI governance assistant")
    watched.locator("#language").click()
    expect(watched.locator("#header h1")).to_have_text("AIガバナンス・アシスタント")
    expect(watched.locator("#send")).to_have_text("質問する")
    expect(watched.locator("body")).not_to_contain_text("Sources")
    expect(watched.locator("body")).not_to_contain_text("New conversation")


def test_the_page_says_that_it_is_an_ai_system_and_no_lawyer(watched, site):
    watched.goto(f"{site}/en/")
    expect(watched.locator("#header")).to_contain_text("automated assistant")
    expect(watched.locator("#header")).to_contain_text("Not legal advice")
    watched.goto(f"{site}/ja/")
    expect(watched.locator("#header")).to_contain_text("自動で回答するアシスタント")


def test_an_example_is_asked_by_a_click_and_the_conversation_cleared(watched, site):
    watched.goto(f"{site}/en/")
    watched.locator("#examples button").first.click()
    expect(watched.locator("#sources .source").first).to_be_visible()
    watched.locator("#clear").click()
    expect(watched.locator("#sources .source")).to_have_count(0)


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
    expect(watched.locator("#chat")).to_contain_text("質問を入力してください")


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
    expect(watched.locator("#why-panel h4").first).to_contain_text("3")
    expect(watched.locator("#why-panel tbody tr").first).to_contain_text("✓")
    with watched.expect_download() as download:
        watched.locator("#why-save").click()
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
def test_a_document_is_added_quoted_with_its_page_and_deleted(watched, site, tmp_path, language, size):
    watched.set_viewport_size(SIZES[size])
    watched.goto(f"{site}/{language}/")
    tabs, words = (
        watched.locator("button[role=tab]"),
        {"en": ("Deleted", "marmalade"), "ja": ("削除しました", "marmalade")}[language],
    )
    tabs.nth(2).click()
    expect(watched.locator("#texts table")).to_be_visible()
    file = tmp_path / f"breakfast-{language}-{size}.pdf"
    rows = [f"Breakfast rules {language} {size}", "Marmalade is served at seven o'clock to every lighthouse keeper."]
    file.write_bytes(make_pdf([[(760 - 40 * place, 12, text) for place, text in enumerate(rows)]]))
    with watched.expect_file_chooser() as chooser:
        watched.locator("#upload").click()
    chooser.value.set_files(str(file))
    expect(watched.locator("#library-status")).to_contain_text("✓")
    tabs.nth(0).click()
    _ask(watched, f"breakfast-{language}-{size}: when is marmalade served to the lighthouse keeper?")
    own = watched.locator("#sources .own").first
    expect(own).to_contain_text("Marmalade")
    picture = own.locator("img.page")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 300
    tabs.nth(2).click()
    watched.locator("#own input").click()
    watched.get_by_role("option", name=file.stem).click()
    expect(watched.locator("#own-title textarea, #own-title input").first).to_have_value(file.stem)
    watched.locator("#own-delete").click()
    expect(watched.locator("#library-status")).to_contain_text(words[0])
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no sideways scrolling"
    )
    assert watched.foreign == []
    assert watched.errors == []


@pytest.mark.long
@pytest.mark.parametrize("size", JOURNEY_SIZES)
@pytest.mark.parametrize("language", QUESTIONS)
def test_a_system_is_assessed(watched, site, language, size):
    """A ready-made chatbot used in Lyon: the questionnaire ends and tells the duty of literacy."""
    watched.set_viewport_size(SIZES[size])
    watched.goto(f"{site}/{language}/")
    watched.locator("button[role=tab]").nth(1).click()
    chosen = {0: 0, 1: 1, 3: 1}  # place of the question → place of the answer; the last one, none, for all others
    asked = watched.locator("#asked")
    for place in range(20):
        expect(asked).to_contain_text(re.compile(rf"{place} answered|{place}問に回答済み|No further|これ以上"))
        if re.search("No further|これ以上", asked.inner_text()):
            break
        options = watched.locator("#assess-one input:visible, #assess-several input:visible")
        options.nth(chosen.get(place, options.count() - 1)).check()
        watched.locator("#assess-next").click()
    expect(asked).to_contain_text(re.compile("No further|これ以上"))
    expect(watched.locator("#assessment")).to_contain_text("EU-01")
    watched.locator("#assess-check button").first.click()
    watched.locator("#assess-answered input").click()
    watched.get_by_role("option").nth(1).click()
    watched.locator("#assess-change").click()
    several = watched.locator("#assess-several input:visible")
    expect(several.nth(1)).to_be_checked()
    several.nth(1).uncheck()
    several.last.check()
    watched.locator("#assess-next").click()
    expect(watched.locator("#assess-told")).to_contain_text("→")
    expect(watched.locator("#assessment")).not_to_contain_text("EU-01")
    watched.locator("#assess-report").click()
    link = watched.locator("#assess-files a[download]").first
    expect(link).to_be_visible()
    assert watched.request.get(link.get_attribute("href")).ok
    watched.locator("button[role=tab]").nth(0).click()
    _ask(watched, {"en": "Are we high-risk?", "ja": "うちは高リスク？"}[language])
    expect(watched.locator("#chat")).to_contain_text(
        {"en": "High-risk AI system: no.", "ja": "高リスクAIシステム：非該当。"}[language]
    )
    assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
        "no sideways scrolling"
    )
    assert watched.foreign == []
    assert watched.errors == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"), [("en", "It is an AI chatbot on our web shop."), ("ja", "生成AIを使ったチャットボットです。")]
)
def test_a_description_suggests_answers_that_count_once_ticked(watched, site, language, words):
    watched.goto(f"{site}/{language}/")
    watched.locator("button[role=tab]").nth(1).click()
    watched.locator("#assess-describe button").first.click()
    watched.locator("#assess-about textarea").fill(words)
    watched.locator("#assess-suggest").click()
    first = watched.locator("#assess-picks input").first
    expect(first).to_be_visible()
    expect(first).not_to_be_checked()
    asked = watched.locator("#asked").inner_text()
    first.check()
    watched.locator("#assess-take").click()
    expect(watched.locator("#asked")).not_to_have_text(asked)
    expect(watched.locator("#assess-picks")).to_be_hidden()
    assert watched.errors == []
