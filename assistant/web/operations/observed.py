"""Every request leaves one line in the log and one count in the metrics, under an id that the answer carries as well."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.operations.metrics import Metrics

log = logging.getLogger("assistant.access")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_HEADER = "x-request-id"


class Observed:
    """ASGI middleware around the whole application; ``unanswered`` holds a key for every request whose answer has not begun."""

    def __init__(self, app: ASGIApp, metrics: Metrics, unanswered: set[object]) -> None:
        self._app = app
        self._metrics = metrics
        self._unanswered = unanswered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(_HEADER, "")
        identity = asked if _ID.fullmatch(asked) else uuid.uuid4().hex
        status, started, key = 500, time.perf_counter(), object()

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                self._unanswered.discard(key)
                status = message["status"]
                MutableHeaders(scope=message)[_HEADER] = identity
            await send(message)

        self._unanswered.add(key)
        try:
            with self._metrics.in_progress.track_inprogress():
                await self._app(scope, receive, sent)
        finally:
            self._unanswered.discard(key)
            self._tell(scope, identity, status, time.perf_counter() - started)

    def _tell(self, scope: Scope, identity: str, status: int, seconds: float) -> None:
        route, acting = template(scope), scope.get("state", {}).get("acting")
        self._metrics.requested(scope["method"], route, status, seconds)
        told = {
            "request": identity,
            "method": scope["method"][:10],
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
            "organisation": acting.organisation if acting else "",
            "person": acting.person if acting else "",
        }
        log.info("%s", " ".join(f"{key}={value}" for key, value in told.items() if value != ""), extra={"access": told})


def template(scope: Scope) -> str:
    """Return the template of a request's address, so that there are only as many as there are routes."""
    path = getattr(scope.get("route"), "path", None)
    if not isinstance(path, str):
        return "other"
    root = scope.get("root_path", "")
    return path if path.startswith(root) else f"{root}{path}"
