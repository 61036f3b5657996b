"""Whatever is typed, an answer comes back: never an exception, never a citation that is not in the knowledge base."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WORDS = (
    "Article Art. 第 条 項 Annex 附属書 Recital 前文 見本法 ( ) 5 1 十 III 4(a) 2027-02-30 2028年13月 December fine いつ keeper "
    "<script> ![x](http://y) eu.demo. eu.nothing.art_1 international.x.y … Article10000000000000000000000"
)
PIECES = st.sampled_from([*WORDS.split(), "Demo Act", "as of", "\x00"])
SPACED, JOINED = (st.lists(PIECES, max_size=12).map(gap.join) for gap in (" ", ""))
QUESTIONS = st.one_of(st.text(max_size=200), SPACED, JOINED)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=QUESTIONS)
def test_any_question_gets_an_answer_that_can_be_checked(demo, question):
    answer = demo.ask(question)
    assert answer.answer.strip()
    assert answer.refused == (answer.reason is not None)
    assert answer.refused or answer.sentences
    numbers = {citation.n for citation in answer.citations}
    assert {n for sentence in answer.sentences for n in sentence.citations} == numbers
    assert all(citation.provision in demo.knowledge.provisions for citation in answer.citations)
    assert not answer.trace["removed"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUESTIONS)
def test_any_search_gives_known_provisions_once_each(demo, query):
    hits = [hit.provision for hit in demo.search(query, 5)]
    assert len(hits) == len(set(hits)) <= 5
    assert set(hits) <= set(demo.knowledge.provisions)
