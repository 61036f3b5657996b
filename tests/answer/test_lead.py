"""The answer in a word: only where it is asked for, of the duty that a provision is there for, on the day asked about."""

from datetime import date

import pytest

ASKED = [
    ("emotion recognition of employees allowed?", None, "**Prohibited.**"),
    ("従業員の感情をAIで読み取ってもいいですか", None, "**禁止されています**。"),
    ("Do we have to tell customers that they are talking to a chatbot?", "2026-08-02", "**Required**"),
    ("Do we have to tell customers that they are talking to a chatbot?", "2026-08-01", "**Not yet, but it will be required**"),
    ("チャットボットであることを顧客に知らせる必要はありますか", "2026-08-02", "**必要です**。"),
]
NOT_ASKED = [
    "What is emotion recognition at work under Article 5(1)(f)?",  # a provision is named
    "高リスクAIシステムの導入者にはどのような義務がありますか",  # what duties, not whether
    "個人データを外国の事業者に提供するには何が必要ですか",  # what is needed, not whether
    "When do we have to tell customers that they are talking to a chatbot?",
]
WORDS = (
    "**Prohibited",
    "**Required",
    "**Not yet",
    "**Recommended",
    "**禁止されて",
    "**必要です",
    "**現時点では",
    "**法的義務では",
)


@pytest.mark.parametrize(("question", "day", "word"), ASKED)
def test_an_answer_begins_with_a_word_where_that_is_asked(question, day, word, real):
    answer = real.ask(question, as_of=date.fromisoformat(day) if day else None)
    assert answer.answer.startswith(word)
    assert answer.sentences[0].citations


@pytest.mark.parametrize("question", NOT_ASKED)
def test_other_questions_get_no_word(question, real):
    assert not real.ask(question).answer.startswith(WORDS)


def test_the_rule_on_days_comes_before_what_is_excepted_from_it(real):
    cited = [one.provision for one in real.ask("When do the rules for high-risk AI systems apply?").citations]
    assert cited[0].startswith("eu.ai_act.art_113")
