"""Whether the application lives, and whether it can take requests; without a detail that would help a stranger."""

from __future__ import annotations

from threading import Event

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from assistant.store.database import answers
from assistant.version import __version__
from assistant.web.desk import Desk


def add_routes(app: FastAPI, desk: Desk, closing: Event) -> None:
    """Serve ``/health``, ``/health/live`` and ``/health/ready``; once it is ``closing`` the application is not ready any more.

    Whether the process lives is told without a thread: it does even if all of them are at work.
    """

    @app.get("/health")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "knowledge": desk.knowledge.version})

    @app.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/health/ready")
    def ready() -> JSONResponse:
        lacking = [name for name, there in (("open", not closing.is_set()), ("database", answers(desk.engine))) if not there]
        told = {"status": "lacking" if lacking else "ok", "lacking": lacking, "vectors": desk.assistant.has_vectors}
        return JSONResponse(told, 503 if lacking else 200)
