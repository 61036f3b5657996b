"""The catalogue's numbering is that of the official texts, counted in the texts themselves."""

import html
import re
from xml.etree import ElementTree

import pytest

EU = {"eu.ai_act": "02024R1689-20260727.en.xhtml", "eu.gdpr": "32016R0679.en.html"}
JAPAN = {"jp.appi": "415AC0000000057.ja.xml", "jp.ai_promotion_act": "507AC0000000053.ja.xml"}


def _expanded(ranges):
    for one in ranges:
        first, _, last = one.partition("-")
        yield from map(str, range(int(first), int(last) + 1)) if last else [one]


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
    numbering = knowledge.documents[document].numbering
    assert sorted(_expanded(numbering.articles)) == sorted(counts)
    assert numbering.paragraphs == {article: count for article, count in counts.items() if count}


@pytest.mark.parametrize("document", JAPAN)
def test_articles_and_paragraphs_of_japanese_acts_are_those_of_the_text(document, knowledge, shared):
    root = ElementTree.parse(shared / "official-texts" / "jp" / JAPAN[document]).getroot()  # noqa: S314 - a file of ours
    counts = {a.get("Num"): len(a.findall("Paragraph")) for main in root.iter("MainProvision") for a in main.iter("Article")}
    numbering = knowledge.documents[document].numbering
    assert sorted(_expanded(numbering.articles)) == sorted(counts)
    assert numbering.paragraphs == counts


@pytest.mark.parametrize("document", [*EU, *JAPAN])
def test_no_entry_lies_beyond_the_numbering(document, knowledge):
    numbering = knowledge.documents[document].numbering
    articles = set(_expanded(numbering.articles))
    for provision in knowledge.provisions:
        match = re.match(rf"{re.escape(document)}\.art_(\w+?)(?:\.par_(\d+))?(?:\.|$)", provision)
        if match:
            assert match[1] in articles, provision
            if match[2]:
                assert int(match[2]) <= numbering.paragraphs.get(match[1], 0), provision
