"""Index terms and language of a text."""

import pytest

from assistant.search.tokens import language_of, normalise, tokens
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What must a deployer do?", "en"),
        ("導入者は何をしなければなりませんか", "ja"),
        ("EU AI ActのArticle 26(5)について教えて", "ja"),
        ("deployerの義務は?", "ja"),
        ("AI法13条", "ja"),
        ("What does 要配慮個人情報 mean?", "en"),
        ("What does なりすまし mean under the AI Act?", "en"),
        ("12345 ???", "en"),
    ],
)
def test_the_language_of_a_mixture_is_that_of_its_grammar(text, language):
    assert language_of(text) is Language(language)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("第二十七条第一項", "第27条第1項"),
        ("第百四十八条", "第148条"),
        ("第三十条の四", "第30条の4"),
        ("ＡＩ法　第５０条", "AI法 第50条"),
        ("a\x00b\x1bc", "a b c"),
    ],
)
def test_width_numerals_and_control_characters_are_normalised(written, normal):
    assert normalise(written) == normal


def test_article_numbers_stay_whole():
    assert "第27条" in tokens("個人情報保護法第二十七条第一項")
    assert "第13条" in tokens("AI法13条")
    assert "第30条の4" in tokens("著作権法三十条の四は第30条の4")


def test_japanese_is_cut_into_pairs_without_mere_grammar():
    assert tokens("要配慮個人情報") == ["要配", "配慮", "慮個", "個人", "人情", "情報"]
    assert tokens("これはです") == []


def test_english_is_stemmed_without_stop_words():
    assert tokens("What are the deployers' obligations?") == ["deploy", "oblig"]
    assert tokens("high-risk") == ["high", "risk"]
