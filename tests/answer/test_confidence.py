"""How sure search is, in words: monotone in its signals, silent where it cannot tell, and the ground of a refusal."""

import pytest

from assistant.answer.confidence import calibration, in_words, probability
from assistant.search.hybrid import Found
from assistant.search.retrieval import Retrieved
from assistant.types import Confidence, Reason


def _retrieved(similarity=0.88, asked=0.95, **changed):
    values = {"found": [Found("eu.demo.art_1", 2.5)], "coverage": 0.4, "similarity": similarity, "asked": asked}
    return Retrieved(**(values | changed))


def test_nearer_is_surer():
    assert probability(_retrieved(similarity=0.9)) > probability(_retrieved(similarity=0.82))
    assert probability(_retrieved(asked=0.98)) > probability(_retrieved(asked=0.8))


def test_nothing_is_told_without_vectors_or_finds():
    assert probability(_retrieved(similarity=None)) is None
    assert probability(_retrieved(found=[])) is None
    assert in_words(None) is None


@pytest.mark.parametrize(("name", "word"), [("high_from", Confidence.HIGH), ("medium_from", Confidence.MEDIUM)])
def test_each_level_begins_where_the_calibration_says(name, word):
    bound = getattr(calibration(), name)
    assert in_words(bound) is word
    assert in_words(bound - 0.001) is not word


def test_below_the_threshold_a_question_is_refused(real):
    answered, refused = real.ask("What is an AI system?"), real.ask("recipe for apple strudel")
    assert answered.trace["probability"] >= calibration().answer_from > refused.trace["probability"]
    assert answered.confidence is Confidence.HIGH
    assert (refused.reason, refused.confidence) == (Reason.OFF_TOPIC, None)
