"""Which sentences of a summary a short answer says."""

from assistant.answer.extracts import fitting

SAID = [
    "Keepers must light the lamp.",
    "The colour of the lamp is free.",
    "Reports are kept for 6 months.",
    "Visitors pay at the gate.",
]


def test_a_short_summary_is_said_whole():
    assert fitting(SAID[:2], "anything", 3) == SAID[:2]


def test_the_rule_stays_and_what_fits_the_question_follows_in_its_order():
    assert fitting(SAID, "What do visitors pay at the gate?", 2) == [SAID[0], SAID[3]]
    assert fitting(SAID, "Which colour has the lamp, and what do visitors pay?", 3) == [SAID[0], SAID[1], SAID[3]]


def test_where_a_number_is_asked_for_the_sentence_that_states_one_is_said():
    assert fitting(SAID, "How long?", 2) == [SAID[0], SAID[2]]
    assert fitting(SAID, "Why?", 2) == [SAID[0], SAID[1]]
