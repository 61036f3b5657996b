"""What a question asks, read without guessing."""

from datetime import date

import pytest

from assistant.answer.days import with_months
from assistant.answer.understand import understand
from assistant.search.router import Router
from assistant.types import Jurisdiction


def _read(text, knowledge):
    return understand(text, knowledge, Router(knowledge), None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What must keepers do?", "obligation"),
        ("When does Article 5 apply?", "date"),
        ("What is the fine?", "penalty"),
        ("What is a keeper?", "definition"),
        ("Compare the EU with Japan", "comparison"),
        ("Who must light the lamp?", "who"),
        ("いつから適用されますか", "date"),
        ("罰則はありますか", "penalty"),
        ("管理人とは何ですか", "definition"),
        ("EUと日本の違いは", "comparison"),
        ("誰が点灯するのですか", "who"),
        ("何をしなければなりませんか", "obligation"),
        ("Is there finesse in it?", "obligation"),
    ],
)
def test_the_kind_of_question(text, kind, small):
    assert _read(text, small).kind == kind


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("What applied as of 2026-06-30?", date(2026, 6, 30)),
        ("What applies as of 1 March 2028?", date(2028, 3, 1)),
        ("as of March 2028, what applies?", date(2028, 3, 1)),
        ("On 2nd December 2027, what applies?", date(2027, 12, 2)),
        ("2028年3月1日時点の義務は", date(2028, 3, 1)),
        ("2028年3月現在では", date(2028, 3, 1)),
        ("In March 2028, must we have a representative?", date(2028, 3, 1)),
        ("Which duties apply from Dec. 2, 2027?", date(2027, 12, 2)),
        ("What must be done by August 2027?", date(2027, 8, 1)),
        ("What applies in 2028?", date(2028, 1, 1)),
        ("2026年9月1日に新しく上市する製品の義務は", date(2026, 9, 1)),
        ("2027年12月以降、何が変わりますか", date(2027, 12, 1)),
        ("2027年8月までに何をすべきですか", date(2027, 8, 1)),
        ("令和9年1月17日時点の罰則は", date(2027, 1, 17)),
        ("systems placed on the market before 2 August 2026", None),
        ("Does the obligation of 2 August 2026 concern us?", None),
        ("Is it true that the rules apply from August 2026?", None),
        ("Does the duty start on 2 August 2026?", None),
        ("Our bot was launched in March 2025, what must it say?", None),
        ("The protocol of 2024 and what was signed in July 2024", None),
        ("What about Regulation (EU) 2024/1689?", None),
        ("What applies on 1 May 2027 and on 1 May 2028?", None),
        ("As of 1 May 2027, what must a bot launched in June 2025 do?", date(2027, 5, 1)),
        ("2025年3月に公開したサービスの義務は", None),
        ("2026年8月から適用されていると聞きました", None),
        ("2026年8月2日に適用が開始された規定", None),
        ("as of 31 February 2028", None),
        ("What must I do?", None),
    ],
)
def test_the_day_asked_about(text, day, small):
    assert _read(text, small).day == day


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("from august 2, 2026 on", " august 2026 2026年8月"),
        ("on 2/8/2026", " august 2026 2026年8月"),
        ("on 2026 08 02", " august 2026 2026年8月"),
        ("令和9年1月17日から", " january 2027 2027年1月"),
        ("in 2026 or 2027年", ""),
        ("31 february 2027", ""),
    ],
)
def test_a_month_is_written_out_whatever_form_a_day_has(text, added):
    assert with_months(text) == text + added


def test_roles_and_jurisdictions_named(small):
    question = _read("Must keepers in Japan and the EU light lamps?", small)
    assert question.roles == {"keeper"}
    assert question.jurisdictions == {Jurisdiction.EU, Jurisdiction.JP}
    assert not _read("beekeepers", small).roles


def test_a_longer_role_name_hides_a_shorter_one_within_it(knowledge):
    assert _read("What must a GPAI provider document?", knowledge).roles == {"gpai_provider"}
    assert _read("AI提供者は何をすべきですか", knowledge).roles == {"jp_provider"}
    assert "deployer" in _read("導入者の義務", knowledge).roles


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("law in California", True),
        ("中国では", True),
        ("in Japan", False),
        ("the California Demo Act", True),
        ("Texas Demo Act", True),
        ("China's Demo Act", True),
        ("中国の見本法", True),
        ("Does the Demo Act reach a company in California?", False),
        ("California and Japan", False),
    ],
)
def test_other_jurisdictions_are_noticed(text, elsewhere, small):
    assert bool(_read(text, small).elsewhere) is elsewhere
