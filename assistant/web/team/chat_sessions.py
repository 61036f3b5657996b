"""Whose each page of the chat is: Gradio tells answers to whoever names a page's key, so the key must be of the one who asks."""

from __future__ import annotations

import json
from collections import OrderedDict
from threading import Lock

from starlette.requests import Request
from starlette.types import Message, Receive

_MOST = 100_000  # pages remembered; the oldest are forgotten first, and belong to whoever comes next
_LARGEST = 1 << 20  # bytes that the page of the chat sends at most
_KEY = "session_hash"


class ChatSessions:
    """The keys of chat pages with the person who used each first."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    async def check(self, request: Request, person: str) -> tuple[Receive, bool]:
        """Return the request to go on with, and whether the page that it names, if any, is this person's."""
        path = request.scope["path"]
        if "/gradio_api/" not in path:
            return request.receive, True
        key, receive = request.query_params.get(_KEY), request.receive
        if "/heartbeat/" in path:
            key = path.rpartition("/")[2]
        elif request.method == "POST":  # whatever form it says to have: the same one has many names
            body = await _body(request)
            if len(body) > _LARGEST:
                return request.receive, False
            receive, key = _again(body, receive), _named(body)
        return receive, key is None or self._owner(key, person) == person

    def _owner(self, key: str, person: str) -> str:
        with self._lock:
            owner = self._owners.setdefault(key, person)
            while len(self._owners) > _MOST:
                self._owners.popitem(last=False)
            return owner


async def _body(request: Request) -> bytes:
    """Return what was sent; where it is too large, as much as shows that."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            break
    return bytes(body)


def _named(body: bytes) -> str | None:
    try:
        key = json.loads(body).get(_KEY)
    except (ValueError, AttributeError):
        return None
    return key if isinstance(key, str) else None


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read once more, then whatever comes."""
    first = True

    async def given() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return given
