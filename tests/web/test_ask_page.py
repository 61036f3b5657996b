"""The chat page: what is asked is kept, shown step by step, and found again; failures are told and lose nothing."""

import threading

import pytest
from talking import Chat, shown_messages

from assistant.answer.pipeline import Assistant
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import Language
from assistant.web.talk import Talk

QUESTION = "Demo Act Article 5(1)"


@pytest.fixture
def chat(demo):
    return Chat(demo)


@pytest.fixture
def lamp(chat):
    """A system of which it is known that it has a lamp."""
    return chat.desk.systems.create(
        {"questionnaire": chat.desk.knowledge.questionnaire, "facts": {"demo.has_lamp": True}}, name="Lamp <b>"
    )


def test_an_answer_comes_paragraph_by_paragraph_with_its_sources(chat, monkeypatch):
    looked, real = threading.Event(), chat.desk.assistant.ask
    monkeypatch.setattr(chat.desk.assistant, "ask", lambda *given, **more: looked.wait(10) and real(*given, **more))
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    following = chat.page.follow(begun["conversation"])
    steps = [begun, next(following)]  # the page waits before the answer is there
    looked.set()
    steps += following
    contents = chat.contents(steps)
    assert contents[0] == chat.t("at_work")
    assert len(contents) > 3
    assert contents[-2].startswith(contents[-3])
    assert "src-1-1" in steps[-1]["sources"]
    assert steps[0]["question"] == ""


def test_a_page_that_loses_its_connection_while_the_answer_grows_is_shown_all_of_it_then(chat, monkeypatch):
    looked, real = threading.Event(), chat.desk.assistant.ask
    monkeypatch.setattr(chat.desk.assistant, "ask", lambda *given, **more: looked.wait(10) and real(*given, **more))
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    following = chat.page.follow(begun["conversation"])
    seen = [begun, next(following)]
    looked.set()
    while "chat" in seen[-1]:  # until the sources come, before the answer begins to grow
        seen.append(next(following))
    seen.append(next(following))
    half, stamp = chat.contents(seen)[-1], next(shown["stamp"] for shown in reversed(seen) if "stamp" in shown)
    whole = chat.contents(chat.page.refresh(begun["conversation"], stamp))[-1]
    assert whole.startswith(half)
    assert len(whole) > len(half)


def test_a_question_stands_in_the_store_before_it_is_answered(chat, monkeypatch):
    going_on = threading.Event()
    real = chat.desk.assistant.ask
    monkeypatch.setattr(chat.desk.assistant, "ask", lambda *a, **k: going_on.wait(5) and real(*a, **k))
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    [turn] = chat.desk.conversations.turns(begun["conversation"])
    assert (turn.question, turn.answer) == (QUESTION, None)
    other = Chat(None, Language.JA, chat)
    shown = other.page.opened(f"?conversation={begun['conversation']}")
    assert shown_messages(shown)[-1]["content"] == other.t("at_work")
    going_on.set()
    assert "20 minutes" in Chat.contents(other.page.follow(begun["conversation"]))[-1]


def test_a_browser_that_goes_away_loses_no_answer(chat):
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    gone = chat.page.follow(begun["conversation"])
    next(gone)
    gone.close()
    assert list(chat.talk.follow(begun["conversation"]))[-1].last.state == "answered"


def test_after_a_restart_a_question_without_answer_is_told_and_can_be_asked_again(chat):
    conversation = chat.desk.conversations.start("en").id
    chat.desk.conversations.ask(conversation, QUESTION)
    chat.talk.__init__(chat.desk)
    shown = chat.page.opened(f"?conversation={conversation}")
    assert chat.t("interrupted") in shown_messages(shown)[-1]["content"]
    assert shown["again"]["visible"]
    assert not shown["tools"]["visible"]
    chat.page.again(conversation)
    *_, shown = chat.page.follow(conversation)
    assert "20 minutes" in shown_messages(shown)[-1]["content"]
    assert not shown["again"]["visible"]
    assert len(chat.desk.conversations.turns(conversation)) == 1


def test_a_failure_is_told_and_the_question_kept(demo, monkeypatch):
    chat = Chat(demo, Language.JA)
    with monkeypatch.context() as broken:
        broken.setattr(demo, "ask", lambda *_, **__: 1 / 0)
        *_, shown = chat.ask("質問")
    assert "回答できませんでした" in shown_messages(shown)[-1]["content"]
    assert chat.desk.conversations.turns(chat.conversation)[0].question == "質問"
    assert shown["again"]["visible"]
    chat.page.again(chat.conversation)
    assert [*chat.page.follow(chat.conversation)][-1]["tools"]["visible"]


def test_a_failed_question_leaves_the_others_with_their_answers(demo, chat, monkeypatch):
    chat.ask(QUESTION)
    with monkeypatch.context() as broken:
        broken.setattr(demo, "ask", lambda *_, **__: 1 / 0)
        chat.ask("lost")
    chat.ask("Demo Act Article 5(2)")
    assert [one.question for one in chat.talk.record(chat.conversation).said] == [QUESTION, "lost", "Demo Act Article 5(2)"]
    assert [bool(answer) for answer in chat.answers] == [True, False, True]


def test_a_question_that_cannot_be_asked_is_told_and_stays_in_its_box(chat, demo):
    for words, told in (("  ", "question"), ("x" * (demo.settings.max_question_chars + 1), "4,001")):
        shown = chat.page.begin(words, words, "", "")
        assert told in shown["told"]
        assert "question" not in shown
    assert chat.desk.conversations.all() == []


def test_an_example_leaves_what_is_being_typed(chat):
    chat.ask(QUESTION, typed="half a que")
    assert "question" not in chat.begun


def test_a_follow_up_is_read_after_the_earlier_questions_of_the_chat(chat):
    chat.ask("What does Article 5(1) of the Demo Act say? <x> [y]")
    shown = chat.said("and Article 10?")
    assert chat.answers[-1].reason == "no_such_provision"
    assert "Demo Act say? <x> [y]" in chat.answers[-1].understood_as
    assert "&lt;x>" in shown


def test_what_is_known_of_the_system_is_used_for_questions_about_it(chat, lamp):
    chat.system = lamp.id
    chat.ask("What do we have to do?")
    assert chat.answers[0].understood_as.startswith("Answered for your own system")
    assert chat.answers[0].system == {"demo.has_lamp": True}
    assert "Lamp &lt;b&gt;" in chat.begun["about"]["value"]
    left = chat.page.leave(chat.conversation)
    assert not left["about"]["visible"]
    assert left["choose"]["choices"] == [("Lamp <b>", lamp.id)]
    chat.ask("What do we have to do?")
    assert not (chat.answers[1].understood_as or "").startswith("Answered for your own system")
    assert chat.answers[1].system is None


def test_the_address_names_a_system_and_a_text_for_the_box(chat, lamp):
    shown = chat.page.opened(f"?system={lamp.id}&q=What+now%3F")
    assert shown["system"] == lamp.id
    assert shown["question"] == "What now?"
    assert "question" not in chat.page.opened(f"?system={lamp.id}")
    chat.ask(QUESTION)
    assert chat.page.opened(f"?conversation={chat.conversation}&system={lamp.id}")["system"] == lamp.id
    assert chat.desk.conversations.get(chat.conversation).system == lamp.id


def test_what_the_address_names_and_is_gone_is_told(chat, lamp):
    chat.ask(QUESTION)
    chat.desk.systems.delete(lamp.id, actor="")
    chat.desk.conversations.delete(chat.conversation)
    assert "no longer in your register" in chat.page.opened(f"?system={lamp.id}")["told"]
    shown = chat.page.opened(f"?conversation={chat.conversation}")
    assert "Recently deleted" in shown["told"]
    assert "conversation" not in shown
    assert "Recently deleted" in chat.page.begin("lost?", "lost?", chat.conversation, "")["told"]
    assert "Recently deleted" in chat.page.again(chat.conversation)["told"]
    assert "Recently deleted" in next(chat.page.follow(chat.conversation))["told"]


def test_more_puts_the_long_answer_in_place_of_the_short_one_in_the_store_as_well(small, settings):
    chat = Chat(Assistant(small, Retriever(small, passages_of(small), None), settings))
    chat.ask("Must the keeper light the lamp?")
    short = chat.last.answer.answer
    chat.page.judge("up")(chat.conversation, "")
    chat.page.more(chat.conversation)
    *_, shown = chat.page.follow(chat.conversation)
    assert len(shown_messages(shown)) == 2
    [turn] = chat.desk.conversations.turns(chat.conversation)
    assert len(turn.answer["answer"]) > len(short)
    assert chat.last.feedback is None
    assert chat.page.more("") == {}


def test_a_second_tab_sees_what_happened_and_both_add_to_the_same_conversation(chat):
    chat.ask(QUESTION)
    second = Chat(None, Language.EN, chat)
    stamp = second.page.opened(f"?conversation={chat.conversation}")["stamp"]
    assert list(second.page.refresh(chat.conversation, stamp)) == [{}]
    chat.ask("Demo Act Article 5(2)")
    [news] = second.page.refresh(chat.conversation, stamp)
    assert len(shown_messages(news)) == 4
    assert "comment" not in news
    second.conversation = chat.conversation
    second.ask("Demo Act Article 10")
    assert [one.place for one in chat.talk.record(chat.conversation).said] == [1, 2, 3]


def test_feedback_is_kept_shown_again_and_can_be_withdrawn(chat):
    chat.ask(QUESTION)
    assert "kept" in chat.page.judge("down")(chat.conversation, "")["told"]
    shown = chat.page.explain(chat.conversation, "outdated", "The law changed <now>.")
    assert shown["down"]["value"].startswith("✓")
    again = chat.page.opened(f"?conversation={chat.conversation}")
    assert again["explain"]["visible"]
    assert (again["reason"]["value"], again["comment"]) == ("outdated", "The law changed <now>.")
    gone = chat.page.withdraw(chat.conversation)
    assert not gone["explain"]["visible"]
    assert chat.desk.feedback.of(chat.conversation) == {}
    assert chat.page.withdraw(chat.conversation) == {}
    assert chat.page.explain(chat.conversation, "wrong", "") == {}
    assert chat.page.judge("up")("", "") == {}


def test_a_new_conversation_leaves_the_old_one_in_the_store(chat):
    chat.ask(QUESTION)
    [shown] = chat.page.fresh(chat.conversation, "")
    assert shown["conversation"] == ""
    assert shown["empty"]["visible"]
    assert not shown["chat"]["visible"]
    assert len(chat.desk.conversations.all()) == 1


def test_what_comes_of_the_old_conversation_is_not_shown_in_the_new_one(chat, monkeypatch):
    going_on, real = threading.Event(), chat.desk.assistant.ask
    monkeypatch.setattr(chat.desk.assistant, "ask", lambda *a, **k: going_on.wait(5) and real(*a, **k))
    begun = chat.page.begin(QUESTION, QUESTION, "", "")
    here, elsewhere = (chat.page.follow(begun["conversation"], session) for session in ("here", "elsewhere"))
    assert next(here)["stamp"] == next(elsewhere)["stamp"] == begun["stamp"]
    list(chat.page.fresh(begun["conversation"], "", "here"))
    going_on.set()
    assert list(here) == [{}]
    assert "20 minutes" in Chat.contents(elsewhere)[-1]


def test_the_copy_carries_its_sources_the_day_and_what_it_is_not(chat):
    *_, shown = chat.ask(QUESTION)
    text = shown["copied"]
    assert text.startswith(QUESTION)
    assert "[1] Demo Act Article 5(1)" in text
    assert "Answered for 23 November 2026." in text
    assert "Not legal advice." in text
    assert "**" not in text


def test_two_answers_at_once_are_both_made(chat):
    conversation = chat.desk.conversations.start("en").id
    talk = Talk(chat.desk)
    for question in (QUESTION, "Demo Act Article 5(2)"):
        talk.ask(conversation, question)
    assert [one.state for one in list(talk.follow(conversation))[-1].said] == ["answered", "answered"]


def test_an_answer_in_a_form_of_another_release_is_told_and_can_be_asked_again(chat):
    chat.ask("Demo Act Article 5(1)")
    chat.desk.conversations.answered(chat.conversation, 1, {"said": "in another form"}, "in another form")
    assert chat.talk.record(chat.conversation).last.state == "interrupted"
    chat.talk.again(chat.conversation)
    *_, record = chat.talk.follow(chat.conversation)
    assert record.last.state == "answered"
