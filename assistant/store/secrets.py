"""Secrets that are handed out once and kept as hashes: whoever reads the database can use none of them."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """Return a secret of 256 bits that nobody can guess, for addresses and headers."""
    return secrets.token_urlsafe(32)


def kept_as(secret: str) -> str:
    """Return what is kept of a secret: it has too many bits for its hash to need more than one round."""
    return hashlib.sha256(secret.encode()).hexdigest()
