"""Questions about the user's own system: answered from its assessment, as strongly and from the day that it says."""

from datetime import date

import pytest
from conftest import TODAY
from needs import ROOT
from test_systems import CASES, answered

from assistant.answer.sources import Sources
from assistant.answer.system import OwnSystem
from assistant.answer.understand import understand
from assistant.answer.verify import Verifier
from assistant.law.answers import Answers, read_answers
from assistant.law.assessment import Assessor
from assistant.search.router import Router
from assistant.types import AssistantError, Jurisdiction, Language

ABOUT_IT = {
    "What do I have to do?": "duties",
    "what must we do": "duties",
    "Which duties apply to us and from when?": "duties dates",
    "What are our obligations under the AI Act?": "duties",
    "What do we have to do in Japan?": "duties",
    "And what do we need to do as a deployer?": "duties",
    "By when do we have to comply?": "dates",
    "How much do we risk?": "sanctions",
    "What fines could we face?": "sanctions",
    "What is still open?": "open",
    "Which questions are still unanswered?": "open",
    "What is our role?": "roles",
    "Are we high-risk?": "high_risk",
    "Is our system high-risk under the AI Act?": "high_risk",
    "Do we need a FRIA?": "fria",
    "Is this system prohibited?": "prohibited",
    "Does the AI Act apply to us?": "scope",
    "うちは何をしなければならない？": "duties",
    "当社にはどのような義務がありますか": "duties",
    "うちは日本では何をすべきですか": "duties",
    "いつまでに？": "dates",
    "当社の義務はいつから適用されますか": "dates",
    "当社のシステムは高リスク？": "high_risk",
    "このシステムは高リスクAIに該当しますか": "high_risk",
    "うちは基本的権利影響評価が必要ですか": "fria",
    "まだ未確定のことは何ですか": "open",
    "当社の立場は何ですか": "roles",
    "違反したら当社の罰則は？": "sanctions",
}
ABOUT_THE_LAW = [
    "What must a deployer of a high-risk AI system do?",
    "When do the rules for high-risk AI systems apply?",
    "What must we do after a personal data breach?",
    "Do we have to tell customers that they are talking to a chatbot?",
    "Is CV screening software high-risk?",
    "What is a high-risk AI system?",
    "What are the fines under the GDPR?",
    "What do we have to do under Article 26 of the AI Act?",
    "Which documents must importers keep?",
    "導入者の義務は何ですか",
    "高リスクAIシステムとは何ですか",
    "漏えいが起きたら、うちは何をしなければなりませんか",
    "GDPRの罰則は？",
    "採用選考にAIを使うと高リスクになりますか",
]
AXES = {
    Language.EN: [
        "Does the AI Act apply to us?", "Are we prohibited?", "Are we high-risk?", "Which transparency duties do we have?",
        "Are we a GPAI provider?", "Do we need a FRIA?", "Does the GDPR apply to us?", "Does Japanese law apply to us?",
    ],
    Language.JA: [
        "当社にEU AI法は適用されますか", "うちは禁止されていますか", "うちは高リスク？", "当社に透明性義務はありますか",
        "うちは汎用AIモデルの提供者ですか", "FRIAは必要？", "当社にGDPRは適用されますか", "うちに日本の法令は関係しますか",
    ],
}  # fmt: skip
ASKED = {
    Language.EN: ["What do we have to do?", "By when?", "How much do we risk?", "What is still open?", "What is our role?"],
    Language.JA: ["当社は何をすべき？", "いつまでに？", "当社の罰則は？", "未確定のことは？", "当社の立場は？"],
}


@pytest.fixture
def example(knowledge):
    return read_answers(ROOT / "docs" / "example-answers.yaml", knowledge)


@pytest.fixture
def own(knowledge, example):
    return OwnSystem(knowledge, Router(knowledge), example)


@pytest.fixture
def read(knowledge):
    return lambda text, language=None: understand(text, knowledge, Router(knowledge), language)


@pytest.fixture
def told(knowledge, read):
    """Answer a question about the system of these answers; return the blocks that stand, and what was removed."""

    def tell(text, answers, day=TODAY):
        question = read(text)
        sources = Sources(knowledge, question.language, day)
        draft = OwnSystem(knowledge, Router(knowledge), answers).draft(question, day, sources)
        return Verifier(knowledge, question.language, sources.provision_of).check(draft.blocks)

    return tell


@pytest.mark.parametrize(("text", "wanted"), ABOUT_IT.items())
def test_what_a_question_wants_to_know_of_the_system(own, read, text, wanted):
    found = own.wanted(read(text))
    assert found is not None
    assert set(wanted.split()) <= {*found.aspects, *found.axes}


@pytest.mark.parametrize("text", ABOUT_THE_LAW)
def test_a_question_about_the_law_is_none_about_the_system(own, read, text):
    assert own.wanted(read(text)) is None


def _text(blocks):
    return " ".join(sentence.text for block in blocks for sentence in block.sentences)


def test_duties_are_told_as_strongly_as_they_bind(told, example):
    blocks, _ = told("What do we have to do?", example)
    heads = [block.sentences[0].text for block in blocks if not block.sentences[0].citations]
    assert heads[:4] == [
        "**You must:**", "**You must make an effort to:**", "**You should (recommended, not binding):**",
        "**Future law, not in force yet:**",
    ]  # fmt: skip
    assert sum(block.item and len(block.sentences) > 1 for block in blocks) <= 8
    assert "Use as instructed, oversee, monitor" in _text(blocks)
    assert "It will apply from 2 December 2027." in _text(blocks)


def test_the_days_to_come_are_named_first(told, example):
    first, *_ = told("いつまでに？", example)[0]
    assert first.sentences[0].text.startswith("**2027年12月2日から**")
    assert "2027年12月2日" not in _text(told("いつまでに？", example, date(2027, 12, 2))[0])


def test_an_outcome_comes_with_its_reasons_and_the_day(told, example):
    said = _text(told("Are we high-risk?", example)[0])
    assert said.startswith("**High-risk AI system: yes.**")
    assert "listed in Annex III" in said
    assert "from 2 December 2027" in said
    assert "have a lawyer look at it" in said


def test_what_is_open_names_the_question_that_settles_it(told, knowledge):
    given = Answers({"eu.inference": "learns", "eu.territory": frozenset({"uses_in_union"})})
    said = _text(told("Are we high-risk?", given)[0])
    assert "High-risk AI system: open." in said
    assert any(f"“{question.text.en}” – not answered" in said for question in knowledge.questions.values())
    assert "Still open" in _text(told("What do we have to do?", given)[0])


def test_only_the_duties_of_the_side_the_act_or_the_role_named_are_told(told, example):
    assert "Legal basis" not in _text(told("What do we have to do in Japan?", example)[0])
    assert "purpose of use" not in _text(told("What do we have to do under the AI Act?", example)[0])
    assert "AI literacy" in _text(told("What do we have to do as a deployer?", example)[0])
    assert "nothing of that is owed" in _text(told("What do we have to do as an importer?", example)[0])


@pytest.mark.parametrize("case", CASES[::6], ids=lambda case: case["case"])
@pytest.mark.parametrize("language", list(Language))
def test_every_sentence_is_carried_by_what_it_cites(knowledge, case, language):
    answers, _ = answered(knowledge, case["facts"])
    own, router = OwnSystem(knowledge, Router(knowledge), answers), Router(knowledge)
    for text in ASKED[language]:
        sources = Sources(knowledge, language, TODAY)
        draft = own.draft(understand(text, knowledge, router, language), TODAY, sources)
        assert Verifier(knowledge, language, sources.provision_of).check(draft.blocks)[1] == [], text


@pytest.mark.long
@pytest.mark.parametrize("text", [*AXES[Language.EN], *AXES[Language.JA]])
def test_every_outcome_is_carried_by_what_it_cites(knowledge, read, text):
    question = read(text)
    for case in CASES[::5]:
        answers, _ = answered(knowledge, case["facts"])
        sources = Sources(knowledge, question.language, TODAY)
        draft = OwnSystem(knowledge, Router(knowledge), answers).draft(question, TODAY, sources)
        assert draft.blocks
        assert Verifier(knowledge, question.language, sources.provision_of).check(draft.blocks)[1] == [], case["case"]


def test_a_general_question_is_read_for_the_roles_of_the_system_only_where_it_says_we(own, read, knowledge, example):
    roles = set(Assessor(knowledge, Language.EN).assess(example, TODAY).roles)
    question, told = own.informed(read("How long must we keep the logs?"), TODAY)
    assert question.roles == roles
    assert "deployer" in told[0]
    assert own.informed(read("How long must logs be kept?"), TODAY)[1] == []
    assert own.informed(read("Must we as importers keep the logs?"), TODAY)[0].roles == {"importer"}
    assert own.informed(read("Must we report a leak in Japan?"), TODAY)[0].jurisdictions == {Jurisdiction.JP}


def test_the_assistant_answers_about_the_system_only_with_answers(real, example):
    assert real.ask("Are we high-risk?", answers=example).answer.startswith("**High-risk AI system: yes.**")
    assert not (real.ask("Are we high-risk?").understood_as or "").startswith("Answered for your own system")


def test_a_follow_up_stays_with_the_system_and_a_new_subject_leaves_it(real, example):
    history = ["What does Article 50 of the AI Act say?", "What do we have to do?"]
    assert "2 December 2027" in real.ask("by when?", history=history, answers=example).answer
    japan = real.ask("and in Japan?", history=history, answers=example)
    assert {one.document.split(".")[0] for one in japan.citations} == {"jp"}
    general = real.ask("What is special care-required personal information?", history=history, answers=example)
    assert "jp.appi.art_2.par_3" in {one.provision for one in general.citations}


def test_answers_that_contradict_each_other_are_refused(real):
    contradictory = Answers({"eu.inference": "learns", "eu.territory": frozenset({"uses_in_union", "output_intended"})})
    with pytest.raises(AssistantError, match="contradict"):
        real.ask("Are we high-risk?", answers=contradictory)
