"""A sentence that its source does not carry is removed, whoever wrote it."""

import pytest

from assistant.answer.sources import Block
from assistant.answer.verify import Verifier
from assistant.types import Language, Sentence

CITED = {1: "eu.demo.art_5.par_1", 2: "eu.demo.art_9.par_1", 3: "eu.demo.invented"}


@pytest.fixture
def verifier(small):
    return Verifier(small, Language.EN, CITED.get)


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence(text="The lamp must burn within 20 minutes.", citations=[1]),
        Sentence(text="Applies from 1 January 2027; for old towers until 31 December 2027.", citations=[1]),
        Sentence(text="Article 5(1) asks for light.", citations=[1]),
        Sentence(text="A breach costs up to EUR 7 million.", citations=[2]),
        Sentence(text="A breach of the 20 minutes costs up to EUR 7 million.", citations=[1, 2]),
        Sentence(text="Japan", citations=[]),
    ],
)
def test_a_carried_sentence_stays(verifier, sentence):
    assert verifier.holds(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence(text="The lamp must burn within 25 minutes.", citations=[1]),
        Sentence(text="Applies from 2 January 2026.", citations=[1]),
        Sentence(text="A breach costs up to EUR 8 million.", citations=[2]),
        Sentence(text="Anything.", citations=[3]),
        Sentence(text="Anything.", citations=[9]),
        Sentence(text="It costs EUR 20 million.", citations=[]),
    ],
)
def test_a_sentence_with_a_foreign_figure_or_an_unknown_source_goes(verifier, sentence):
    assert not verifier.holds(sentence)


def test_only_the_failing_sentence_is_removed(verifier):
    good = Sentence(text="Within 20 minutes.", citations=[1])
    bad = Sentence(text="Within 99 minutes.", citations=[1])
    kept, removed = verifier.check([Block([good, bad]), Block([bad])])
    assert [block.sentences for block in kept] == [[good]]
    assert removed == [bad, bad]
