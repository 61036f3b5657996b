"""What does not exist is told with the level at which it leaves the law, and what stands there."""

import pytest

from assistant.answer.absence import absence
from assistant.search.router import Router
from assistant.types import Language


@pytest.mark.parametrize(
    ("question", "english", "japanese"),
    [
        (
            "AI Act Article 3 no. 72",
            "AI Act Article 3 exists, but has no definition 72. It has definitions 1 to 68, 14a and 14b.",
            "EU AI法第3条に定義（72）はありません。あるのは定義（1）から定義（68）まで、定義（14a）、定義（14b）です。",
        ),
        (
            "AI Act Annex III point 11",
            "AI Act Annex III exists, but has no point 11. It has points 1 to 8.",
            "EU AI法 附属書IIIに第11項はありません。あるのは第1項から第8項までです。",
        ),
        (
            "Article 5(1)(z) AI Act",
            "AI Act Article 5(1) exists, but has no point (z). It has points (a) to (h), (ba) and (bb).",
            "EU AI法第5条第1項に（z）はありません。あるのは（a）から（h）まで、（ba）、（bb）です。",
        ),
        (
            "AI Act Article 16(2)",
            "AI Act Article 16 exists, but has no paragraph 2. It has points (a) to (l).",
            "EU AI法第16条に第2項はありません。あるのは（a）から（l）までです。",
        ),
        (
            "Article 75e AI Act",
            "There is no Article 75e in AI Act. There are Articles 1 to 113, 4a, 60a, 75a, 75b, 75c and 75d.",
            "EU AI法に第75e条はありません。"
            "あるのは第1条から第113条まで、第4a条、第60a条、第75a条、第75b条、第75c条、第75d条です。",
        ),
        (
            "個人情報保護法第16条第1項第20号",
            "APPI Article 16(1) exists, but has no item 20. It has items 1 and 2.",
            "個人情報保護法第16条第1項に第20号はありません。あるのは第1号、第2号です。",
        ),
        (
            "個人情報保護法第4条第3項",
            "APPI Article 4 exists, but has no paragraph 3: it is not numbered further.",
            "個人情報保護法第4条に第3項はありません。個人情報保護法第4条は、それより細かい番号に分かれていません。",
        ),
        (
            "著作権法第30条の5",
            "There is no Article 30-5 in Copyright Act (Japan). There are Articles 1 to 125 and 114 inserted ones.",
            "著作権法に第30条の5はありません。あるのは第1条から第125条まで、追加された114件です。",
        ),
        (
            "Recital 181 AI Act",
            "There is no Recital 181 in AI Act. There are Recitals 1 to 180.",
            "EU AI法に前文第181項はありません。あるのは前文第1項から前文第180項までです。",
        ),
        (
            "Supplementary Article 9 AI推進法附則第9条",
            "There is no supplementary Article 9 in AI Promotion Act. There are supplementary Articles 1 and 2.",
            "AI推進法に附則第9条はありません。あるのは附則第1条、附則第2条です。",
        ),
    ],
)
def test_the_wrong_level_and_what_stands_there_are_told(knowledge, question, english, japanese):
    missing = next(reference.missing[0] for reference in reversed(Router(knowledge).references(question)) if not reference.exists)
    assert absence(missing, knowledge, Language.EN) == english
    assert absence(missing, knowledge, Language.JA) == japanese
