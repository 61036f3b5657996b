"""A model is listened to with an end, asked again where that helps, and never waited for in vain."""

import time

import pytest
from speaking import Scripted, StatusError

from assistant.answer.listening import Fault, Limits, ModelFailedError, whole

QUICK = Limits(seconds=0.6, retries=2, pause=0.01)


def _fault(model, limits=QUICK):
    with pytest.raises(ModelFailedError) as told:
        whole(model, [], limits)
    assert "secret" not in str(told.value), "the question is not repeated in what is logged"
    return told.value.fault


def test_what_a_model_says_comes_whole():
    assert whole(Scripted(["a", "", "b"]), [], QUICK) == "ab"


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ([30], Fault.STALLED),
        (["a", 30], Fault.STALLED),
        (["a", 0.2] * 100, Fault.TIMED_OUT),
        (["garbage " * 1000] * 100, Fault.TOO_LONG),
        ([TimeoutError("secret")], Fault.TIMED_OUT),
        ([ValueError("secret")], Fault.BROKE_DOWN),
        ([StatusError(401)], Fault.KEY_REFUSED),
        ([StatusError(403)], Fault.KEY_REFUSED),
        ([StatusError(404)], Fault.NOT_FOUND),
        ([StatusError(429)], Fault.BUSY),
        ([StatusError(500)], Fault.BUSY),
        ([ConnectionResetError("secret")], Fault.UNREACHABLE),
        (["a", ConnectionResetError("secret")], Fault.UNREACHABLE),
    ],
)
def test_each_fault_is_told_apart_and_takes_no_longer_than_agreed(script, fault):
    started = time.monotonic()
    assert _fault(Scripted(script)) is fault
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("error", "calls"), [(StatusError(429), 3), (StatusError(503), 3), (ConnectionError(), 3), (StatusError(401), 1)]
)
def test_a_busy_model_is_asked_again_and_a_refused_key_is_not(error, calls):
    model = Scripted([error])
    _fault(model)
    assert len(model.sent) == calls


def test_a_model_that_recovers_answers():
    model = Scripted([StatusError(429)], [ConnectionError()], ["well"])
    assert whole(model, [], QUICK) == "well"


def test_a_model_that_has_begun_to_speak_is_not_asked_again():
    model = Scripted(["a", ConnectionError()], ["b"])
    assert _fault(model) is Fault.UNREACHABLE
    assert len(model.sent) == 1


@pytest.mark.parametrize("script", [[30], ["a", 0.1] * 100, [StatusError(429)]])
def test_a_stop_is_heard_within_a_moment(script):
    started = time.monotonic()
    limits = Limits(seconds=20, retries=5, pause=5, cancelled=lambda: time.monotonic() - started > 0.3)
    assert _fault(Scripted(script), limits) is Fault.STOPPED
    assert time.monotonic() - started < 1.5
