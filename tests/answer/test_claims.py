"""Claims are read one by one while the model speaks."""

import pytest
from speaking import GOOD, reply, said

from assistant.answer.claims import ClaimReader
from assistant.answer.listening import Fault, ModelFailedError


def _read(text, size=7):
    reader = ClaimReader()
    claims = [claim for piece in said(text, size) for claim in reader.feed(piece)]
    return claims, reader.complete


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "frame", ["{}", "Here you are:\n```json\n{}\n```", '<think>I might say {{"claims": [{{"text": "no"}}]}}</think>\n{}']
)
def test_a_reply_is_read_whatever_stands_around_it_and_however_it_is_cut(frame, size):
    claims, complete = _read(frame.format(reply(GOOD, GOOD | {"text": "灯火「点灯」。"})), size)
    assert [claim.text for claim in claims] == [GOOD["text"], "灯火「点灯」。"]
    assert claims[0].passages == [1]
    assert complete


def test_a_claim_is_there_before_the_reply_has_ended():
    reader = ClaimReader()
    assert [claim.text for claim in reader.feed(reply(GOOD, GOOD)[:-40])] == [GOOD["text"]]
    assert not reader.complete


def test_the_earlier_form_has_no_spans_and_the_present_one_must():
    claims, _ = _read('{"sentences": [{"text": "a", "citations": [1]}]}')
    assert (claims[0].passages, claims[0].spans) == ([1], None)
    claims, _ = _read('{"claims": [{"text": "a", "passages": [1]}]}')
    assert claims[0].spans == []


@pytest.mark.parametrize(
    "text", ["", "I would rather talk about ships.", reply(GOOD)[:-3], '{"claims": [{"text": "a', "[" * 90_000]
)
def test_a_reply_that_is_none_or_breaks_off_is_not_complete(text):
    assert _read(text, 5000)[1] is False


@pytest.mark.parametrize(
    "text", ['{"claims": ["a"]}', '{"claims": [{"said": "a"}]}', '{"claims": [{"text": "a", "passages": ["b"]}]}']
)
def test_what_is_no_claim_is_told(text):
    with pytest.raises(ModelFailedError) as told:
        _read(text)
    assert told.value.fault is Fault.FORM


def test_brackets_nested_without_end_do_no_harm():
    assert _read('{"claims": [{"text": ' + "[" * 30_000, 30_000) == ([], False)
