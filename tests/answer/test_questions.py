"""The assistant as it ships: people's questions get the right provision; other questions get none."""

from pathlib import Path

import pytest
import yaml

CASES = Path(__file__).resolve().parent.parent / "cases"
QUESTIONS = yaml.safe_load((CASES / "questions.yaml").read_text(encoding="utf-8"))
OFF_TOPIC = yaml.safe_load((CASES / "off_topic.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", QUESTIONS, ids=[case["ask"] for case in QUESTIONS])
def test_a_question_is_answered_from_the_right_provision(case, real):
    answer = real.ask(case["ask"])
    assert not answer.refused, answer.answer
    cited = [citation.provision for citation in answer.citations]
    assert set(cited[:3]) & set(case["cites"]), cited
    for words in case.get("says", []):
        assert words in answer.answer


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_a_question_on_another_subject_is_refused(question, real):
    answer = real.ask(question)
    assert answer.refused, [citation.label for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "provision"),
    [
        ("AI Act Article 26(5)", "eu.ai_act.art_26.par_5"),
        ("Art. 6(3) AI Act", "eu.ai_act.art_6.par_3"),
        ("Annex III 4(a) of the AI Act", "eu.ai_act.annex_iii.point_4.a"),
        ("GDPR 22(1)", "eu.gdpr.art_22.par_1"),
        ("AI法第50条第2項", "eu.ai_act.art_50.par_2"),
        ("個人情報保護法二十七条一項", "jp.appi.art_27.par_1"),
        ("AI推進法7条", "jp.ai_promotion_act.art_7"),
        ("AI事業者ガイドラインのP-6) ii)", "jp.ai_guidelines.p_6.ii"),
        ("AI Act Article 5(1)(ba)", "eu.ai_act.art_5.par_1.point_ba"),
    ],
)
def test_a_named_provision_is_cited_first(question, provision, real):
    assert real.ask(question).citations[0].provision == provision


@pytest.mark.parametrize(
    "question",
    [
        "AI Act Article 114", "AI Act Article 26(13)", "AI Act Annex XV", "GDPR Article 100", "個人情報保護法第186条",
        "AI推進法29条", "AI法第200条", "Recital 181 of the AI Act", "AI Act Article 4b", "GDPR Art. 22(5)",
    ],
)  # fmt: skip
def test_an_invented_provision_is_refused(question, real):
    assert real.ask(question).reason == "no_such_provision"


@pytest.mark.long
def test_every_sentence_of_a_named_answer_is_cited(real):
    for provision in real.knowledge.provisions:
        answer = real.ask(provision)
        assert not answer.refused, provision
        assert all(sentence.citations for sentence in answer.sentences), provision
        assert not answer.trace["removed"], (provision, answer.trace["removed"])
