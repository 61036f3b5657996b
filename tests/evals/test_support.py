"""Does a citation carry a sentence? Sentences as the product writes them, and the same with one thing wrong."""

from datetime import date

import pytest

from assistant.types import Language
from evals.scorers.evidence import evidence_of
from evals.scorers.support import fault, is_frame

TODAY = date(2026, 11, 26)
LOGS = "eu.ai_act.art_26.par_6"


def _fault(text, provision, language=Language.EN, day=TODAY, knowledge=None):
    return fault(text, evidence_of(provision, knowledge, language, day), language, day)


def _summary(knowledge, provision, language=Language.EN):
    return knowledge.provisions[provision].wording_on(TODAY).summary.in_language(language)


@pytest.mark.parametrize("language", list(Language))
def test_every_summary_carries_itself_and_no_other_does(language, knowledge):
    text = _summary(knowledge, LOGS, language)
    assert _fault(text, LOGS, language, knowledge=knowledge) is None
    assert _fault(text, "jp.appi.art_17.par_1", language, knowledge=knowledge)
    assert _fault(text, "eu.no_such.thing", language, knowledge=knowledge)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("It does not apply yet. It will apply from 2 December 2027 (systems that are high-risk under Annex III).", False),
        ("It does not apply yet. It will apply from 2 December 2028 (systems that are high-risk under Annex III).", True),
        ("It does not apply yet. It will apply from 2 August 2028 (systems that are high-risk under Annex III).", True),
        ("It has applied since 2 December 2027 (systems that are high-risk under Annex III).", True),
        ("It will apply from 2 December 2027 (systems of every kind).", True),
        ("It will not apply from 2 December 2027 (systems that are high-risk under Annex III).", True),
        ("It applied until 1 December 2027 and no longer does.", True),
    ],
)
def test_days_are_told_in_their_tense_and_for_their_case(text, wrong, knowledge):
    assert bool(_fault(text, LOGS, knowledge=knowledge)) is wrong


def test_the_tense_follows_the_day_asked_about(knowledge):
    text = "It has applied since 2 December 2027 (systems that are high-risk under Annex III)."
    assert _fault(text, LOGS, day=date(2027, 12, 1), knowledge=knowledge)
    assert _fault(text, LOGS, day=date(2027, 12, 2), knowledge=knowledge) is None


def test_a_heading_must_be_a_name_of_what_is_cited(knowledge):
    first = _summary(knowledge, LOGS).split(". ")[0].rstrip(".") + "."
    assert _fault(f"**AI Act Article 26(6)**: {first}", LOGS, knowledge=knowledge) is None
    assert "is headed" in _fault(f"**AI Act Article 26(5)**: {first}", LOGS, knowledge=knowledge)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        (Language.EN, "must", "must not"),
        (Language.EN, "6 months", "3 months"),
        (Language.EN, "must", "may"),
        (Language.JA, "なければなりません", "なくてもかまいません"),
        (Language.JA, "6か月", "3か月"),
    ],
)
def test_one_changed_word_is_noticed(language, old, new, knowledge):
    text = _summary(knowledge, LOGS, language)
    assert old in text
    assert _fault(text.replace(old, new, 1), LOGS, language, knowledge=knowledge)


def test_headings_of_the_product_are_no_claims():
    assert is_frame("**European Union**", Language.EN)
    assert is_frame("**日本**", Language.JA)
    assert not is_frame("Deployers must keep logs.", Language.EN)
