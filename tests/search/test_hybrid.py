"""Words and vectors together, and articles that a question names by a corpus's own headings."""

from datetime import date

import pytest
from langchain_core.embeddings import Embeddings

from assistant.search.embedding import EmbedderError
from assistant.search.hybrid import HybridIndex
from assistant.search.index import open_index
from assistant.search.named import NamedArticles
from assistant.search.passages import Passage
from assistant.types import Language


def _passages(*texts):
    return [Passage(text.partition("\n")[0], text.partition("\n")[0], Language.EN, text, date.min, None) for text in texts]


JAPANESE = _passages(
    "港湾管理法 第5条\n桟橋の使用料を定める。",
    "港湾管理法 第5条の2\n桟橋の使用料を減らす。",
    "港湾管理法 art-27_2\n灯台を置く。",
    "港湾管理法施行令 第5条\n灯台の高さを定める。",
    "灯台、浮標等の設置に関する法律 第5条\n灯台を塗る。",
    "港湾管理法第5条の届出に関する規則 第9条\n届出の様式を定める。",
)
ENGLISH = _passages(
    "Harbour Act, Article 5\nFees for piers.",
    "Harbour Act, Article 5a\nLower fees.",
    "Lighthouse Code Article 5\nHeight of towers.",
    "Lighthouse Code Rule 3.2.1\nColour of towers.",
)


@pytest.mark.parametrize(
    ("passages", "question", "named"),
    [
        (JAPANESE, "港湾管理法第5条の説明として正しいもの", ["港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法第五条第2項により", ["港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法5条とは", ["港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法 第５条の２について", ["港湾管理法 第5条の2"]),
        (JAPANESE, "港湾管理法第27条の2", ["港湾管理法 art-27_2"]),
        (JAPANESE, "港湾管理法第27条の2及び第5条", ["港湾管理法 art-27_2", "港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法では、法第5条は何を定めるか", ["港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法施行令第5条", ["港湾管理法施行令 第5条"]),
        (JAPANESE, "灯台、浮標等の設置に関する法律第5条", ["灯台、浮標等の設置に関する法律 第5条"]),
        (JAPANESE, "港管法第5条", ["港湾管理法 第5条"]),
        (JAPANESE, "港湾管理法第5条の届出に関する規則第9条", ["港湾管理法第5条の届出に関する規則 第9条"]),
        (ENGLISH, "What does Article 5(2) of the Harbour Act say?", ["Harbour Act, Article 5"]),
        (ENGLISH, "harbour act art. 5a", ["Harbour Act, Article 5a"]),
        (ENGLISH, "Does the Lighthouse Code, Rule 3.2.1, set a colour?", ["Lighthouse Code Rule 3.2.1"]),
        (ENGLISH, "Lighthouse Code: is the height in article 5?", ["Lighthouse Code Article 5"]),
    ],
)
def test_an_article_is_named_by_its_statute_and_number(passages, question, named):
    found = NamedArticles(passages).places(question)
    assert [passages[one].provision for one in sorted(found, key=lambda one: found[one])] == named


@pytest.mark.parametrize(
    ("passages", "question"),
    [
        (JAPANESE, "第5条は何を定めるか"),  # of which statute?
        (JAPANESE, "漁業法第5条により"),
        (JAPANESE, "港湾管理法とは別に、漁業法第5条により"),
        (JAPANESE, "港湾管理法施行規則第5条"),
        (JAPANESE, "新港湾管理法第5条"),
        (JAPANESE, "港法第5条"),  # two characters may be short for anything
        (JAPANESE, "港湾管理法第6条"),
        (JAPANESE, "港湾管理法は5条件を定めるか"),
        (JAPANESE, "港湾管理法の全5条のうち"),
        (ENGLISH, "What does Article 5 say?"),
        (ENGLISH, "Article 5 of the Fisheries Act, unlike the Harbour Act"),
        (ENGLISH, "Harbour Act Rule 5"),
        (ENGLISH, "Which 5 articles does the Harbour Act have?"),
        (ENGLISH, "Does the Harbour Act rule 5% out?"),
        (_passages("Harbour fees: Article 5 sets them.\nPiers."), "Harbour fees: Article 5"),
        (_passages("Fees for piers.\nArticle 5 of the Harbour Act sets them."), "Harbour Act Article 5"),
    ],
)
def test_a_quantity_or_another_statutes_article_names_nothing(passages, question):
    assert NamedArticles(passages).places(question) == {}


def test_a_short_form_of_two_statutes_names_neither():
    passages = _passages("港湾管理法 第5条\nA", "港内管制法 第5条\nB")
    assert NamedArticles(passages).places("港管法第5条") == {}


def test_articles_named_come_first_in_the_order_of_the_question_and_the_rest_as_before():
    index = HybridIndex(JAPANESE, None)
    question = "桟橋の使用料を減らす定めは、港湾管理法第27条の2及び第5条のどちらか"
    plain = [one.provision for one in index.rank(question, ("words", "vectors"))]
    lifted = index.rank(question)
    assert plain[0] == "港湾管理法 第5条の2"
    assert [one.provision for one in lifted[:3]] == ["港湾管理法 art-27_2", "港湾管理法 第5条", "港湾管理法 第5条の2"]
    assert [one.lanes.get("named") for one in lifted[:3]] == [1, 2, None]
    assert sorted(one.provision for one in lifted) == sorted({*plain, "港湾管理法 art-27_2"})


def test_of_two_excerpts_of_the_article_named_the_one_that_holds_more_of_the_question_comes_first():
    passages = _passages("Harbour Act Article 5\nFees.", "Harbour Act  Article 5\nFees are due for piers, moorings and cranes.")
    found = HybridIndex(passages, None).named("Harbour Act Article 5: which fees are due for moorings?")
    assert found == ["Harbour Act  Article 5", "Harbour Act Article 5"]


class _Meanings(Embeddings):
    """Vectors by subject: a word of money, of light, of anything else."""

    def _vector(self, text):
        subjects = (("fee", "price", "cost"), ("lamp", "lantern", "beam"), ("keeper",))
        return [0.1, *(float(sum(word in text.casefold() for word in words)) for words in subjects)]

    def embed_documents(self, texts):
        return [self._vector(text) for text in texts]

    def embed_query(self, text):
        return self._vector(text)


def test_words_and_vectors_together_find_what_either_alone_misses(tmp_path):
    """The answer is second in each lane, behind passages of which the other lane thinks little."""
    passages = _passages(
        "Mooring\nWhoever takes a berth at the quay by the lamp owes a fee.",
        "Quay\nBerth, quay.",
        "Money\nFee, price, cost.",
        "Keeper\nThe keeper keeps.",
    )
    index = HybridIndex(passages, open_index(tmp_path, passages, _Meanings(), "meanings", 5))

    def first(*lanes):
        return index.rank("What is the price of a berth at the quay?", lanes)[0].provision

    assert (first("words"), first("vectors"), first("words", "vectors")) == ("Quay", "Money", "Mooring")


class _Failing:
    """Vectors that fail as often as told, then find the first passage."""

    def __init__(self, *errors):
        self.errors, self.asked = list(errors), 0

    def nearest(self, query, k):
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return ((ENGLISH[0].id, 0.9),)


@pytest.mark.parametrize(("error", "lost"), [(EmbedderError("its service is away"), False), (RuntimeError("no index"), True)])
def test_vectors_that_fail_rest_a_while_and_are_then_asked_again(monkeypatch, error, lost):
    now = [1000.0]
    monkeypatch.setattr("assistant.search.hybrid.time.monotonic", lambda: now[0])
    vectors = _Failing(error)
    index = HybridIndex(ENGLISH, vectors)
    assert index.by_meaning
    assert index.similarities("fees") is None
    assert (index.by_meaning, index.lost) == (False, lost)
    now[0] += 29
    assert index.similarities("fees") is None
    assert vectors.asked == 1, "nobody waits for it meanwhile"
    now[0] += 2
    assert index.similarities("fees")[0] == pytest.approx(0.9)
    assert (index.by_meaning, index.lost) == (True, False)
