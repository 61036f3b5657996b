"""What is read off a sentence: from both sides, in both languages."""

import pytest

from assistant.answer.claim_marks import (
    days,
    has_markup,
    in_language,
    names_provision,
    numbers,
    parties,
    plain,
    provisions,
    quantities,
    states_day,
)
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 2 December 2027", {(2027, 12, 2)}),
        ("from December 2, 2027", {(2027, 12, 2)}),
        ("since 2027-12-02", {(2027, 12, 2)}),
        ("since August 2026", {(2026, 8, 0)}),
        ("2027年12月2日から", {(2027, 12, 2)}),
        ("令和9年12月2日から", {(2027, 12, 2)}),
        ("２０２６年８月以降", {(2026, 8, 0)}),
        ("within 72 hours", set()),
    ],
)
def test_days(text, found):
    assert days(text) == found


@pytest.mark.parametrize(
    ("day", "stated", "fits"),
    [
        ((2027, 12, 2), {(2027, 12, 2)}, True),
        ((2027, 12, 0), {(2027, 12, 2)}, True),
        ((2027, 12, 3), {(2027, 12, 2)}, False),
        ((2027, 12, 2), {(2027, 12, 0)}, False),
        ((2028, 12, 0), {(2027, 12, 2)}, False),
    ],
)
def test_a_month_is_stated_by_a_day_in_it_and_not_the_reverse(day, stated, fits):
    assert states_day(day, stated) is fits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("at least 6 months", {(6, "month")}),
        ("at least six months", {(6, "month")}),
        ("a six-month period", {(6, "month")}),
        ("少なくとも6か月間", {(6, "month")}),
        ("少なくとも６ヶ月", {(6, "month")}),
        ("within 72 hours and 15 working days", {(72, "hour"), (15, "day")}),
        ("72時間以内、15日以内", {(72, "hour"), (15, "day")}),
        ("up to EUR 35 million or 7 %", {(35e6, "euro"), (7, "percent")}),
        ("up to €35m or 7 per cent", {(35e6, "euro"), (7, "percent")}),
        ("3,500万ユーロ又は7％", {(35e6, "euro"), (7, "percent")}),
        ("1億円以下", {(1e8, "yen")}),
        ("on 2 December 2027", set()),
        ("Article 26", set()),
    ],
)
def test_numbers_with_their_units(text, found):
    assert quantities(text) == found


@pytest.mark.parametrize(("text", "found"), [("€35m", {35e6}), ("EUR 35 million", {35e6}), ("in 3 of 4 cases", {3, 4})])
def test_numbers(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Article 26(5)", {("article", "26", "5")}),
        ("Art. 6 (3) applies", {("article", "6", "3")}),
        ("第26条第5項", {("article", "26条", "5")}),
        ("30条の4", {("article", "30条の4")}),
        ("Annex III point 4(a)", {("annex", "iii", "4", "a")}),
        ("Annex III for systems", {("annex", "iii")}),
        ("附属書III第4号", {("annex", "iii", "4")}),
        ("recital 53", {("recital", "53")}),
        ("前文53", {("recital", "53")}),
        ("in 26 cases", set()),
    ],
)
def test_provisions(text, found):
    assert provisions(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Providers must keep logs.", {"provider"}),
        ("A provider of a general-purpose AI model must keep logs.", {"provider of a general-purpose ai model"}),
        ("Deployers and providers must keep logs.", {"provider", "deployer"}),
        ("What is provided must be kept.", set()),
        ("導入者は記録を保存しなければなりません。", {"導入者"}),
    ],
)
def test_parties(text, found):
    assert parties(text, ["provider", "provider of a general-purpose AI model", "deployer", "導入者"]) == found


def test_a_part_is_named_by_itself_and_a_whole_by_its_part():
    named = {("article", "26", "5")}
    assert names_provision(("article", "26"), named)
    assert names_provision(("article", "26", "5"), named)
    assert not names_provision(("article", "26", "6"), named)
    assert not names_provision(("article", "27"), named)
    assert not names_provision(("article", "26", "5"), {("article", "26")})


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x>", "![x](http://evil.example/x.png)", "[here](//evil.example)", "at https://evil.example", "www.evil.example",
        "write to me@evil.example", "cited [1]", "`code`", "hid\u200bden", "turned \u202earound", "＜b＞", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_markup_is_noticed(text):
    assert has_markup(text)


@pytest.mark.parametrize(
    "text", ["Within 20 minutes (Article 5(1)).", "管理人は、20分以内に点灯します（第5条第1項）。", "up to 7 % & more"]
)
def test_plain_sentences_have_no_markup(text):
    assert not has_markup(text)


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        ("You must light the lamp.", Language.EN, True),
        ("Twenty minutes.", Language.EN, True),
        ("The APPI (個人情報保護法) applies to the business.", Language.EN, True),
        ("Der Betreiber muss die Protokolle sechs Monate lang aufbewahren.", Language.EN, False),
        ("Le déployeur conserve les journaux pendant six mois.", Language.EN, False),
        ("Оператор должен хранить журналы шесть месяцев.", Language.EN, False),
        ("管理人は点灯しなければなりません。", Language.EN, False),
        ("管理人は点灯しなければなりません。", Language.JA, True),
        ("EU AI法のGPAIモデルに適用されます。", Language.JA, True),
        ("You must light the lamp.", Language.JA, False),
        ("部署者必须保存日志六个月。", Language.JA, False),
    ],
)
def test_the_language_of_a_sentence(text, language, fits):
    assert in_language(text, language) is fits


def test_spans_are_compared_without_quotes_dashes_and_spaces_of_print():
    assert plain("“high‑risk”\u00a0AI\nsystem – it’s") == plain('"high-risk" AI system - it\'s')
    assert plain("not high-risk") != plain("high-risk")
