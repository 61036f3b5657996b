"""Recorded replies: they outlive the numbering of passages, and tell a careless model from a careful one."""

import json
from collections import Counter

import pytest
from answers import case

from assistant.answer.pipeline import Assistant
from assistant.settings import Settings
from assistant.types import AssistantError
from evals.cases import AS_OF
from evals.place import isolated, open_isolated
from evals.recorded import NOT_PROMISED, Recorder, Wrong, replayer, write_replies
from evals.run import planned, run
from evals.run import provenance as provenance_of
from evals.systems import Product


def _replayed(real_settings, speaker):
    voice = replayer(speaker)
    settings = real_settings.model_copy(update={"model": f"recorded:{speaker}"})
    assistant = open_isolated(settings, voice=voice)
    return run(planned(assistant, ["answers"], voice=voice), provenance_of(assistant, ["answers"])).tasks["answers"]


@pytest.fixture(scope="module")
def careful(real_settings):
    return _replayed(real_settings, "careful")


@pytest.fixture(scope="module")
def careless(real_settings):
    return _replayed(real_settings, "careless")


def _asked(cases):
    """What was kept and removed of each reply; nothing where the model was not asked any more."""
    return {one.id: one.record["trace"]["model_asked"] for one in cases if one.record["trace"]["model_asked"]}


@pytest.mark.long
def test_a_careless_model_is_told_from_a_careful_one(careful, careless):
    assert [one.id for one in careful] == [one.id for one in careless]
    assert len(careful) >= 30
    worded = [sum(one.record["trace"]["model"] is not None for one in cases) for cases in (careful, careless)]
    assert worded[0] >= 22, "its replies are used, not the composed answer"
    assert worded[0] - worded[1] >= 6
    kept, removed = (
        [sum(count(told) for told in _asked(cases).values()) for cases in (careful, careless)]
        for count in (lambda told: told["kept"], lambda told: len(told["removed"]))
    )
    assert removed[0] / (kept[0] + removed[0]) <= 0.15
    assert removed[1] / (kept[1] + removed[1]) >= 0.35
    for verdict in ("key_facts", "right"):
        score = [sum(one.verdicts[verdict].score for one in cases if verdict in one.verdicts) for cases in (careful, careless)]
        assert score[0] - score[1] >= 2, verdict
    for cases in (careful, careless):
        assert all(one.verdicts["language"].passed for one in cases), "a claim in the wrong language does not reach the reader"


@pytest.mark.long
def test_what_was_written_wrong_on_purpose_is_removed(careless):
    """Words of force and negation are known, not their grammar; a wrong figure passes where the passage has it elsewhere."""
    replies, passed, made = replayer("careless").replies, Counter(), Counter()
    for identity, told in _asked(careless).items():
        removed = {one["text"] for one in told["removed"]}
        made.update(replies[identity].wrong.values())
        passed.update(kind for text, kind in replies[identity].wrong.items() if text not in removed)
    assert made.keys() == set(Wrong)
    known = Counter({Wrong.NEGATION: 5, Wrong.FORCE: 3, Wrong.FIGURE: 1})
    assert {kind: n for kind, n in (passed - known).items() if kind not in NOT_PROMISED} == {}


def test_recorded_replies_name_provisions_that_there_are(knowledge):
    named = {
        provision
        for speaker in ("careful", "careless")
        for reply in replayer(speaker).replies.values()
        for claim in json.loads(reply.reply)["claims"]
        for provision in claim["passages"]
    }
    assert len(named) > 40
    assert named <= knowledge.provisions.keys()


def test_nothing_is_replayed_of_a_speaker_who_was_not_recorded():
    with pytest.raises(AssistantError, match="Nothing was recorded of 'nobody'. There is: careful, careless"):
        replayer("nobody")


def _parrot(passage):
    claims = [{"text": "Logs are kept for at least 6 months.", "passages": [passage], "spans": ["for at least 6 months"]}]

    class Parrot:
        def invoke(self, _):
            return type("Said", (), {"text": json.dumps({"claims": claims})})()

    return Parrot()


def _heard(real_settings, voice):
    assistant = Assistant.open(isolated(Settings(**real_settings.model_dump())), today=lambda: AS_OF, model=voice)
    return Product(assistant, voice).answer(case(question="AI Act Article 26(6)"))


@pytest.mark.long
def test_a_model_is_recorded_once_and_replayed_under_the_numbers_of_the_day(real_settings, tmp_path):
    recorder, path = Recorder(_parrot(1), "parrot:1"), tmp_path / "replies.jsonl"
    told = _heard(real_settings, recorder)
    assert told.sentences[0].text == "Logs are kept for at least 6 months."
    write_replies(recorder.kept, path)
    write_replies(recorder.kept, path)
    assert '[\\"eu.ai_act.art_26.par_6\\"]' in path.read_text(encoding="utf-8")
    again = replayer("parrot:1", path)
    assert _heard(real_settings, again).sentences == told.sentences
    assert again.stale == set()
    name = next(name for name, one in again.provisions.items() if one == "eu.ai_act.art_26.par_6")
    assert '"passages": [7]' in again.invoke([_prompt([{"number": 7, "name": name}])]).text
    assert again.stale == {"x-01"}, "the prompt is another"
    assert '"passages": [0]' in again.invoke([_prompt([])]).text, "it is not shown any more"


def _prompt(passages):
    return type("Message", (), {"content": json.dumps({"passages": passages})})()


def test_a_passage_that_a_model_made_up_stays_made_up(real_settings):
    recorder = Recorder(_parrot(99), "parrot:1")
    _heard(real_settings, recorder)
    assert '"passages": ["no passage"]' in recorder.kept[0].reply


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"reply": '{"claims": [{"text": "a", "passages": [1], "spans": []}]}'}, "named by provision, not by number"),
        ({"wrong": {"b": "date"}}, "wrong: the reply does not say 'b'"),
        ({"wrong": {"a": "boring"}}, "wrong"),
        ({"mood": "good"}, "mood: unknown field"),
    ],
)
def test_a_reply_that_does_not_fit_is_refused(change, fault, tmp_path):
    fits = {"case": "x-01", "speaker": "s", "prompt": "p", "recorded_on": "2026-11-26"}
    fits["reply"] = '{"claims": [{"text": "a", "passages": ["eu.ai_act.art_4"], "spans": []}]}'
    path = tmp_path / "replies.jsonl"
    path.write_text(json.dumps(fits), encoding="utf-8")
    assert replayer("s", path).replies.keys() == {"x-01"}
    path.write_text(json.dumps(fits | change), encoding="utf-8")
    with pytest.raises(AssistantError, match=fault):
        replayer("s", path)
