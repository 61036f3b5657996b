"""Questions that name a provision are routed to it."""

import pytest

from assistant.search.router import Router


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
