"""The register's file in a browser: looked at first, then taken in; readable for everybody at every width."""

import json
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from assistant.types import Language
from assistant.web.i18n import texts

pytestmark = [pytest.mark.browser, pytest.mark.long]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def exported(site, page):
    """A register with a system that would be new, one that would change, one as it is, and one that does not fit."""
    page.request.post(f"{site}/en/assess", form={"name": "灯台の見張り <b>", "owner": "=Marine"})
    page.request.post(f"{site}/en/assess", form={"name": "Stays"})
    data = page.request.get(f"{site}/en/systems/register.json").json()
    first, second = data["systems"][:2]
    new = {**first, "id": uuid4().hex[:12], "name": "New one", "state": "approved", "reviewer": "Ken"}
    wrong = {**first, "id": uuid4().hex[:12], "name": "Wrong one", "duties": [{"duty": "EU-01", "due": "soon"}]}
    data["systems"] = [{**first, "owner": "A new team"}, second, new, wrong]
    return json.dumps(data).encode()


def shown(page, site, language, content):
    page.goto(f"{site}/{language}/systems/import")
    t = texts(Language(language))
    page.get_by_label(t("exchange_file")).set_input_files({"name": "台帳", "mimeType": "application/json", "buffer": content})
    page.get_by_role("button", name=t("exchange_look")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(t("exchange_plan"))


def narrow_enough(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_pages_are_readable_for_everybody(site, page, exported, language):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{site}/{language}/systems/import")
            assert Axe().run(page, options=WCAG).response["violations"] == []
            assert narrow_enough(page)
            shown(page, site, language, exported)
            assert Axe().run(page, options=WCAG).response["violations"] == []
            assert narrow_enough(page)


def test_a_file_is_looked_at_then_taken_in_by_keyboard_alone(site, page, exported):
    t = texts(Language.EN)
    shown(page, site, "en", exported)
    expect(page.get_by_text("A new team")).to_be_visible()
    expect(page.get_by_role("row", name="Wrong one")).to_contain_text("“soon” does not fit")
    page.get_by_role("button", name=t("exchange_confirm", n=2)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(t("told_imported"))
    expect(page.get_by_role("row", name="New one")).to_be_visible()
    expect(page.get_by_role("row", name="Wrong one")).to_have_count(0)
    page.go_back()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(t("exchange_gone"))


def test_a_file_of_something_else_is_told_at_its_field(site, page):
    t = texts(Language.JA)
    page.goto(f"{site}/ja/systems/import")
    page.get_by_label(t("exchange_file")).set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{}"})
    page.get_by_role("button", name=t("exchange_look")).click()
    expect(page.get_by_role("alert")).to_contain_text(t("exchange_foreign"))
    expect(page.get_by_role("alert")).to_be_focused()
    assert Axe().run(page, options=WCAG).response["violations"] == []
