"""What went wrong, in the language of a page, and as which status."""

from __future__ import annotations

import errno

from assistant.store.acting import NobodyError
from assistant.store.rows import ConflictError, NotFoundError
from assistant.store.transactions import NotReadError, NotSavedError, StoreError
from assistant.types import AssistantError
from assistant.web.i18n import Texts

_UNSAVED = {"full": 507, "busy": 503, "gone": 503}
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def told(error: Exception, t: Texts) -> str:
    """Return a sentence that says what is wrong and what to do; a refusal without a text of its own says its own."""
    if isinstance(error, NobodyError):
        return t("not_signed_in")
    if isinstance(error, StoreError):
        return t(f"store_{error.reason}", **error.values)
    if isinstance(error, NotFoundError | ConflictError):
        return t("not_found" if isinstance(error, NotFoundError) else "conflict")
    if isinstance(error, AssistantError):
        return str(error)
    return t("store_full" if no_space(error) else "failed_page")


def status(error: Exception) -> int:
    """Return the HTTP status that belongs to it."""
    if isinstance(error, NobodyError):
        return 401
    if isinstance(error, NotSavedError | NotReadError):
        return _UNSAVED.get(error.reason, 500)
    if isinstance(error, AssistantError):
        return 404 if isinstance(error, NotFoundError) else 409 if isinstance(error, ConflictError) else 400
    return 507 if no_space(error) else 500


def no_space(error: Exception) -> bool:
    """Tell whether the disk is full or the user's share of it used up."""
    return isinstance(error, OSError) and error.errno in _NO_SPACE
