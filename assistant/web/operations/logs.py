"""Logs as text or JSON. What people write never gets into them, not even by way of an error, unless the settings say so."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

from pythonjsonlogger.json import JsonFormatter

from assistant.settings import Settings

_CLIENTS = ("httpx", "httpx2", "httpcore", "urllib3", "openai")  # each would name the addresses that it asks
_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Text(logging.Formatter):
    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the library's name
        return without_content(ei[1])


class _Json(JsonFormatter):
    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the library's name
        return without_content(ei[1])


def configure(settings: Settings) -> None:
    """Send every log to standard error in the form and from the level of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    names = {"asctime": "at", "levelname": "level", "name": "logger", "message": "message"}
    if settings.log_content:  # then errors tell what they are about as well
        json: logging.Formatter = JsonFormatter(_FORM, rename_fields=names)
        text = logging.Formatter(_FORM)
    else:
        json, text = _Json(_FORM, rename_fields=names), _Text(_FORM)
    handler.setFormatter(json if settings.log_format == "json" else text)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for client in _CLIENTS:
        logging.getLogger(client).setLevel(logging.WARNING)


def without_content(error: BaseException | None) -> str:
    """Return where an error arose, and of which kind it and its causes are, but not what it says: that may quote somebody."""
    told: list[str] = []
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        told.append(f"{frames}\n{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\ncaused by\n\n".join(told)
