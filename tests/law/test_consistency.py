"""The two languages of a text must state the same figures."""

import pytest

from assistant.law.consistency import disagreements, figures
from assistant.law.schema import Text


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("2 December 2027", "2027年12月2日"),
        ("December 2027", "2027年12月"),
        ("EUR 35 million or 7 %", "3,500万ユーロ又は7%"),
        ("EUR 7.5 million", "750万ユーロ"),
        ("JPY 100 million", "1億円"),
        ("EUR 750 000 is written 750,000", "750と000は750,000"),
        ("10^25 FLOP", "10^25回の浮動小数点演算"),
        ("Act No. 53 of 2025", "令和7年法律第53号"),
        ("Article 26(5)", "第26条第5項"),
        ("cases (i), (iv) and (ix)", "第1号、第4号及び第9号"),
    ],
)
def test_equal_figures_are_recognised_in_both_notations(english, japanese):
    assert figures(english) == figures(japanese)


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("2 December 2027", "2027年12月3日"),
        ("EUR 35 million", "350万ユーロ"),
        ("within 72 hours", "速やかに"),
    ],
)
def test_different_figures_are_reported(english, japanese):
    assert dict(disagreements(Text(en=english, ja=japanese)))


def test_the_path_of_a_disagreement_leads_to_the_text(small):
    provision = small.provisions["eu.demo.art_5.par_1"]
    assert list(disagreements(provision)) == []
    spoilt = provision.model_copy(update={"heading": Text(en="Lamp 1", ja="灯火2")})
    assert list(disagreements(spoilt)) == [("heading", {1.0, 2.0})]
