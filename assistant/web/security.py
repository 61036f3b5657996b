"""What guards every page: headers, a limit on what is sent, and no change at the request of another site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COMMON = (
    "default-src 'self'; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
# Nothing may be loaded from, or sent to, another host. Gradio's page needs inline scripts and styles; ours need neither.
PLAIN_POLICY = f"{_COMMON}; script-src 'self'; style-src 'self'; img-src 'self' data:"
_GRADIO = (
    f"{_COMMON}; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src 'self' blob:"
)
PROGRAMS = "/api/"  # what is asked for here is asked for by programs
_MOST_OF_PROGRAM = 2  # MiB: twice an answers file; what is sent as JSON takes many times its size of memory once it is read
HEADERS = {"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY"}
_SAFE = {"GET", "HEAD", "OPTIONS"}
# Of what Gradio serves beside the page and its parts, the chat uses these; anything else is not there.
_CLOSED = re.compile(
    r"/(en|ja)/(gradio_api/(?!(info|startup-events|theme\.css|queue/(join|data)|heartbeat/\w+|run/predict|cancel|reset|upload)/?$)"
    r"|monitoring|login|logout|openapi\.json).*"
)
_POLICY = "Content-Security-Policy"
_SHARED = "access-control-"  # with these Gradio lets pages of any other site read what the chat is told, cookies included
_TOO_LARGE = (
    "What was sent is larger than {limit} MiB and was not taken; nothing was changed. "
    "Send a smaller file, or set ASSISTANT_MAX_FILE_MIB.\n\n"
    "送信されたデータが{limit} MiBを超えているため、受け付けませんでした。何も変更されていません。小さいファイルにするか、"
    "ASSISTANT_MAX_FILE_MIBの設定を変更してください。\n"
)
_TOO_MUCH = "What was sent is larger than {limit} MiB and was not taken; nothing was changed. Send less."
_OTHER_NAME = (
    "This application does not answer under that name. Open it at 127.0.0.1, or set ASSISTANT_PUBLIC_URL to its address.\n\n"
    "このホスト名では応答しません。127.0.0.1で開くか、ASSISTANT_PUBLIC_URLに公開アドレスを設定してください。\n"
)
_OTHER_SITE = (
    "This change was asked for by another site and was not made. Open the page here and try again.\n\n"
    "別のサイトからの変更要求のため、実行しませんでした。この画面を開き直して操作してください。\n"
)


class Guard:
    """ASGI middleware around the whole application.

    ``limit`` is the largest request body in MiB; programs, which send no files, have a smaller one.
    ``hosts`` are the only names under which it answers, where there are any: a page of another site that gives this machine a
    name of its own must not read what is here.
    """

    def __init__(self, app: ASGIApp, limit: int, hosts: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._limit = limit
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        for_program = scope["path"].startswith(PROGRAMS)
        limit = min(self._limit, _MOST_OF_PROGRAM) if for_program else self._limit
        body = _Body(receive, limit << 20)

        async def sent(message: Message) -> None:
            if body.too_large:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault(_POLICY, _GRADIO)
                for name in [name for name in headers if name.startswith(_SHARED)]:
                    del headers[name]
            await send(message)

        headers = Headers(scope=scope)
        if _CLOSED.fullmatch(scope["path"]):
            await PlainTextResponse("", 404)(scope, receive, sent)
            return
        # Probes of health name a process by its address, and there is nothing to read there.
        if self._hosts and not scope["path"].startswith("/health") and _named(headers) not in self._hosts:
            await refusal(scope, _OTHER_NAME, 421)(scope, receive, sent)
            return
        if scope["method"] not in _SAFE and _from_elsewhere(headers):
            await refusal(scope, _OTHER_SITE, 403)(scope, receive, sent)
            return
        try:
            await self._app(scope, body.receive, sent)
        except Exception:
            if not body.too_large:
                raise
        if body.too_large:
            await body.drain()
            told = _TOO_MUCH if for_program else _TOO_LARGE
            await refusal(scope, told.format(limit=limit), 413, HEADERS)(scope, receive, send)


class _Body:
    """What a request sends, up to a limit; what goes beyond is read and thrown away, so that the browser hears the answer."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self._more = True

    @property
    def too_large(self) -> bool:
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._more = message.get("more_body", False)
        return {"type": "http.disconnect"} if self.too_large else message

    async def drain(self) -> None:
        while self._more:
            await self.receive()


def refusal(scope: Scope, told: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal in both languages as text; for a program its first paragraph, in the form of every other refusal there."""
    if scope["path"].startswith(PROGRAMS):
        return JSONResponse({"detail": told.partition("\n")[0]}, status, headers)
    return PlainTextResponse(told, status, headers)


def _named(headers: Headers) -> str:
    """Return the name under which a request reached this application, without the port."""
    return urlsplit(f"//{headers.get('host', '')}").hostname or ""


def _from_elsewhere(headers: Headers) -> bool:
    """Tell whether a browser says that another site asks; programs that say nothing are not browsers."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
