"""Answers and refusals over the demonstration knowledge base, where every word is known."""

from datetime import date

import pytest

from assistant.answer.pipeline import Assistant
from assistant.law.schema import Text
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import Language, Reason


def test_a_named_provision_is_answered_with_its_summary_and_cited(demo):
    answer = demo.ask("What does Article 5(2) of the Demo Act say?")
    assert answer.sentences[0].text == "The keeper must write a logbook every night."
    assert answer.sentences[0].citations == [1]
    (citation,) = answer.citations
    assert citation.provision == "eu.demo.art_5.par_2"
    assert citation.label == "Demo Act Article 5(2)"
    assert (citation.official, citation.verified) == (False, None)
    assert answer.understood_as is None
    assert "[1]" in answer.answer
    assert "Readings differ" in answer.answer


def test_an_article_without_its_act_is_shown_as_understood(demo):
    assert demo.ask("What does Article 5(2) say?").understood_as == "Understood as Demo Act Article 5(2)."


def test_the_answer_is_in_the_language_of_the_question_unless_told_otherwise(demo):
    assert demo.ask("見本法第5条第2項は?").sentences[0].text == "管理人は、毎晩日誌を記録しなければなりません。"
    assert demo.ask("見本法第5条第2項は?", Language.EN).sentences[0].text.startswith("The keeper")


@pytest.mark.parametrize(
    ("day", "minutes", "state"),
    [
        (date(2026, 6, 30), 30, "has applied since 1 June 2025 (old towers)"),
        (date(2026, 7, 1), 20, "has applied since 1 June 2025 (old towers)"),
        (date(2026, 12, 31), 20, "will apply from 1 January 2027 (new towers)"),
        (date(2027, 1, 1), 20, "has applied since 1 January 2027 (new towers)"),
        (date(2027, 12, 31), 20, "In this form it applies until 31 December 2027."),
        (date(2028, 1, 1), 20, "applied until 31 December 2027 and no longer does (old towers)"),
    ],
)
def test_the_answer_follows_the_day_asked_about(demo, day, minutes, state):
    answer = demo.ask("What does Article 5(1) of the Demo Act say?", as_of=day)
    assert f"within {minutes} minutes" in answer.answer
    assert state in answer.answer
    assert answer.as_of == day


def test_a_day_in_the_question_wins_over_the_option(demo):
    answer = demo.ask("Demo Act Article 5(1) as of 2026-06-30", as_of=date(2027, 1, 1))
    assert answer.as_of == date(2026, 6, 30)
    assert "Answered as the law stands on 30 June 2026." in answer.understood_as


def test_a_day_before_our_knowledge_begins_is_refused_with_the_first_day(demo):
    answer = demo.ask("Demo Act Article 5(1)", as_of=date(2024, 12, 31))
    assert answer.reason is Reason.NOT_IN_KNOWLEDGE
    assert "only from 1 January 2025" in answer.answer
    assert not demo.ask("Demo Act Article 5(1)", as_of=date(2025, 1, 1)).refused


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 6, 30), "was not part of the law on 30 June 2026: this text exists since 1 July 2026"),
        (date(2026, 7, 1), "must sound its horn"),
        (date(2027, 2, 28), "must sound its horn"),
        (date(2027, 3, 1), "the law until 28 February 2027"),
    ],
)
def test_a_provision_is_answered_only_on_days_on_which_it_is_the_law(demo, day, words):
    answer = demo.ask("Demo Act Article 8", as_of=day)
    assert words in answer.answer
    assert answer.refused is ("must" not in words)


def test_an_article_held_in_parts_is_listed(demo):
    answer = demo.ask("Demo Act Article 5")
    assert [c.provision for c in answer.citations] == ["eu.demo.art_5.par_1", "eu.demo.art_5.par_2"]


def test_a_finer_question_than_our_entries_shows_the_parent_and_says_so(demo):
    answer = demo.ask("Demo Act Article 5(1), point (b)")
    assert answer.citations[0].provision == "eu.demo.art_5.par_1"
    assert any("no separate entry for Demo Act Article 5(1)(b)" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("question", "reason", "words"),
    [
        ("", Reason.EMPTY, "type a question"),
        (" \n\t ", Reason.EMPTY, "type a question"),
        ("\x00\x01", Reason.UNDERSPECIFIED, "one more detail"),
        ("a" * 100_000, Reason.TOO_LONG, "100,000 characters"),
        ("Demo Act Article 10", Reason.NO_SUCH_PROVISION, "There are Articles 1 to 9 and 4a."),
        ("見本法第10条", Reason.NO_SUCH_PROVISION, "見本法に第10条はありません"),
        ("Demo Act Annex III", Reason.NO_SUCH_PROVISION, "There is no Annex III in Demo Act"),
        ("Demo Act Article 7", Reason.NOT_IN_KNOWLEDGE, "does not cover Demo Act Article 7 yet"),
        ("What are the rules in California?", Reason.OTHER_JURISDICTION, "only"),
        ("What must I do?", Reason.UNDERSPECIFIED, "one more detail"),
        ("Can I sue my neighbour about the lamp?", Reason.NEEDS_LEGAL_ADVICE, "lawyer"),
        ("recipe for apple strudel", Reason.OFF_TOPIC, "AI governance"),
        ("りんごのケーキの作り方", Reason.OFF_TOPIC, "AIガバナンス"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason_and_a_way_on(demo, question, reason, words):
    answer = demo.ask(question)
    assert answer.refused
    assert answer.reason is reason
    assert words in answer.answer
    assert not answer.citations
    assert not answer.sentences


def test_a_penalty_question_gives_the_sanction_and_its_provision(demo):
    answer = demo.ask("What is the fine for not lighting the lamp?")
    assert "EUR 7 million" in answer.answer
    assert "eu.demo.art_9.par_1" in {citation.provision for citation in answer.citations}


def test_a_date_question_begins_with_the_date(demo):
    first = demo.ask("When must the logbook be written?").sentences[0].text
    assert "has applied since 1 June 2025" in first


def test_a_question_about_a_role_gives_its_duties(demo):
    answer = demo.ask("What must keepers do about the lamp?")
    assert answer.sentences[0].text.startswith("**Light the lamp**")


def test_guidance_is_called_not_binding(demo):
    answer = demo.ask("Should visitors be told how the lamp works?")
    assert "jp.demo_guide.p_6.ii" in [citation.provision for citation in answer.citations]
    assert "not binding law" in answer.answer
    (citation,) = [c for c in answer.citations if c.provision == "jp.demo_guide.p_6.ii"]
    assert any("other than the official text" in note for note in citation.notes)


def test_the_day_our_knowledge_begins_is_not_told_as_the_day_the_rule_began(demo):
    answer = demo.ask("Demo Act Article 9(1)")
    assert "covered here from 1 June 2025" in answer.answer
    assert "since" not in answer.answer
    assert answer.citations[0].in_force
    assert answer.citations[0].applies_from is None


def test_only_cited_sources_are_listed_and_numbered_in_order(demo):
    answer = demo.ask("lamp keepers visitors logbook")
    used = [n for sentence in answer.sentences for n in sentence.citations]
    assert sorted(set(used)) == [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_a_spoilt_sentence_is_removed_and_reported(demo, monkeypatch):
    from assistant.answer import compose

    honest = compose.Composer._summary

    def spoil(self, entry, number):
        return [s.model_copy(update={"text": s.text + " 999 times."}) for s in honest(self, entry, number)]

    monkeypatch.setattr(compose.Composer, "_summary", spoil)
    answer = demo.ask("Demo Act Article 5(2)")
    assert "999" not in answer.answer
    assert any("removed" in warning for warning in answer.warnings)
    assert answer.trace["removed"]


def test_the_trace_says_how_the_answer_came_about(demo, small):
    trace = demo.ask("lighting the lamp").trace
    assert trace["knowledge"] == small.version
    assert trace["model"] is None
    assert trace["retrieved"][0]["provision"] == "eu.demo.art_5.par_1"
    assert trace["milliseconds"] >= 0


def test_old_knowledge_is_warned_about(small, settings):
    retriever = Retriever(small, passages_of(small), None)
    fresh = Assistant(small, retriever, settings, today=lambda: date(2027, 2, 21))
    stale = Assistant(small, retriever, settings, today=lambda: date(2027, 2, 22))
    assert fresh.stale_warning(Language.EN) is None
    assert "23 November 2026" in stale.stale_warning(Language.EN)
    assert any("2026年11月23日" in warning for warning in stale.ask("見本法第5条第2項").warnings)


def test_search_puts_named_provisions_first(demo):
    hits = demo.search("Demo Act Article 9(1) lamp")
    assert hits[0].provision == "eu.demo.art_9.par_1"
    assert hits[0].lanes == {"named": 1}
    assert len({hit.provision for hit in hits}) == len(hits)


def test_a_text_is_always_in_one_of_the_two_languages():
    assert Text(en="a", ja="あ").in_language(Language.JA) == "あ"
