"""Starts the web application on this machine."""

from __future__ import annotations

import socket

import typer
import uvicorn

from assistant.answer.pipeline import Assistant
from assistant.progress import progress_bar
from assistant.settings import Settings, load_settings
from assistant.types import AssistantError
from assistant.web.app import create_app
from assistant.web.desk import Desk


def serve(settings: Settings | None = None) -> None:
    """Open the assistant, building the index if need be, and serve until interrupted.

    Raises:
        AssistantError: the port is taken, or the assistant cannot be opened.
    """
    settings = settings or load_settings()
    listener = _listen(settings)
    with progress_bar() as report:
        assistant = Assistant.open(settings, report)
    desk = Desk.open(assistant)
    desk.purge()
    app = create_app(assistant, settings.language, desk)
    # Without the time-out, uvicorn waits for ever on an open page when told to stop.
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2))
    host, port = listener.getsockname()[:2]
    typer.echo(f"Ready: http://{host}:{port}/  (stop with Ctrl+C)")
    server.run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise AssistantError(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
            "Stop the program that uses it, or choose another with --port or ASSISTANT_PORT (0 takes a free one)."
        ) from error
    return listener
