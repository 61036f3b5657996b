"""Labels follow from ids, in each jurisdiction's style of citation."""

import pytest

from assistant.law import pinpoint
from assistant.types import Jurisdiction, Language

EU, JP = Jurisdiction.EU, Jurisdiction.JP


@pytest.mark.parametrize(
    ("tail", "jurisdiction", "english", "japanese"),
    [
        ("art_26", EU, "Article 26", "第26条"),
        ("art_26.par_5", EU, "Article 26(5)", "第26条第5項"),
        ("art_4a", EU, "Article 4a", "第4a条"),
        ("art_5.par_1.point_ba", EU, "Article 5(1)(ba)", "第5条第1項(ba)"),
        ("art_6.par_3.subpar_3", EU, "Article 6(3), third subparagraph", "第6条第3項第3段落"),
        ("art_113.subpar_3.point_c.i", EU, "Article 113, third paragraph, point (c)(i)", "第113条第3段落(c)(i)"),
        ("art_3.def_14a", EU, "Article 3(14a)", "第3条第14a号"),
        ("recital_53", EU, "Recital 53", "前文第53項"),
        ("annex_iii.point_4.a", EU, "Annex III, point 4(a)", "附属書III第4項(a)"),
        ("annex_i.section_a", EU, "Annex I, Section A", "附属書IセクションA"),
        ("art_27.par_5.item_1", JP, "Article 27(5)(i)", "第27条第5項第1号"),
        ("art_30_4", JP, "Article 30-4", "第30条の4"),
        ("rule_4", Jurisdiction.EU_JP, "Rule 4", "ルール(4)"),
    ],
)
def test_a_label_follows_from_the_id(tail, jurisdiction, english, japanese):
    identity = f"eu.x.{tail}"
    assert pinpoint.label(identity, "eu.x", jurisdiction, Language.EN) == english
    assert pinpoint.label(identity, "eu.x", jurisdiction, Language.JA) == japanese


@pytest.mark.parametrize("tail", ["p_6.ii", "principle_3", "scope", "(bad)"])
def test_a_numbering_without_a_general_form_has_no_derived_label(tail):
    assert pinpoint.label(f"eu.x.{tail}", "eu.x", EU, Language.EN) is None


def test_parents_come_nearest_first_and_end_below_the_document():
    assert pinpoint.parents("eu.ai_act.art_5.par_1.point_a", "eu.ai_act") == ["eu.ai_act.art_5.par_1", "eu.ai_act.art_5"]


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "i"), (4, "iv"), (8, "viii"), (14, "xiv"), (39, "xxxix"), (40, "40"), (10**22, "1" + "0" * 22)]
)
def test_roman_numerals(number, letters):
    assert pinpoint.roman(number) == letters
