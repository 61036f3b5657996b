"""Must, may and their like, and what denies: from both sides, in both languages."""

import pytest

from assistant.answer.claim_force import carries_forces, forces, negates
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The provider must keep logs.", {"must"}),
        ("The provider must not keep logs.", {"ban"}),
        ("Nobody may use it.", {"ban"}),
        ("The provider need not keep logs.", {"free"}),
        ("The provider does not have to keep logs.", {"free"}),
        ("The provider should keep logs.", {"should"}),
        ("The business must endeavour to inform people.", {"effort"}),
        ("The provider may keep logs.", {"may"}),
        ("The provider keeps logs.", set()),
        ("提供者は記録を保存しなければなりません。", {"must"}),
        ("提供者は記録を保存してはなりません。", {"ban"}),
        ("提供者は記録を保存する必要はありません。", {"free"}),
        ("提供者は記録を保存することが望まれます。", {"should"}),
        ("事業者は本人に知らせるよう努めなければなりません。", {"effort"}),
        ("提供者は記録を保存できます。", {"may"}),
        ("提供者は記録を保存します。", set()),
    ],
)
def test_the_force_of_a_sentence(text, found):
    assert forces(text, Language.JA if "。" in text else Language.EN) == found


@pytest.mark.parametrize(
    ("claim", "passage", "carried"),
    [
        ({"must"}, {"must"}, True),
        ({"must"}, {"ban"}, True),
        ({"must"}, {"should"}, False),
        ({"must"}, {"may"}, False),
        ({"may"}, {"must"}, False),
        ({"free"}, {"must"}, False),
        ({"ban"}, {"must"}, False),
        ({"should"}, {"effort"}, True),
        ({"must", "may"}, {"must"}, False),
        (set(), {"must"}, True),
        ({"must"}, set(), True),
    ],
)
def test_which_force_carries_which(claim, passage, carried):
    assert carries_forces(claim, passage) is carried


@pytest.mark.parametrize(
    ("text", "denied", "flatly"),
    [
        ("It does not apply to banks.", True, True),
        ("You are exempt.", True, True),
        ("It applies unless the risk is low.", True, False),
        ("It applies to banks.", False, False),
        ("No later than 15 days after.", False, False),
        ("It does not apply yet.", False, False),
        ("銀行には適用されません。", True, True),
        ("銀行は対象外です。", True, True),
        ("銀行を除き、適用されます。", True, False),
        ("銀行に適用されます。", False, False),
        ("保存しなければなりません。", False, False),
        ("まだ適用されていません。", False, False),
    ],
)
def test_what_denies(text, denied, flatly):
    language = Language.JA if "。" in text else Language.EN
    assert negates(text, language) is denied
    assert negates(text, language, flatly=True) is flatly
