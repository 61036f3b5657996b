"""Passwords: long enough, not easily guessed, kept as Argon2id hashes only."""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.store.transactions import StoreError

SHORTEST, LONGEST = 12, 128
_STRONG = 3  # of 4: about ten thousand million guesses
_hasher = PasswordHasher()  # the library's defaults are those of RFC 9106 for little memory
_at_once = BoundedSemaphore(4)  # each takes 64 MiB while it runs


def hashed(password: str, about: tuple[str, ...] = ()) -> str:
    """Return the hash of a new password; ``about`` are words that must not make up most of it, such as name and e-mail.

    Raises:
        StoreError: it is too short or too long, or easily guessed.
    """
    from zxcvbn import zxcvbn

    if not SHORTEST <= len(password) <= LONGEST:
        told = f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}. Choose another."
        raise StoreError(told, "password_length", shortest=SHORTEST, longest=LONGEST)
    if zxcvbn(password[:72], user_inputs=[part for one in about for part in one.replace("@", " ").split()])["score"] < _STRONG:
        raise StoreError("This password is easily guessed; choose another, for example four unrelated words.", "password_weak")
    with _at_once:
        return _hasher.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one whose hash is kept; where none is, it takes as long to say no."""
    with _at_once:
        try:
            return _hasher.verify(kept or _nobodys(), password[:LONGEST]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
