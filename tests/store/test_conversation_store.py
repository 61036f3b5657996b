"""Conversations: nothing asked is lost, words are found in any script, feedback stays with its answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from assistant.store.conversations import ConversationStore
from assistant.store.feedback import FeedbackStore
from assistant.store.rows import NotFoundError
from assistant.store.systems import SystemStore
from assistant.types import AssistantError


@pytest.fixture
def store(engine, clock):
    return ConversationStore(engine, clock)


@pytest.fixture
def feedback(engine, clock):
    return FeedbackStore(engine, clock)


def _talk(store, question, answer=""):
    talk = store.start("en")
    store.answered(talk.id, store.ask(talk.id, question), {"answer": answer}, answer)
    return talk.id


def test_a_question_is_kept_before_it_is_answered(store):
    talk = store.start("ja")
    assert store.ask(talk.id, "透明性？") == 1
    assert [(one.question, one.answer, one.answered_at) for one in store.turns(talk.id)] == [("透明性？", None, None)]
    store.answered(talk.id, 1, {"answer": "はい", "n": [1]}, "はい")
    assert store.ask(talk.id, "なぜ？") == 2
    first, second = store.turns(talk.id)
    assert (first.answer, second.answer) == ({"answer": "はい", "n": [1]}, None)
    assert first.answered_at > first.asked_at


def test_the_first_question_names_a_conversation_without_a_title(store):
    talk = store.start("en")
    store.ask(talk.id, "  What of\n" + "x" * 100)
    assert store.get(talk.id).title == "What of " + "x" * 72
    store.ask(talk.id, "Second")
    assert store.get(talk.id).title.startswith("What of")
    named = store.start("en", title="Mine")
    store.ask(named.id, "Another")
    assert store.get(named.id).title == "Mine"


def test_a_question_without_an_answer_can_be_taken_back_one_with_an_answer_stays(store):
    talk = _talk(store, "First", "Yes")
    place = store.ask(talk, "Second")
    store.unask(talk, place)
    store.unask(talk, 1)
    assert [one.question for one in store.turns(talk)] == ["First"]
    with pytest.raises(NotFoundError, match="no question"):
        store.answered(talk, place, {}, "late")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("lamp", True),
        ("LAMP brass", True),
        ("lamp banana", False),
        ("ÉCLAIR", True),
        ("éclair", True),
        ("透明性", True),
        ("ＡＩ", True),
        ("ai", True),
        ("ガイドライン", True),
        ("ｶﾞｲﾄﾞﾗｲﾝ", True),
        ("50%", True),
        ("5%", False),
        ("a_b", True),
        ("l_mp", False),
        ("%", True),
        ("\\", True),
        ("", True),
        ("  ", True),
        ("Titled", True),
        ("word " * 100_000, False),
    ],
)
def test_all_words_of_a_search_are_found_wherever_they_stand_and_signs_are_signs(store, search, found):
    talk = _talk(store, "The lamp at 50% of a_b", "Of brass; Éclair\\; AIの透明性ガイドライン")
    store.rename(talk, "Titled")
    assert [one.id for one in store.all(search)] == ([talk] if found else [])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=30))
def test_a_conversation_is_found_by_its_own_words(store, words):
    talk = _talk(store, f"x {words}")
    assert talk in [one.id for one in store.all(words, limit=100_000)]
    assert store.turns(talk)[0].question == f"x {words}".replace("\x00", "")


def test_the_one_continued_last_comes_first_and_the_list_has_a_limit(store):
    first, second = _talk(store, "One"), _talk(store, "Two")
    assert [one.id for one in store.all()] == [second, first]
    store.ask(first, "More")
    assert [one.id for one in store.all(limit=1)] == [first]


def test_a_deleted_conversation_is_out_of_sight_until_it_is_restored_or_purged(store, feedback, engine, clock):
    talk = _talk(store, "Lamp", "Brass")
    feedback.give(talk, 1, "up")
    store.delete(talk)
    assert (store.all(), [one.id for one in store.all("lamp", deleted=True)]) == ([], [talk])
    assert feedback.all() == []
    for refused in (store.get, store.delete, lambda one: store.ask(one, "x"), lambda one: store.rename(one, "x")):
        with pytest.raises(NotFoundError, match="no conversation"):
            refused(talk)
    store.restore(talk)
    assert store.get(talk).deleted_at is None
    assert store.purge(clock()) == 0
    store.delete(talk)
    assert store.purge(store.all(deleted=True)[0].deleted_at) == 0
    assert store.purge(clock()) == 1
    with engine.connect() as connection:
        for table in ("conversations", "turns", "feedback"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608 - names of ours


def test_a_conversation_is_about_a_system_that_is_there(store, engine):
    system = SystemStore(engine).create({}, name="Triage").id
    talk = store.start("en")
    store.attach(talk.id, system)
    assert store.get(talk.id).system == system
    store.attach(talk.id, None)
    assert store.get(talk.id).system is None
    with pytest.raises(NotFoundError, match="no system"):
        store.attach(talk.id, "none")
    with pytest.raises(NotFoundError, match="no system"):
        store.start("en", system="none")


def test_questions_asked_at_once_each_have_their_place(store):
    talk = store.start("en").id
    with ThreadPoolExecutor(8) as pool:
        places = list(pool.map(lambda n: store.ask(talk, f"q{n}"), range(16)))
    assert sorted(places) == list(range(1, 17))
    assert len(store.turns(talk)) == 16


def test_feedback_takes_the_place_of_what_was_said_before(store, feedback):
    talk = _talk(store, "Lamp", "Brass")
    feedback.give(talk, 1, "up")
    said = feedback.give(talk, 1, "down", "wrong", " No. ")
    assert feedback.of(talk) == {1: said}
    assert said.comment == "No."
    judged = feedback.all()
    assert [(one.feedback, one.question, one.answer, one.language) for one in judged] == [
        (said, "Lamp", {"answer": "Brass"}, "en")
    ]
    feedback.withdraw(talk, 1)
    feedback.withdraw(talk, 1)
    assert feedback.of(talk) == {}


def test_feedback_is_on_an_answer_that_is_there(store, feedback):
    talk = store.start("en").id
    place = store.ask(talk, "Lamp")
    with pytest.raises(NotFoundError, match="no answer"):
        feedback.give(talk, place, "up")
    store.answered(talk, place, {}, "x")
    for bad, told in ((("maybe",), "no verdict"), (("up", "", "x" * 4001), "limit is 4000")):
        with pytest.raises(AssistantError, match=told):
            feedback.give(talk, place, *bad)
    assert feedback.of(talk) == {}
