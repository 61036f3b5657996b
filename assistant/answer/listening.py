"""Listens to a model as it speaks, with an end: a time limit, a limit on silence, on length, and a stop by the user.

A model that drips for ever, hangs or babbles is given up on; one that is busy or cannot be reached is asked again as often as
the settings say, but only while it has said nothing. The model runs in a thread of its own, which dies with the process.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol

from assistant.settings import Settings

_POLL = 0.05  # seconds between two looks at the clock and at the stop button
_LONGEST = 40_000  # characters; an answer of twelve sentences with its spans has about 6,000
_PAUSE = 0.5  # seconds before a model is asked again, doubled each time
_REFUSED, _ABSENT, _BUSY, _BROKEN = (401, 403), (400, 404, 422), 429, 500
_UNREACHABLE = {"ConnectionError", "APIConnectionError", "TransportError"}
_SLOW = {"TimeoutError", "TimeoutException", "APITimeoutError"}


class Fault(StrEnum):
    """Why nothing came of a model's answer; each has a sentence in ``phrases.yaml``."""

    TIMED_OUT = "timed_out"
    STALLED = "stalled"
    STOPPED = "stopped"
    KEY_REFUSED = "key_refused"
    NOT_FOUND = "not_found"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    BROKE_DOWN = "broke_down"
    TOO_LONG = "too_long"
    FORM = "form"
    NOTHING = "nothing"
    UNCITED = "uncited"
    TOO_LITTLE = "too_little"


class ModelFailedError(Exception):
    """The model gave nothing that can be used; ``fault`` says why, ``detail`` the kind of error without its content."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail


class Chunk(Protocol):
    """A piece of what a model says."""

    @property
    def text(self) -> str:
        """The piece."""


class Model(Protocol):
    """What is asked of a chat model: to say its reply piece by piece."""

    def stream(self, messages: Any, /) -> Iterator[Chunk]:
        """Say the reply to ``messages``."""


@dataclass(frozen=True)
class Limits:
    """How long a model is listened to and how often it is asked again; ``cancelled`` is looked at all the while."""

    seconds: float = 60
    retries: int = 2
    pause: float = _PAUSE
    cancelled: Callable[[], bool] = lambda: False

    @classmethod
    def of(cls, settings: Settings, cancelled: Callable[[], bool] | None = None) -> Limits:
        """Return the limits of the settings."""
        return cls(settings.model_timeout_seconds, settings.model_retries, cancelled=cancelled or (lambda: False))

    def until(self, end: float) -> Limits:
        """Return these limits with no more time than is left until ``end``, a moment of the monotonic clock."""
        return replace(self, seconds=max(end - time.monotonic(), 0.0))


def pieces(model: Model, messages: Sequence[Any], limits: Limits) -> Iterator[str]:
    """Yield what the model says.

    Raises:
        ModelFailedError: it refused, could not be reached, took too long, said too much, or the user stopped it.
    """
    end = time.monotonic() + limits.seconds
    for attempt in range(limits.retries + 1):
        heard = 0
        try:
            for piece in _heard(model, messages, limits, end):
                heard += len(piece)
                if heard > _LONGEST:
                    raise ModelFailedError(Fault.TOO_LONG)
                yield piece
            return
        except ModelFailedError as error:
            again = error.fault in (Fault.BUSY, Fault.UNREACHABLE) and not heard and attempt < limits.retries
            if not again:
                raise
        _wait(limits.pause * 2**attempt, limits, end)


def whole(model: Model, messages: Sequence[Any], limits: Limits) -> str:
    """Return all that the model says.

    Raises:
        ModelFailedError: as for ``pieces``.
    """
    return "".join(pieces(model, messages, limits))


def _heard(model: Model, messages: Sequence[Any], limits: Limits, end: float) -> Iterator[str]:
    said: queue.Queue[str | BaseException | None] = queue.Queue()
    left = threading.Event()
    threading.Thread(target=_speak, args=(model, messages, said, left), daemon=True).start()
    last = time.monotonic()
    try:
        while True:
            _look(limits, end, last)
            with contextlib.suppress(queue.Empty):
                piece = said.get(timeout=_POLL)
                if piece is None:
                    return
                if isinstance(piece, BaseException):
                    raise _failed(piece) from piece
                yield piece
                last = time.monotonic()  # what the listener does with a piece is no silence of the model
    finally:
        left.set()


def _speak(model: Model, messages: Sequence[Any], said: queue.Queue[str | BaseException | None], left: threading.Event) -> None:
    """Put the model's pieces in the queue, then nothing, or the error; stop once nobody listens."""
    try:
        for chunk in model.stream(messages):
            if left.is_set():
                return
            if chunk.text:
                said.put(chunk.text)
        said.put(None)
    except Exception as error:  # noqa: BLE001 - whatever a provider's library raises is told by the listener
        said.put(error)


def _look(limits: Limits, end: float, last: float) -> None:
    now = time.monotonic()
    if limits.cancelled():
        raise ModelFailedError(Fault.STOPPED)
    if now > end:
        raise ModelFailedError(Fault.TIMED_OUT)
    if now - last > limits.seconds / 2:
        raise ModelFailedError(Fault.STALLED)


def _wait(seconds: float, limits: Limits, end: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        _look(limits, end, time.monotonic())
        time.sleep(min(_POLL, seconds))


def _failed(error: BaseException) -> ModelFailedError:
    """Return what an error of any provider's library means, by its status and the names of its classes."""
    kind = type(error).__name__
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    names = {one.__name__ for one in type(error).__mro__}
    if isinstance(status, int) and status in _REFUSED:
        return ModelFailedError(Fault.KEY_REFUSED, str(status))
    if isinstance(status, int) and status in _ABSENT:
        return ModelFailedError(Fault.NOT_FOUND, str(status))
    if isinstance(status, int) and (status == _BUSY or status >= _BROKEN):
        return ModelFailedError(Fault.BUSY, str(status))
    if names & _SLOW:
        return ModelFailedError(Fault.TIMED_OUT, kind)
    return ModelFailedError(Fault.UNREACHABLE if names & _UNREACHABLE else Fault.BROKE_DOWN, kind)
