"""The questionnaire in the chat: asked one by one, answered by a press or a number, kept like on its page."""

import pytest
from talking import Chat

from assistant.answer.pipeline import Assistant
from assistant.law.answers import UNKNOWN
from assistant.search.passages import passages_of
from assistant.search.retrieval import Retriever
from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.interview import Interview
from assistant.web.pages import Pages
from assistant.web.talk import Talk

EN, JA = texts(Language.EN), texts(Language.JA)


@pytest.fixture
def chat(knowledge, settings):
    """A chat over the real questionnaire about a system of which nothing is known."""
    made = Chat(Assistant(knowledge, Retriever(knowledge, passages_of(knowledge), None), settings))
    made.talk = made.page._talk = Talk(made.desk, Interview({one: Pages(made.desk, one) for one in Language}))
    made.system = made.desk.systems.create(
        {"questionnaire": knowledge.questionnaire, "facts": {}}, name="Shop", owner="", actor=""
    ).id
    return made


def facts(chat):
    return chat.desk.systems.get(chat.system).answers["facts"]


def test_the_next_question_is_asked_with_its_options_and_its_legal_basis(chat, knowledge):
    chat.ask(EN("interview_next"))
    question = knowledge.questions["eu.inference"]
    assert question.text.en in chat.last.answer.answer
    assert chat.last.answer.options == [*(option.text.en for option in question.options), EN("assess_unknown")]
    assert [one.provision for one in chat.last.answer.citations] == question.provisions


def test_an_option_pressed_is_kept_and_the_next_question_follows(chat, knowledge):
    chat.ask(EN("interview_next"))
    chat.ask(chat.last.answer.options[0])
    assert facts(chat)["eu.inference"] == knowledge.questions["eu.inference"].options[0].value
    assert chat.last.answer.trace["questionnaire"] == "eu.territory"
    event = chat.desk.systems.history(chat.system)[0]
    assert (event.kind, event.actor) == ("answered", EN("interview_actor"))


def test_several_answers_are_typed_by_number_in_any_width(chat, knowledge):
    chat.ask(JA("interview_next"))
    chat.ask(chat.last.answer.options[0])
    chat.ask("１、 2")
    options = knowledge.questions["eu.territory"].options
    assert facts(chat)["eu.territory"] == [options[0].value, options[1].value]


@pytest.mark.long
@pytest.mark.parametrize("typed", ["0", "99", "1, 99"])
def test_a_number_that_stands_for_nothing_is_told_and_the_question_asked_again(chat, typed):
    chat.ask(EN("interview_next"))
    chat.ask(chat.last.answer.options[0])
    chat.ask(typed)
    assert EN("assess_misfit_set") in chat.last.answer.answer
    assert chat.last.answer.trace["questionnaire"] == "eu.territory"
    assert "eu.territory" not in facts(chat)


def test_i_do_not_know_stays_open(chat):
    chat.ask(EN("interview_next"))
    chat.ask(EN("assess_unknown"))
    assert facts(chat)["eu.inference"] == UNKNOWN


def test_a_question_in_between_is_answered_from_the_law_and_the_questionnaire_goes_on(chat):
    chat.ask(EN("interview_next"))
    chat.ask("What does Article 5 of the AI Act prohibit?")
    assert chat.last.answer.citations[0].provision.startswith("eu.ai_act.art_5")
    assert facts(chat) == {}
    chat.ask(EN("interview_next"))
    assert chat.last.answer.trace["questionnaire"] == "eu.inference"


def test_yes_without_a_question_is_no_answer_to_the_questionnaire(chat):
    chat.ask(EN("yes"))
    assert facts(chat) == {}


@pytest.mark.long
def test_the_end_is_told_with_the_outcomes_and_the_way_to_the_result(chat, knowledge):
    chat.ask(EN("interview_next"))
    for _ in range(80):
        if "questionnaire" not in chat.last.answer.trace:
            break
        chat.ask(EN("assess_unknown"))
    assert EN("assess_done") in chat.last.answer.answer
    assert f"/en/systems/{chat.system}" in chat.last.answer.answer
    for outcome in knowledge.outcomes.values():
        assert outcome.title.en in chat.last.answer.answer
