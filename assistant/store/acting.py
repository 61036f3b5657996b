"""Who acts: every query of a store is about one organisation, and every change is somebody's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from assistant.types import AssistantError


@dataclass(frozen=True)
class Acting:
    """An organisation, and who of it acts in which role: nobody by name, but allowed everything, where there are no accounts."""

    organisation: str
    person: str = ""
    role: str = "admin"


class NobodyError(AssistantError):
    """Nobody is signed in where everybody must be: nothing is read or changed."""


Who = Callable[[], Acting]
FIRST = "local"  # the organisation of an installation without accounts, and the first one of an installation with them
LOCAL = Acting(FIRST)
_present: ContextVar[Acting] = ContextVar("acting")


def only_one() -> Acting:
    """Return the one user of an installation without accounts."""
    return LOCAL


def always(organisation: str) -> Who:
    """Return what says that an organisation acts, whoever it is: for the command line."""
    return lambda: Acting(organisation)


def present() -> Acting:
    """Return who acts in this request or thread.

    Raises:
        NobodyError: nobody is known to.
    """
    try:
        return _present.get()
    except LookupError:
        raise NobodyError("You are not signed in, or no longer. Sign in and try again.") from None


def enter(who: Acting) -> None:
    """Let ``who`` act from now on in the present context, to its end."""
    _present.set(who)


@contextmanager
def acting(who: Acting) -> Iterator[None]:
    """Let ``who`` act until the block ends, in this request or thread and in the threads that it runs in its context."""
    token = _present.set(who)
    try:
        yield
    finally:
        _present.reset(token)
