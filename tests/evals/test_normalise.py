"""Statements of either language are compared in one form: the same fact reads the same, another one does not."""

import pytest

from evals.normalise import canonical, dates, states


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 December 2027", "2027年12月2日"),
        ("Dec. 2, 2027", "2027-12-02"),
        ("2nd of December 2027", "令和9年12月2日"),
        ("令和元年5月1日", "1 May 2019"),
        ("six months", "6 months"),
        ("6ヶ月", "6 か月"),
        ("六か月", "6カ月"),
        ("10 per cent", "10 %"),
        ("10パーセント", "10%"),
        ("第２６条", "第26条"),
    ],
)
def test_the_same_is_written_in_two_ways(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("EUR 35 million", "35000000"),
        ("€35,000,000", "35000000"),
        ("3,500万ユーロ", "35000000"),
        ("1億5,000万円", "150000000"),
        ("十万円以下の過料", "100000"),
        ("7.5 million", "7500000"),
        ("EUR 2bn", "2000000000"),
    ],
)
def test_amounts_are_plain_numbers(text, amount):
    assert f"<{amount}>" in canonical(text)


@pytest.mark.parametrize("text", ["31 February 2027", "2027-13-01", "2027年13月1日"])
def test_a_day_that_does_not_exist_is_no_date(text):
    assert dates(text) == set()


@pytest.mark.parametrize(
    ("text", "statement", "said"),
    [
        ("Logs are kept for at least six months.", "6 month", True),
        ("Logs are kept for 26 months.", "6 months", False),
        ("It applies from 2 December 2027.", "2027-12-02", True),
        ("It applies from 2 December 2027.", "2 December 2028", False),
        ("Deployers keep logs for six months.", "deployer & 6 month", True),
        ("Deployers keep logs.", "deployer & 6 month", False),
        ("The informed user", "inform", True),
        ("It is reinformed", "inform", False),
        ("導入者は、ログを6か月以上保存します。", "導入者 & 6か月", True),
        ("**Deployers** must", "deployers must", True),
    ],
)
def test_a_statement_is_found_in_other_words_of_the_same_fact_only(text, statement, said):
    assert states(text, statement) is said
