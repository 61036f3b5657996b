"""Words: what a passage shares with a question, read from the index itself."""

from collections import Counter
from dataclasses import dataclass
from math import log

import pytest

from assistant.search.lexical import LexicalIndex
from assistant.search.tokens import tokens


@dataclass
class Text:
    text: str


TEXTS = [
    Text("The keeper lights the lamp. The lamp is brass."),
    Text("Visitors sign the register; the keeper keeps the register."),
    Text("灯台守は日没の前に点灯する。"),
    Text("..."),
    Text("Lamp oil and brass polish"),
]


def _by_definition(query, position):
    words = [set(tokens(one.text)) for one in TEXTS]
    holding = Counter(word for one in words for word in one)
    weights = {word: log(1 + len(words) / (0.5 + holding[word])) for word in query}
    return sum(weight for word, weight in weights.items() if word in words[position]) / sum(weights.values())


@pytest.mark.parametrize("question", ["Who polishes brass?", "keeper keeper register", "日没に点灯", "bananas"])
def test_coverage_is_the_share_of_a_questions_information_that_a_passage_holds(question):
    index, query = LexicalIndex(TEXTS), tokens(question)
    expected = [_by_definition(query, position) for position in range(len(TEXTS))]
    assert index.coverages(query) == pytest.approx(expected)
    assert [index.coverage(query, position) for position in range(len(TEXTS))] == pytest.approx(expected)


def test_a_question_without_words_covers_nothing():
    assert LexicalIndex(TEXTS).coverage([], 0) == 0.0


@pytest.mark.parametrize("texts", [[], [Text("...")]])
def test_texts_without_words_are_indexed_and_never_found(texts):
    index = LexicalIndex(texts)
    assert index.scores(["lamp"]).tolist() == [0.0] * len(texts)
    assert index.coverages(["lamp"]).tolist() == [0.0] * len(texts)


def test_neighbouring_words_count_as_a_pair():
    index = LexicalIndex([Text("inside information is told"), Text("information is told inside")])
    apart, beside = index.scores(tokens("inside information"))[::-1]
    assert beside > apart
