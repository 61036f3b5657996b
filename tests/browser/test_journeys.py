"""Whole journeys: an owner in Osaka on her phone, an assessor in Lyon, and a maintainer."""

import json
import os
import re
import subprocess
import sys

import pytest
from needs import ROOT
from playwright.sync_api import expect
from running import started
from test_assess import begin, by_mouse, walk
from test_pdf import _page, make_pdf

pytestmark = [pytest.mark.browser, pytest.mark.long]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
OWNER = {
    "en": ("Do we have to tell customers that they are talking to a chatbot?", "Shop chatbot", "require", "2 August 2026"),
    "ja": ("お客様に、相手がAIのチャットボットであることを知らせる必要がありますか。", "店舗チャット", "求めて", "2026年8月2日"),
}


def ask(page, question):
    page.locator("#question textarea").fill(question)
    page.locator("#send").click()
    expect(page.locator("#chat")).to_contain_text(question)
    expect(page.locator("#sources .source").first).to_be_visible()


def quiet(page):
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "no sideways scrolling"
    assert page.foreign == page.errors == []


@pytest.mark.parametrize("language", OWNER)
def test_an_owner_in_osaka_asks_and_assesses_on_her_phone(watched, site, language):
    question, name, asked, day = OWNER[language]
    other = {"en": "ja", "ja": "en"}[language]
    watched.set_viewport_size(PHONE)
    watched.goto(f"{site}/{language}/")
    ask(watched, question)
    expect(watched.locator("#chat")).to_contain_text(day)
    watched.locator("#chat a[href^='#src-']").first.click()
    source = watched.locator("#sources .source:target")
    expect(source).to_have_count(1)
    source.locator(f"a[href^='/{language}/provision/']").first.click()
    expect(watched.locator("h1")).to_be_visible()
    quiet(watched)
    begin(watched, site, language, name)
    walk(watched, by_mouse)
    expect(watched.locator("h1")).to_have_text(name)
    result = watched.url
    watched.locator("section[aria-labelledby=duties] summary").first.click()
    watched.locator("section[aria-labelledby=duties] details[open] a[href*='?system=']").first.click()
    box = watched.locator("#question textarea")
    expect(box).to_have_value(re.compile(asked))
    expect(watched.locator("#about-system")).to_contain_text(name)
    watched.locator("#send").click()
    expect(watched.locator("#sources .source").first).to_be_visible()
    said = watched.locator("#chat .bot p").first.inner_text()
    watched.wait_for_url("**conversation=**")
    watched.reload()
    expect(watched.locator("#sources .source").first).to_be_visible()
    expect(watched.locator("#chat")).to_contain_text(said)
    watched.goto(result.replace(f"/{language}/", f"/{other}/"))
    expect(watched.locator("h1")).to_have_text(name)
    assert watched.evaluate("document.documentElement.lang") == other
    quiet(watched)


def test_an_assessor_in_lyon_does_three_systems_exports_and_comes_back(watched, tmp_path):
    watched.set_viewport_size(DESK)
    with started(tmp_path) as (site, _):
        begin(watched, site, "en", "Web shop", "It is an AI chatbot on our web shop.")
        watched.locator("input[name=pick]").first.check()
        watched.locator("button.primary").click()
        watched.wait_for_url("**/question/**")
        walk(watched, by_mouse)
        begin(watched, site, "en", "Forecast")
        walk(watched, by_mouse)
        watched.goto(f"{site}/en/assess")
        watched.locator("#file").set_input_files(ROOT / "docs" / "example-answers.yaml")
        watched.locator("form[action$='/assess/file'] button").click()
        watched.wait_for_url("**/answers")
        system = watched.url.split("/")[-2]
        address = f"{site}/en/systems/{system}"
        watched.goto(f"{address}/duties/EU-01")
        watched.locator("input[value=doing]").check()
        watched.locator("#person").fill("Claire")
        watched.locator("#due").fill("2026-12-24")
        watched.locator("button.primary").click()
        watched.wait_for_url("**/duties?told=saved")
        watched.goto(f"{address}/duties/EU-01")
        watched.locator("#file").set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"training plan"})
        watched.get_by_role("button", name="Keep the file").click()
        expect(watched.get_by_role("link", name="plan.txt")).to_be_visible()
        watched.locator("#text").fill("Looks complete to me.")
        watched.get_by_role("button", name="Add the comment").click()
        expect(watched.locator(".said")).to_have_text("Looks complete to me.")
        for button, state in (("Mark as reviewed", "Reviewed"), ("Approve", "Approved")):
            watched.goto(f"{address}/review")
            watched.locator("form[action$='/review'] input[name=person]").fill("Marc")
            watched.get_by_role("button", name=button).click()
            expect(watched.locator(".system-head .tag")).to_have_text(state)
        for language in ("en", "ja"):
            assert watched.request.get(f"{address}/report.pdf?lang={language}").body().startswith(b"%PDF")
        assert watched.request.get(f"{site}/en/systems/register.xlsx").body().startswith(b"PK")
        assert "20261224" in watched.request.get(f"{site}/en/systems/calendar.ics").text()
        watched.goto(f"{site}/en/systems")
        assert watched.locator("tbody tr").count() == 3
        expect(watched.locator("table")).to_contain_text("24 December 2026")
        quiet(watched)
    with started(tmp_path) as (site, _):
        watched.goto(f"{site}/ja/systems/{system}/history")
        expect(watched.locator(".history")).to_contain_text("Claire")
        expect(watched.locator(".system-head .tag")).to_have_text("承認済み")
        watched.goto(f"{site}/en/systems/{system}/changes")
        expect(watched.locator(".diff")).to_contain_text("Nothing differs.")


def test_a_maintainer_adds_a_document_judges_an_answer_and_reads_the_scores(watched, tmp_path):
    handbook = make_pdf([_page(1, "Nothing here."), _page(2, "Marmalade is served to the lighthouse keeper at seven.")])
    with started(tmp_path) as (site, _):
        watched.goto(f"{site}/en/library/own")
        watched.locator("#file").set_input_files({"name": "breakfast.pdf", "mimeType": "application/pdf", "buffer": handbook})
        watched.locator("button.primary").click()
        expect(watched.locator("[role=status]")).to_be_visible()
        watched.goto(f"{site}/en/")
        ask(watched, "When is marmalade served to the lighthouse keeper, by our breakfast document?")
        own = watched.locator("#sources .own").first
        expect(own).to_contain_text("Marmalade is served")
        picture = own.locator("img.page")
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 300
        watched.locator("#down").click()
        watched.locator("#comment textarea").fill("It should name the page first.")
        watched.locator("#feedback-save").click()
        expect(watched.locator("#told")).not_to_be_empty()
        conversation = re.search(r"conversation=(\w+)", watched.url)[1]
        watched.goto(f"{site}/en/conversations/{conversation}")
        expect(watched.locator("main")).to_contain_text("It should name the page first.")
        assert watched.request.get(f"{site}/en/conversations/{conversation}.pdf").body().startswith(b"%PDF")
        watched.goto(f"{site}/en/library/own")
        watched.get_by_role("link", name="breakfast").click()
        watched.locator("summary").first.click()
        watched.locator("a[href$='/delete']").click()
        watched.get_by_role("button", name="Delete for good").click()
        watched.goto(f"{site}/en/")
        watched.locator("#question textarea").fill("When is marmalade served to the lighthouse keeper?")
        watched.locator("#send").click()
        expect(watched.locator("#chat .bot").last).to_be_visible()
        expect(watched.locator("#chat")).not_to_contain_text("Marmalade is served")
        watched.goto(f"{site}/en/about")
        expect(watched.locator("main")).to_contain_text("%")
        quiet(watched)
    exported = tmp_path / "cases.jsonl"
    command = [sys.executable, "-c", "from assistant.cli import main; main()", "feedback", "export", "-o", str(exported)]
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (line,) = exported.read_text(encoding="utf-8").splitlines()
    assert "It should name the page first." in json.dumps(json.loads(line))
