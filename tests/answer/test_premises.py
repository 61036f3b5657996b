"""Wrong beliefs: seen where they are, left alone where they are not, put right by what the provisions say."""

from datetime import date, timedelta
from functools import reduce
from pathlib import Path

import pytest
import yaml
from conftest import TODAY

from assistant.answer.premises import asks_whether, wrong_premise
from assistant.answer.understand import understand
from assistant.answer.verify import Verifier
from assistant.answer.wording import sentences
from assistant.law.cues import folded
from assistant.search.router import Router
from assistant.search.tokens import language_of
from assistant.types import Language, Sentence
from evals.scorers.evidence import evidence_of

CASES = yaml.safe_load((Path(__file__).resolve().parent.parent / "cases" / "premises.yaml").read_text(encoding="utf-8"))


def _shown(question, day, knowledge):
    asked = understand(question, knowledge, Router(knowledge), None)
    premise = wrong_premise(asked, asked.day or day, knowledge)
    return premise.id if premise else None


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_questions_show_the_belief_and_neighbours_do_not(case, knowledge):
    first_day = max(TODAY, knowledge.premises[case["id"]].from_ or TODAY)
    assert {language_of(question) for question in case["hits"]} == set(Language)
    for question in case["hits"]:
        assert _shown(question, first_day, knowledge) == case["id"], question
    assert case["misses"]
    for question in case["misses"]:
        assert _shown(question, TODAY, knowledge) is None, question


def test_every_belief_has_its_questions(knowledge):
    assert [case["id"] for case in CASES] == list(knowledge.premises)


def test_a_correction_states_no_figure_that_its_provisions_do_not_state(knowledge):
    for premise in knowledge.premises.values():
        for language in Language:
            verifier = Verifier(knowledge, language, dict(enumerate(premise.provisions)).get)
            for text in sentences(premise.correction.in_language(language), language):
                assert verifier.holds(Sentence(text=text, citations=list(range(len(premise.provisions))))), (premise.id, text)


@pytest.mark.parametrize("language", list(Language))
def test_a_correction_speaks_of_what_its_provisions_speak_of(language, knowledge):
    """Most words of a correction are words of its provisions: measured without the correction itself."""
    from dataclasses import replace

    from assistant.search.tokens import tokens

    bare = replace(knowledge, premises={})
    for premise in knowledge.premises.values():
        found = [evidence_of(provision, bare, language, TODAY) for provision in premise.provisions]
        joined = reduce(lambda one, other: one.merged(other), found)
        known = {word for text in joined.sources for word in tokens(text)} | joined.name_words
        words = set(tokens(premise.correction.in_language(language)))
        assert len(words & known) / len(words) >= 0.6, (premise.id, sorted(words - known))


def test_a_dated_belief_is_wrong_from_its_day_to_its_day(knowledge):
    dated = [premise for premise in knowledge.premises.values() if premise.from_ or premise.to]
    assert dated
    for premise in dated:
        if premise.from_:
            assert premise.wrong_on(premise.from_)
            assert not premise.wrong_on(premise.from_ - timedelta(days=1))
        if premise.to:
            assert premise.wrong_on(premise.to - timedelta(days=1))
            assert not premise.wrong_on(premise.to)


def test_a_belief_is_left_alone_before_the_day_from_which_it_is_wrong(knowledge):
    question = "The high-risk rules apply from August 2026, so what do we need?"
    assert _shown(question, date(2026, 7, 26), knowledge) is None
    assert _shown(question, date(2026, 7, 27), knowledge) == "high_risk_since_2026"


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("Keepers have 40 minutes, so when must they start?", "This rests on a wrong premise. The keeper must"),
        ("Do keepers have 40 minutes?", "No. The keeper must"),
        ("Do keepers have 40 minutes? We need it for a manual.", "The keeper must"),
        ("Do keepers not have 40 minutes?", "The keeper must"),
        ("管理人は40分以内に点灯すればよいですよね", "ご質問の前提に誤りがあります。管理人は"),
        ("管理人の猶予は40分ですか", "いいえ。管理人は"),
    ],
)
def test_the_correction_comes_first_and_fits_how_it_was_asked(question, start, demo):
    answer = demo.ask(question, as_of=date(2026, 11, 23))
    assert answer.answer.startswith(start)
    assert {citation.provision for citation in answer.citations} == {"eu.demo.art_5.par_1"}
    assert not answer.trace["removed"]


def test_a_word_that_takes_the_belief_back_and_another_day_leave_the_question_alone(demo):
    assert "wrong premise" not in demo.ask("Had the keeper of an old tower 40 minutes?", as_of=date(2026, 11, 23)).answer
    assert "wrong premise" not in demo.ask("Keepers have 40 minutes, right", as_of=date(2026, 6, 30)).answer


@pytest.mark.parametrize(
    ("piece", "asks"),
    [
        ("Is it so?", True),
        ("It is so, isn't it?", False),
        ("そうですか", True),
        ("そうですよね", False),
        ("義務なので、何が必要ですか", False),
    ],
)
def test_a_sentence_asks_whether_something_is_so(piece, asks):
    assert asks_whether(folded(piece), language_of(piece)) is asks
