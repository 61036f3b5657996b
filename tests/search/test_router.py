"""Questions that name a provision are routed to it."""

import time
from pathlib import Path

import pytest
import yaml

from assistant.search.router import Router

SPELLINGS = [
    (spelt, case["ids"], case.get("also", []))
    for case in yaml.safe_load((Path(__file__).parents[1] / "cases" / "spellings.yaml").read_text(encoding="utf-8"))
    for spelt in case["spelt"]
]


@pytest.fixture(scope="module")
def router(small):
    return Router(small)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Article 5(1) of the Demo Act say?", "eu.demo.art_5.par_1"),
        ("Demo Act Art. 5 para 2", "eu.demo.art_5.par_2"),
        ("paragraph 2 of article 5 of the Demo Act", "eu.demo.art_5.par_2"),
        ("Demo Act 5(2)", "eu.demo.art_5.par_2"),
        ("Article 3(1) Demo Act", "eu.demo.art_3.def_1"),
        ("art 5 demo act", "eu.demo.art_5"),
        ("見本法第五条第二項は?", "eu.demo.art_5.par_2"),
        ("見本法5条", "eu.demo.art_5"),
        ("Demo Act Recital 3", "eu.demo.recital_3"),
        ("Demo Act Annex II point 4(a)", "eu.demo.annex_ii.point_4.a"),
        ("見本法の附属書II第4項(a)", "eu.demo.annex_ii.point_4.a"),
        ("Demo Guide P-6) ii)", "jp.demo_guide.p_6.ii"),
        ("eu.demo.art_5.par_1", "eu.demo.art_5.par_1"),
        ("Article 5(1) of the Demo Act, point (b)", "eu.demo.art_5.par_1"),
        ("Demo ActのArticle 5(1)について", "eu.demo.art_5.par_1"),
    ],
)
def test_usual_spellings_lead_to_the_provision(router, question, expected):
    (reference,) = router.references(question)
    assert reference.candidates[0].startswith(expected)
    assert reference.exists


@pytest.mark.parametrize(
    "question",
    [
        "Demo Act Article 10", "見本法第99条", "Demo Act Article 0", "Demo Act Annex III", "Demo Act Recital 4",
        "Demo Act Article 4b", "Demo Act Article 5(3)", "見本法第5条第3項",
    ],
)  # fmt: skip
def test_provisions_beyond_the_numbering_do_not_exist(router, question):
    (reference,) = router.references(question)
    assert not reference.exists


@pytest.mark.parametrize(
    "question", ["Demo Act Article 9", "Demo Act Article 4a", "Demo Act Annex II", "Demo Act Recital 3", "Demo Act Article 5(2)"]
)
def test_the_last_provision_of_the_numbering_exists(router, question):
    (reference,) = router.references(question)
    assert reference.exists


def test_without_a_document_every_document_that_knows_the_article_is_a_candidate(router):
    (reference,) = router.references("What about Article 5?")
    assert reference.document is None
    assert reference.candidates == ("eu.demo.art_5",)


def test_the_document_named_nearest_owns_the_article(router):
    references = router.references("Compare Demo Act Article 5 with the Demo Guide P-6")
    assert [reference.candidates[0] for reference in references] == ["eu.demo.art_5", "jp.demo_guide.p_6"]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "When does it apply?",
        "20 minutes after sunset",
        "in 2027",
        "Demo Actors 5",
        "Demo Act 72 hours",
        "Demo Act 72-hour notice",
        "Demo Act 2027",
        "見本法 30日以内",
    ],
)
def test_a_question_without_a_provision_names_none(router, question):
    assert router.references(question) == []


def test_the_longest_name_wins(knowledge):
    mentions = Router(knowledge).mentions("What does the Japan AI Act say? And 日本のAI法は?")
    assert [mention.document for mention in mentions] == ["jp.ai_promotion_act", "jp.ai_promotion_act"]


@pytest.mark.parametrize(
    ("question", "candidates"),
    [
        ("GPAI guidelines point 59", ["eu.gpai_guidelines.point_59"]),
        (
            "What does paragraph 45 of the guidelines on prohibited practices say?",
            ["eu.prohibited_practices_guidelines.point_45"],
        ),
        ("GPAIガイドライン第59項", ["eu.gpai_guidelines.point_59"]),
        ("What is point 4 of the GDPR about?", []),
        ("Tell me three points 59 about AI", []),
    ],
)
def test_the_numbered_points_of_guidelines_are_found_where_the_guidelines_are_named(knowledge, question, candidates):
    found = [one for reference in Router(knowledge).references(question) for one in reference.candidates]
    assert found == candidates


@pytest.fixture(scope="module")
def real(knowledge):
    return Router(knowledge)


@pytest.mark.parametrize(("question", "ids", "also"), SPELLINGS, ids=[spelt for spelt, _, _ in SPELLINGS])
def test_a_provision_is_read_however_it_is_spelt(real, question, ids, also):
    found = real.references(question)
    assert all(reference.exists for reference in found)
    read = [[identity for identity in reference.candidates if identity in (*ids, *also)] for reference in found]
    assert read == ([[*ids, *also]] if also else [[identity] for identity in ids])


def test_the_spellings_are_many_in_both_languages():
    japanese = [spelt for spelt, _, _ in SPELLINGS if any(ord(char) > 0x3000 for char in spelt)]
    assert len({spelt for spelt, _, _ in SPELLINGS}) == len(SPELLINGS) >= 120
    assert len(japanese) >= 60


@pytest.mark.parametrize(
    ("question", "parent", "segment"),
    [
        ("AI Act Article 3 no. 72", "art_3", "def_72"),
        ("EU AI法第3条(72)", "art_3", "def_72"),
        ("AI Act Annex III point 11", "annex_iii", "point_11"),
        ("EU AI法附属書III第9項", "annex_iii", "point_9"),
        ("Annex III point 4(c) AI Act", "annex_iii.point_4", "c"),
        ("Annex VIII point 30 AI Act", "annex_viii", "point_30"),
        ("AI Act Article 5(1)(z)", "art_5.par_1", "point_z"),
        ("point (z) of Article 5(1) AI Act", "art_5.par_1", "point_z"),
        ("AI Act Article 26(13)", "art_26", "par_13"),
        ("AI Act Article 16(2)", "art_16", "par_2"),
        ("AI Act Article 75e", "", "art_75e"),
        ("AI Act Article 6(3), ninth subparagraph", "art_6.par_3", "subpar_9"),
        ("Articles 112 to 115 AI Act", "", "art_114"),
        ("APPI Article 27 paragraph 9", "art_27", "par_9"),
        ("個人情報保護法第28条第9項", "art_28", "par_9"),
        ("個人情報保護法第28条。同条第9項は？", "art_28", "par_9"),
        ("個人情報保護法第16条第1項第20号", "art_16.par_1", "item_20"),
        ("個人情報保護法第4条第3項", "art_4", "par_3"),
        ("著作権法第30条の5", "", "art_30_5"),
        ("GPAI guidelines point 142", "", "point_142"),
    ],
)
def test_an_invented_number_is_known_by_the_level_at_which_it_leaves_the_law(real, question, parent, segment):
    wrong = next(reference for reference in real.references(question) if not reference.exists)
    assert [(one.parent, one.segment) for one in wrong.missing] == [(parent, segment)]
    assert wrong.document == wrong.missing[0].document
    assert wrong.candidates == (".".join(part for part in (wrong.document, parent, segment) if part),)


def test_an_invented_number_of_no_named_document_is_told_for_those_that_have_the_article(real):
    (wrong,) = real.references("Article 3 no. 72")
    assert not wrong.exists
    assert wrong.document is None
    assert [(one.document, one.segment) for one in wrong.missing] == [("eu.ai_act", "def_72"), ("eu.cra", "def_72")]


def test_levels_people_leave_out_are_found(real):
    (reference,) = real.references("Article 6(3)(a) AI Act")
    assert reference.candidates == ("eu.ai_act.art_6.par_3.point_a", "eu.ai_act.art_6.par_3.subpar_2.point_a")
    (sole,) = real.references("個人情報保護法第4条第1項")
    assert sole.exists


def test_a_name_of_two_acts_means_the_one_that_has_the_article(real):
    (both,) = real.references("AI法第13条")
    (one,) = real.references("AI法第50条")
    assert both.document is None
    assert one.document == "eu.ai_act"


def test_guidelines_named_beside_an_article_do_not_own_it(real):
    (reference,) = real.references("What do the GPAI guidelines say about Article 53?")
    assert reference.candidates == ("eu.ai_act.art_53",)


@pytest.mark.parametrize(
    "unit",
    ["article 5(1), (2) and ", "AI Act 5 ", "gdpr 22 ", "第5条第1項及び", "articles 8 to 100 ",
     "point (a) of ", "同条第2項", "1(1)", "(", "第", "annex iii 4 a "],
)  # fmt: skip
def test_a_long_question_costs_no_more_than_its_length(real, unit):
    real.references("warm")

    def seconds(length):
        began = time.perf_counter()
        real.references((unit * length)[:length])
        return time.perf_counter() - began

    assert min(seconds(16_000) for _ in range(2)) < 1.0
