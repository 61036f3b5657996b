"""A claim stands only where nothing in its passages speaks against it; each fault has its reason."""

import pytest

from assistant.answer.claim_checks import Passage, Reason, fault
from assistant.answer.claims import Claim
from assistant.types import Language

EN = {
    1: Passage(
        1,
        "Demo Act Article 5(1) – Lighting the lamp",
        (
            "The keeper must light the lamp within 20 minutes after sunset. Fog is no excuse.",
            "It will apply from 1 January 2027 (new towers).",
            "Small towers may be lit by a lantern. The duty shall not apply to ruins.",
        ),
    ),
    2: Passage(2, "Demo Act Article 9(1) – Penalties", ("A breach of Article 5 costs up to EUR 7 million.",)),
}
JA = {
    1: Passage(
        1,
        "見本法第5条第1項 – 灯火の点灯",
        (
            "管理人は、日没後20分以内に灯火を点灯しなければなりません。霧は理由になりません。",
            "2027年1月1日から適用されます（新しい塔）。",
            "小さな塔では、ランタンを用いることができます。廃墟には適用されません。",
        ),
    ),
}
LIGHT, LIGHT_JA = (
    "The keeper must light the lamp within 20 minutes after sunset",
    "管理人は、日没後20分以内に灯火を点灯しなければなりません",
)


@pytest.mark.parametrize(
    ("text", "spans", "language"),
    [
        ("You must light the lamp within 20 minutes after sunset.", [LIGHT], Language.EN),
        ("Keepers must light their lamp within twenty minutes of sunset.", [LIGHT], Language.EN),
        (
            "Article 5(1) applies to new towers from 1 January 2027.",
            ["It will apply from 1 January 2027 (new towers)"],
            Language.EN,
        ),
        ("Ruins are exempt.", ["The duty shall not apply to ruins."], Language.EN),
        ("A small tower can be lit by a lantern.", ["Small towers may be lit by a lantern"], Language.EN),
        ("日没後20分以内に灯火を点灯する必要があります。", [LIGHT_JA], Language.JA),
        ("新しい塔には2027年1月1日から適用されます。", ["2027年1月1日から適用されます（新しい塔）"], Language.JA),
        ("廃墟は対象外で、適用されません。", ["廃墟には適用されません"], Language.JA),
    ],
)
def test_a_paraphrase_stands(text, spans, language):
    assert fault(Claim(text=text, passages=[1], spans=spans), JA if language is Language.JA else EN, language) is None


@pytest.mark.parametrize(
    ("text", "passages", "spans", "reason"),
    [
        ("You must light the lamp.", [], [LIGHT], Reason.NO_CITATION),
        ("You must light the lamp.", [7], [LIGHT], Reason.NO_SUCH_PASSAGE),
        ("You must light the lamp.", [1, 7], [LIGHT], Reason.NO_SUCH_PASSAGE),
        ("You must light the lamp.", [1], [], Reason.NO_SPAN),
        ("You must light the lamp.", [1], ["the"], Reason.NO_SPAN),
        ("You must light the lamp.", [1], ["The keeper may light the lamp"], Reason.NOT_VERBATIM),
        ("A breach costs money.", [1], ["A breach of Article 5 costs up to EUR 7 million"], Reason.NOT_VERBATIM),
        ("See [the lamp](https://evil.example).", [1], [LIGHT], Reason.MARKUP),
        ("Sie müssen die Lampe binnen 20 Minuten anzünden.", [1], [LIGHT], Reason.LANGUAGE),
        ("日没後20分以内に点灯しなければなりません。", [1], [LIGHT], Reason.LANGUAGE),
        ("You must light the lamp within 30 minutes after sunset.", [1], [LIGHT], Reason.FIGURE),
        ("You must light the lamp for 20 years after sunset.", [1], [LIGHT], Reason.FIGURE),
        ("The lamp duty applies from 1 January 2028.", [1], ["It will apply from 1 January 2027"], Reason.DATE),
        ("The lamp duty of Article 5(2) is yours.", [1], [LIGHT], Reason.PROVISION),
        ("You may light the lamp within 20 minutes after sunset.", [1], [LIGHT], Reason.FORCE),
        ("You need not light the lamp within 20 minutes after sunset.", [1], [LIGHT], Reason.FORCE),
        ("Small towers must be lit by a lantern.", [1], ["Small towers may be lit by a lantern"], Reason.FORCE),
        ("The lamp is never lit within 20 minutes after sunset.", [1], [LIGHT], Reason.NEGATION),
        ("The duty applies to ruins.", [1], ["The duty shall not apply to ruins"], Reason.NEGATION),
        ("The duty is to apply to ruins.", [1], ["apply to ruins"], Reason.NEGATION),
        ("You can send personal data abroad and sell everything.", [1], [LIGHT], Reason.UNRELATED),
    ],
)  # fmt: skip
def test_each_fault_has_its_reason(text, passages, spans, reason):
    assert fault(Claim(text=text, passages=passages, spans=spans), EN, Language.EN) is reason


@pytest.mark.parametrize(
    ("text", "spans", "reason"),
    [
        ("日没後30分以内に灯火を点灯しなければなりません。", [LIGHT_JA], Reason.FIGURE),
        ("日没後20時間以内に灯火を点灯しなければなりません。", [LIGHT_JA], Reason.FIGURE),
        ("新しい塔には2028年1月1日から適用されます。", ["2027年1月1日から適用されます"], Reason.DATE),
        ("第5条第2項により灯火を点灯しなければなりません。", [LIGHT_JA], Reason.PROVISION),
        ("日没後20分以内に灯火を点灯することができます。", [LIGHT_JA], Reason.FORCE),
        ("廃墟にも適用されます。", ["廃墟には適用"], Reason.NEGATION),
        ("You must light the lamp within 20 minutes.", [LIGHT_JA], Reason.LANGUAGE),
    ],
)
def test_each_fault_has_its_reason_in_japanese(text, spans, reason):
    assert fault(Claim(text=text, passages=[1], spans=spans), JA, Language.JA) is reason


def test_without_spans_the_whole_passage_is_read():
    assert fault(Claim(text="You must light the lamp within 20 minutes after sunset.", passages=[1]), EN, Language.EN) is None
    wrong = Claim(text="The keeper may light the lamp within 20 minutes after sunset.", passages=[1])
    assert fault(wrong, EN, Language.EN) is Reason.FORCE


@pytest.mark.parametrize(("party", "reason"), [("keeper", None), ("harbour master", Reason.PARTY)])
def test_a_claim_is_about_a_party_that_its_passages_name(party, reason):
    claim = Claim(text=f"The {party} must light the lamp within 20 minutes after sunset.", passages=[1], spans=[LIGHT])
    assert fault(claim, EN, Language.EN, ["keeper", "harbour master"]) is reason
