"""Starts the web application on this machine."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from ipaddress import ip_address
from threading import Event
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import typer
import uvicorn
from anyio import to_thread
from fastapi import FastAPI

from assistant.answer.pipeline import Assistant
from assistant.progress import progress_bar
from assistant.settings import Settings, load_settings
from assistant.types import AssistantError
from assistant.web.app import create_app
from assistant.web.desk import Desk, who_acts
from assistant.web.operations import logs
from assistant.web.talk import Talk
from assistant.web.watch import Watch

log = logging.getLogger(__name__)
_TIDY_SECONDS = 6 * 3600


def serve(settings: Settings | None = None) -> None:
    """Open the assistant, building the index if need be, and serve until interrupted.

    Raises:
        AssistantError: the port is taken, the assistant cannot be opened, or others could reach it without an account.
    """
    settings = settings or load_settings()
    logs.configure(settings)
    _refuse_strangers(settings)
    listener = _listen(settings)
    watch = Watch(settings)
    with progress_bar() as report:
        assistant = Assistant.open(settings, report, who=who_acts(settings))
    desk = Desk.open(assistant)
    if desk.team is not None and not desk.team.accounts.organisations():
        typer.echo("Nobody has an account yet: run 'governance-assistant team found NAME --admin EMAIL'.")
    threading.Thread(target=_tidy, args=(desk,), daemon=True).start()
    watch.start(assistant, desk.engine)
    app = create_app(assistant, settings.language, desk, _hosts(settings))
    host, port = listener.getsockname()[:2]
    typer.echo(f"Ready: http://{host}:{port}/  (stop with Ctrl+C)")
    Server(app, settings).run(sockets=[listener])


class Server(uvicorn.Server):
    """Serves until told to stop; from then on it is not ready, so that a proxy sends new requests elsewhere."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        proxy: dict[str, Any] = {"proxy_headers": bool(settings.proxy), "forwarded_allow_ips": settings.proxy}
        # Without the time-out, uvicorn waits for ever on an open page when told to stop.
        super().__init__(
            uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2, **proxy)
        )
        self._closing: Event = app.state.closing
        self._talk: Talk = app.state.talk
        self._unanswered: set[object] = app.state.unanswered
        self._seconds = settings.shutdown_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, as the signal says."""
        self._closing.set()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and wait a while: for answers to what was asked, then for those being made to be stored."""
        end = time.monotonic() + self._seconds
        for server in self.servers:
            server.close()
        while self._unanswered and not self.force_exit and time.monotonic() < end:
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)
        if not await to_thread.run_sync(self._talk.finish, max(0.0, end - time.monotonic())):
            log.warning("Answers were still being made; they can be asked for again")


def _refuse_strangers(settings: Settings) -> None:
    if settings.team or is_loopback(settings.host):
        return
    raise AssistantError(
        f"Others could reach {settings.host} and would see everything without an account. Listen on 127.0.0.1, or switch "
        "accounts on: 'governance-assistant team found NAME --admin EMAIL', then 'serve --team'."
    )


def _hosts(settings: Settings) -> frozenset[str]:
    """Return the names under which the application answers: its own address, and those of this machine."""
    public = urlsplit(settings.public_url).hostname
    if settings.team and not public:  # accounts keep strangers out under any name, and nobody has said which is ours
        return frozenset()
    return frozenset({"localhost", "127.0.0.1", "::1", settings.host, *([public] if public else [])})


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tidy(desk: Desk) -> None:
    """Remove what the settings do not let stay, now and every few hours."""
    while True:
        try:
            desk.tidy()
        except AssistantError:
            log.exception("What was deleted long ago could not be removed")
        time.sleep(_TIDY_SECONDS)


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
