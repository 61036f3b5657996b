"""Installed texts make provisions findable that have no summary, and change nothing for those that have one."""

from datetime import date

import pytest
from pages import CONSOLIDATED, OFFICIAL_JOURNAL

from assistant.answer.pipeline import Assistant
from assistant.law.schema import Unsummarised
from assistant.search.text_passages import with_texts
from assistant.texts.library import Library

FIRST, SECOND = "eu.demo@first.en", "eu.demo@second.en"


@pytest.fixture
def library(small, settings, tmp_path):
    library = Library(settings.texts_dir, small)
    for identity, page in ((FIRST, OFFICIAL_JOURNAL), (SECOND, CONSOLIDATED)):
        path = tmp_path / "page.xhtml"
        path.write_text(page.replace("Article 1a", "Article 4a"), encoding="utf-8")
        library.install(small.texts[identity], path, "test")
    return library


@pytest.fixture
def assistant(library, settings):
    assistant = Assistant.open(settings)
    assistant._today = lambda: date(2026, 11, 23)
    return assistant


def test_only_provisions_without_a_summary_join(small, library):
    knowledge, passages = with_texts(small, library)
    fresh = set(knowledge.provisions) - set(small.provisions)
    assert "eu.demo.art_4a" in fresh
    assert all(isinstance(knowledge.provisions[identity], Unsummarised) for identity in fresh)
    assert all(small.resolve(identity) is None for identity in fresh)
    assert {passage.provision for passage in passages} == fresh
    assert {identity: knowledge.provisions[identity] for identity in small.provisions} == small.provisions


def test_a_passage_counts_only_while_its_version_is_in_force(small, library):
    _, passages = with_texts(small, library)
    inserted = [passage for passage in passages if passage.provision == "eu.demo.art_4a"]
    assert [passage.holds_on(date(2026, 6, 30)) for passage in inserted] == [False]
    assert [passage.holds_on(date(2026, 7, 1)) for passage in inserted] == [True]


def test_without_texts_nothing_changes(small, tmp_path):
    knowledge, passages = with_texts(small, Library(tmp_path / "none", small))
    assert knowledge.provisions == small.provisions
    assert passages == []


def test_a_named_provision_without_a_summary_is_answered_with_its_wording(assistant):
    answer = assistant.ask("Demo Act Article 4a")
    assert not answer.refused
    assert "no summary of ours" in answer.answer
    citation = answer.citations[0]
    assert (citation.official, citation.verified, citation.summarised) == (True, True, False)
    assert (citation.applies_from, citation.applies_to) == (None, None)
    assert citation.quote == "Authorities shall help."
    assert "applied since" not in answer.answer


def test_it_was_not_the_law_before_it_was_inserted(assistant):
    answer = assistant.ask("Demo Act Article 4a", as_of=date(2026, 6, 30))
    assert answer.refused


def test_a_text_installed_later_is_taken_up_by_a_refresh(small, settings, tmp_path):
    assistant = Assistant.open(settings)
    assert assistant.ask("Demo Act Article 4a").refused
    path = tmp_path / "page.xhtml"
    path.write_text(CONSOLIDATED.replace("Article 1a", "Article 4a"), encoding="utf-8")
    assistant.library.install(small.texts[SECOND], path, "test")
    assistant.refresh()
    assert not assistant.ask("Demo Act Article 4a", as_of=date(2026, 11, 23)).refused


def test_whether_a_question_is_on_topic_does_not_depend_on_the_texts(assistant, settings, tmp_path):
    bare = Assistant.open(settings.model_copy(update={"data_dir": tmp_path / "bare"}))
    for question in ("How do I bake an apple strudel?", "lamp sunset keeper", "天気はどうですか"):
        one, other = (a.retriever.retrieve(question, date(2026, 11, 23)) for a in (assistant, bare))
        assert (one.coverage, one.similarity) == (other.coverage, other.similarity)
