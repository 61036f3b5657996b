"""The rule engine: three values, never rounded; an answer may settle what is open, and never unsettles what is settled."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from test_systems import plain

from assistant.law.answers import Answers
from assistant.law.conditions import Condition
from assistant.law.derivations import Derivation
from assistant.law.questionnaire import duty_verdict, facts_of, needed, remaining
from assistant.law.rules import Facts

PARSE = TypeAdapter(Condition).validate_python
A, B = {"fact": "a", "is": True}, {"fact": "b", "is": True}


def judged(condition, **answers):
    return Facts(answers, {}).judge(PARSE(condition))


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_all_and_any_follow_the_three_valued_tables(a, b, both, either):
    answers = {name: value for name, value in (("a", a), ("b", b)) if value is not None}
    assert judged({"all": [A, B]}, **answers).value is both
    assert judged({"all": [B, A]}, **answers).value is both
    assert judged({"any": [A, B]}, **answers).value is either


@pytest.mark.parametrize(("a", "value"), [(True, False), (False, True)])
def test_not_turns_round_and_leaves_open_open(a, value):
    assert judged({"not": A}, a=a).value is value
    assert judged({"not": A}).value is None
    assert judged({"fact": "a", "is": False}, a=a).value is value


def test_what_is_open_names_the_facts_that_could_decide_it_and_no_others():
    assert judged({"all": [A, B]}, a=True).needs == {"b"}
    assert judged({"all": [A, B]}, a=False).needs == frozenset()
    assert judged({"any": [{"all": [A, B]}, {"fact": "c", "is": True}]}, c=True).needs == frozenset()


def test_sets_choices_and_days():
    assert judged({"fact": "s", "includes": "x"}, s=frozenset({"x", "y"})).value is True
    assert judged({"fact": "s", "includes": "z"}, s=frozenset({"x"})).value is False
    assert judged({"fact": "c", "is": "one"}, c="one").value is True
    day = {"fact": "d", "before": "2026-08-02"}
    assert [judged(day, d=date(2026, 8, n)).value for n in (1, 2)] == [True, False]
    assert judged(day).value is None


def test_derived_facts_are_concluded_and_pass_on_what_they_need():
    rule = Derivation(fact="x", holds=PARSE({"all": [A, B]}))
    facts = Facts({"a": True}, {"x": rule})
    assert facts.judge(PARSE({"fact": "x", "is": True})).needs == {"b"}


def test_a_question_that_does_not_concern_somebody_counts_as_no_and_is_not_needed():
    gates = {"b": PARSE(A)}
    assert Facts({"a": False}, {}, gates).judge(PARSE(B)).value is False
    assert Facts({}, {}, gates).judge(PARSE(B)).needs == {"a", "b"}
    assert Facts({"a": True}, {}, gates).judge(PARSE(B)).needs == {"b"}


def _strategy(knowledge, fact):
    asked = knowledge.facts[fact]
    if asked.kind == "boolean":
        return st.booleans()
    if asked.kind == "date":
        return st.dates(date(2024, 1, 1), date(2030, 12, 31))
    if asked.kind == "number":
        return st.sampled_from([0.0, 33.333, 33.4, 1e23, 2e23, 1e25, 2e25])
    if asked.kind == "text":
        return st.just("a name")
    if asked.kind == "choice":
        return st.sampled_from(asked.values)
    real = [value for value in asked.values if value != "none"]
    some = st.lists(st.sampled_from(real), min_size=1, max_size=3).map(frozenset)
    return st.one_of(st.just(frozenset({"none"})), some)


def _settled(knowledge, answers):
    facts = facts_of(knowledge, answers)
    found = {f"outcome {one.id}": facts.judge(one.holds).value for one in knowledge.outcomes.values()}
    return found | {duty.id: duty_verdict(duty, facts).value for duty in knowledge.obligations.values()}


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_another_answer_never_changes_what_was_settled(knowledge, data):
    """Not knowing keeps a branch open, and open is never rounded: answers only settle more, whichever are left out."""
    answers, before = Answers(), {}
    for fact in [fact for fact in knowledge.questions if data.draw(st.booleans())]:
        answers = Answers({**answers.facts, fact: data.draw(_strategy(knowledge, fact))})
        after = _settled(knowledge, answers)
        assert {name: after[name] for name, value in before.items() if value is not None} == {
            name: value for name, value in before.items() if value is not None
        }
        before = after


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_questionnaire_ends_with_nothing_open(knowledge, data):
    answers, asked = Answers(), 0
    while left := remaining(knowledge, answers):
        fact = left[0].fact
        value = data.draw(_strategy(knowledge, fact)) if data.draw(st.booleans()) else _plain(knowledge, fact)
        answers, asked = Answers({**answers.facts, fact: value}), asked + 1
    assert asked <= len(knowledge.questions)
    assert None not in _settled(knowledge, answers).values()
    assert needed(knowledge, facts_of(knowledge, answers)) == frozenset()


def _plain(knowledge, fact):
    value = plain(knowledge, fact)
    if knowledge.facts[fact].kind == "date":
        return date.fromisoformat(value)
    return frozenset(value) if isinstance(value, list) else value


def test_whom_a_question_concerns_is_asked_before_it(knowledge):
    places = {fact: place for place, fact in enumerate(knowledge.questions)}
    nothing = facts_of(knowledge, Answers())
    for question in knowledge.questions.values():
        for needs in nothing.judge(question.ask_when).needs:
            assert places[needs] < places[question.fact], (question.fact, needs)


def test_i_do_not_know_is_not_asked_again_and_keeps_things_open(knowledge):
    answers = Answers(unknown=frozenset({"eu.inference"}))
    assert "eu.inference" not in [question.fact for question in remaining(knowledge, answers)]
    assert facts_of(knowledge, answers).judge(knowledge.outcomes["scope"].holds).value is None
