"""The tables of numbering are those of the official texts, counted in the texts themselves."""

import html
import re
from xml.etree import ElementTree

import pytest
from pydantic import ValidationError

from assistant.law.knowledge import load_knowledge
from assistant.law.numbering import Gap, Numbering, compressed, expanded, kind_of, number_of
from assistant.law.reading import KnowledgeError

EU = {
    "eu.ai_act": "02024R1689-20260727.en.xhtml",
    "eu.gdpr": "32016R0679.en.html",
    "eu.cra": "32024R2847.en.html",
    "eu.data_act": "32023R2854.en.html",
}
JAPAN = {"jp.appi": "415AC0000000057.ja.xml", "jp.ai_promotion_act": "507AC0000000053.ja.xml"}
DEMO = Numbering(
    document="eu.demo",
    whole=True,
    top=["art_1-3", "art_3a", "annex_i-ii", "recital_1-2"],
    below={
        "art_1": ["par_1-2", "par_2a"],
        "art_1.par_1": ["subpar_2", "point_a"],
        "art_1.par_1.subpar_2": ["point_b-c"],
        "art_2": ["def_1-3"],
        "art_2.def_1": ["a-b"],
        "annex_i": ["section_a", "section_b"],
        "annex_i.section_a": ["point_1-2"],
        "annex_i.section_b": ["point_3"],
    },
)


def _articles(numbering):
    return [number_of(one) for one in numbering.children("") if kind_of(one) == "art"]


def _count(numbering, article):
    return max((int(number_of(one)) for one in numbering.children(f"art_{article}") if re.fullmatch(r"par_\d+", one)), default=0)


def _paragraphs(page):
    """Numbered paragraphs per article of an EU act, from the lines of its text."""
    text = html.unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"<(script|style|head)\b.*?</\1>", "", page, flags=re.DOTALL)))
    counts, article = {}, None
    for line in (line.strip().replace("\xa0", " ") for line in text.split("\n")):
        if (match := re.fullmatch(r"Article (\d+[a-z]?)", line)) and match[1] not in counts:
            article = match[1]
            counts[article] = 0
        elif re.match(r"ANNEX [IVX]+", line):
            article = None
        elif (
            article
            and (match := re.match(r"(\d{1,2})\.(?:\s|$)", line))
            and counts[article] < int(match[1]) <= counts[article] + 2
        ):
            counts[article] = int(match[1])
    return counts


@pytest.mark.parametrize("document", EU)
def test_articles_and_paragraphs_of_eu_acts_are_those_of_the_text(document, knowledge, shared):
    counts = _paragraphs((shared / "official-texts" / "eu" / EU[document]).read_text(encoding="utf-8"))
    numbering = knowledge.numbering[document]
    assert sorted(_articles(numbering)) == sorted(counts)
    assert {article: _count(numbering, article) for article in counts} == counts


@pytest.mark.parametrize("document", JAPAN)
def test_articles_paragraphs_and_items_of_japanese_acts_are_those_of_the_text(document, knowledge, shared):
    root = ElementTree.parse(shared / "official-texts" / "jp" / JAPAN[document]).getroot()  # noqa: S314 - a file of ours
    articles = {a.get("Num"): a for main in root.iter("MainProvision") for a in main.iter("Article")}
    numbering = knowledge.numbering[document]
    assert _articles(numbering) == list(articles)
    for number, article in articles.items():
        paragraphs = article.findall("Paragraph")
        assert max(1, _count(numbering, number)) == len(paragraphs)
        for place, paragraph in enumerate(paragraphs, start=1):
            unit = f"art_{number}.par_{place}" if len(paragraphs) > 1 else f"art_{number}"
            items = [one for one in numbering.children(unit) if one.startswith("item_")]
            assert items == [f"item_{item.get('Num')}" for item in paragraph.findall("Item")]


@pytest.mark.parametrize(
    "last", ["art_3.def_68", "annex_iii.point_8", "art_5.par_1.point_h", "recital_180", "art_113", "annex_xiv"]
)
def test_the_ai_act_ends_where_the_text_of_july_2026_ends(last, knowledge):
    numbering = knowledge.numbering["eu.ai_act"]
    parent, _, segment = last.rpartition(".")
    follower = {"def_68": "def_69", "point_8": "point_9", "point_h": "point_i", "recital_180": "recital_181"}
    after = follower.get(segment) or {"art_113": "art_114", "annex_xiv": "annex_xv"}[segment]
    assert numbering.find(last) == last
    assert numbering.find(f"{parent}.{after}".lstrip(".")) == Gap(parent, after)


@pytest.mark.parametrize(
    "inserted",
    ["art_3.def_14a", "art_4a", "art_5.par_1.point_ba", "art_5.par_1a", "art_60a.par_6", "art_75d", "art_99.par_4.point_da",
     "annex_xiv"],
)  # fmt: skip
def test_what_the_amendment_of_july_2026_inserted_exists(inserted, knowledge):
    assert knowledge.numbering["eu.ai_act"].find(inserted) == inserted


def test_no_entry_lies_beyond_the_numbering(knowledge):
    for provision in knowledge.provisions:
        document = knowledge.document_of(provision).id
        if numbering := knowledge.numbering.get(document):
            assert isinstance(numbering.find(provision.removeprefix(f"{document}.")), str), provision


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("art_1.par_2", "art_1.par_2"),
        ("art_1.par_2a", "art_1.par_2a"),
        ("art_1.par_1.subpar_1", "art_1.par_1"),
        ("art_1.par_1.point_b", "art_1.par_1.subpar_2.point_b"),
        ("art_1.point_a", "art_1.par_1.point_a"),
        ("art_2.def_1.point_a", "art_2.def_1.a"),
        ("art_3.par_1", "art_3"),
        ("annex_i.point_3", "annex_i.section_b.point_3"),
    ],
)
def test_a_path_is_found_with_the_levels_it_leaves_out(path, unit):
    assert DEMO.find(path) == unit


@pytest.mark.parametrize(
    ("path", "gap"),
    [
        ("art_4", Gap("", "art_4")),
        ("art_1.par_3", Gap("art_1", "par_3")),
        ("art_1.par_1.point_d", Gap("art_1.par_1", "point_d")),
        ("art_2.def_4", Gap("art_2", "def_4")),
        ("art_2.par_2", Gap("art_2", "par_2")),
        ("art_3.par_2", Gap("art_3", "par_2")),
        ("annex_i.section_a.point_3", Gap("annex_i.section_a", "point_3")),
        ("recital_3", Gap("", "recital_3")),
    ],
)
def test_a_path_that_leaves_the_law_is_told_where(path, gap):
    assert DEMO.find(path) == gap


def test_a_table_that_is_not_whole_rules_only_on_what_it_lists():
    partial = Numbering(document="eu.demo", top=["art_1-2"], below={"art_1": ["par_1-2"]})
    assert partial.find("recital_9") == "recital_9"
    assert partial.find("art_2.par_9") == "art_2.par_9"
    assert partial.find("art_1.par_3") == Gap("art_1", "par_3")
    assert partial.find("art_3") == Gap("", "art_3")


def test_what_stands_beside_a_gap_is_of_its_kind_where_there_is_any():
    assert DEMO.beside(Gap("art_1", "par_9")) == ["par_1", "par_2", "par_2a"]
    assert DEMO.beside(Gap("art_2", "par_9")) == ["def_1", "def_2", "def_3"]
    assert DEMO.beside(Gap("annex_i", "point_9")) == ["point_1", "point_2", "point_3"]
    assert DEMO.beside(Gap("art_3", "par_2")) == []


@pytest.mark.parametrize(
    ("segments", "ranges"),
    [
        (["par_1", "par_2", "par_2a", "par_3"], ["par_1-2", "par_2a", "par_3"]),
        (["point_h", "point_i", "point_j"], ["point_h-j"]),
        (["i", "ii", "iii", "iv", "v"], ["i-v"]),
        (["a", "b", "d"], ["a-b", "d"]),
        (["item_9", "item_9_2", "item_10"], ["item_9", "item_9_2", "item_10"]),
        (["annex_i", "annex_ii", "annex_iii"], ["annex_i-iii"]),
    ],
)
def test_ranges_stand_for_exactly_their_segments(segments, ranges):
    assert compressed(segments) == ranges
    assert list(expanded(ranges)) == segments


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"top": ["art_3-1"]}, "'art_3-1' is no range"),
        ({"top": ["art_1"], "below": {"art_2": ["par_1"]}}, "'art_2' is not listed in 'top'"),
        ({"top": ["art_1"], "bottom": []}, "bottom"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(table, words):
    with pytest.raises(ValidationError, match=re.escape(words)):
        Numbering.model_validate({"document": "eu.demo", "below": {"art_1": []}} | table)


def test_a_table_of_no_catalogued_document_is_refused(small_dir):
    (small_dir / "numbering" / "other.yaml").write_text("document: eu.other\ntop: [art_1]\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="'eu.other' is not in sources.yaml"):
        load_knowledge(small_dir)
