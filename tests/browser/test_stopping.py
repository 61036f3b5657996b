"""A model in a browser: where questions go is told, the model can be stopped, and a new conversation is empty."""

import pytest
from playwright.sync_api import expect
from protocol import serving
from running import started

pytest.importorskip("langchain_openai")
pytestmark = [pytest.mark.browser, pytest.mark.long]
WORDS = {
    "en": ("AI Act Article 27(1)", "on this computer", "is wording the answer", "you stopped it", "Composed without a model."),
    "ja": (
        "EU AI法第27条第1項",
        "このコンピューター上",
        "回答を文章化しています",
        "停止の操作がありました",
        "モデルを使わずに作成した回答です。",
    ),
}


@pytest.fixture(scope="module")
def hanging(tmp_path_factory):
    """Address of the application with a model on this computer that never answers."""
    with serving("hang") as (address, _):
        folder = tmp_path_factory.mktemp("data")
        with started(folder, ASSISTANT_MODEL="small", ASSISTANT_MODEL_URL=address) as (site, _):
            yield site


@pytest.mark.parametrize("language", WORDS)
def test_a_model_is_told_stopped_and_forgotten(page, hanging, language):
    question, place, at_work, stopped, composed = WORDS[language]
    page.goto(f"{hanging}/{language}/")
    expect(page.locator("#model-told")).to_contain_text(place)
    chat = page.locator("#chat")
    for button, shown in (("#stop", [stopped, composed]), ("#clear", [])):
        page.locator("#question textarea").fill(question)
        page.locator("#send").click()
        expect(chat).to_contain_text(at_work)
        page.locator(button).click()
        for words in shown:
            expect(chat).to_contain_text(words)
    page.wait_for_timeout(1500)
    expect(page.locator("#talk")).not_to_contain_text(question)
    expect(chat).to_have_count(0)
