"""What an answer stands on: each part and each side is heard; one side alone is kept to."""

import pytest


def _documents(answer):
    return {citation.document.split(".")[0] for citation in answer.citations}


def test_every_thing_asked_is_answered(real):
    cited = [one.provision for one in real.ask(
        "Is CV screening software high-risk, and how long must deployers keep the logs?"
    ).citations]  # fmt: skip
    assert "eu.ai_act.annex_iii.point_4.a" in cited
    assert "eu.ai_act.art_26.par_6" in cited


def test_both_sides_are_heard_where_both_are_named(real):
    answer = real.ask("How long do we have to report a personal data breach in the EU and in Japan?")
    assert {"eu", "jp"} <= _documents(answer)


@pytest.mark.parametrize(
    "question", ["日本で顔画像を無差別に収集してよいですか", "Is untargeted face scraping allowed in Japan?"]
)
def test_where_japan_alone_is_asked_for_no_rule_of_the_eu_answers(question, real):
    answer = real.ask(question)
    assert "eu" not in _documents(answer)
    assert answer.refused or answer.warnings  # nothing clear was found, and that is said


def test_what_a_question_asks_beyond_the_provision_it_names_is_answered_too(real):
    answer = real.ask(
        "利用目的を公表していなかったこと（個人情報保護法21条）が発覚した場合、委員会は勧告なしに緊急命令を出せますか"
    )
    cited = [one.provision for one in answer.citations]
    assert any(one.startswith("jp.appi.art_21") for one in cited)
    assert any(one.startswith("jp.appi.art_148") for one in cited)
