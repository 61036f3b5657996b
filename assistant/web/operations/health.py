"""Whether the application lives, and whether it can take requests; without a detail that would help a stranger."""

from __future__ import annotations

from threading import Event

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from assistant.store.database import answers
from assistant.version import __version__
from assistant.web.desk import Desk


def add_routes(app: FastAPI, desk: Desk, closing: Event) -> None:
    """Serve ``/health``, ``/health/live`` and ``/health/ready``; once it is ``closing`` the application is not ready any more.

    Plain routes, since a permission is looked up in a thread: a process lives even if all of its threads are at work.
    """

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "knowledge": desk.knowledge.version})

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    def ready(_: Request) -> JSONResponse:
        lacking = [name for name, there in (("open", not closing.is_set()), ("database", answers(desk.engine))) if not there]
        told = {"status": "lacking" if lacking else "ok", "lacking": lacking, "vectors": desk.assistant.has_vectors}
        return JSONResponse(told, 503 if lacking else 200)

    for path, told in (("/health", health), ("/health/live", live), ("/health/ready", ready)):
        app.add_route(path, told)
