"""The gate: whoever asks for anything is known, or gets no further than to the page for signing in."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote

from anyio import to_thread
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.store.acting import acting
from assistant.store.people import Person
from assistant.store.throttle import connection_of
from assistant.types import Language
from assistant.web.i18n import texts
from assistant.web.security import PROGRAMS, refusal
from assistant.web.team.chat_sessions import ChatSessions
from assistant.web.team.cookies import secret_in
from assistant.web.team.staff import Team

_OPEN = re.compile(r"/(static/.+|favicon\.ico|health(/\w+)?|metrics|)|/(en|ja)/(sign-in|oidc|oidc/back|join/[\w-]+|reset/[\w-]+)")
_BY_TOKEN = re.compile(r"/api/.*|/(en|ja)/systems/([0-9a-f]+/)?calendar\.ics")
# Parts of a page, many at once; and what the proxy asks, under the address of whoever else is not known behind it.
_UNCOUNTED = re.compile(r"/static/.+|/(en|ja)/(assets|static)/.+|/health(/\w+)?")
_SAFE = {"GET", "HEAD", "OPTIONS"}
_SLOWER = (
    "Too many requests. Wait a minute and try again.\n\nリクエストが多すぎます。1分ほど待ってから、もう一度お試しください。\n"
)
_NO_ORIGIN = (
    "The browser did not say from which page this change was asked for, so it was not made. Use a current browser.\n\n"
    "変更の要求元のページを確認できないため、実行しませんでした。最新のブラウザーをご利用ください。\n"
)


class Gate:
    """ASGI middleware around the whole application; ``rate`` is how many requests a minute one person may make."""

    def __init__(self, app: ASGIApp, team: Team, rate: int) -> None:
        self._app = app
        self._team = team
        self._rate = RateLimitItemPerMinute(rate)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._chats = ChatSessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through for whoever makes it, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        person = await self._person(request)
        known_as = person.id if person else connection_of(request.client.host if request.client else "")
        if not _UNCOUNTED.fullmatch(scope["path"]) and not await self._limiter.hit(self._rate, known_as):
            await refusal(scope, _SLOWER, 429, {"Retry-After": "60"})(scope, receive, send)
        elif person is not None:
            await self._through(person, request, send)
        elif _OPEN.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
        else:
            await _refusal(request)(scope, receive, send)

    async def _person(self, request: Request) -> Person | None:
        """Return who asks: by the token of a program, or by the session of a browser."""
        if _BY_TOKEN.fullmatch(request.scope["path"]) and (secret := _token(request.headers)):
            found = await to_thread.run_sync(self._team.tokens.opens, secret)
            if found is not None:
                request.state.scope = found[1]
            return found[0] if found else None
        secret = secret_in(request)
        return await to_thread.run_sync(self._team.sessions.person, secret) if secret else None

    async def _through(self, person: Person, request: Request, send: Send) -> None:
        scope, receive = request.scope, request.receive
        by_browser = getattr(request.state, "scope", None) is None
        told = request.headers.get("origin") or request.headers.get("sec-fetch-site")
        if by_browser and request.method not in _SAFE and not told:
            await refusal(scope, _NO_ORIGIN, 403)(scope, receive, send)
            return
        receive, mine = await self._chats.check(request, person.id)
        if not mine:
            await PlainTextResponse("", 404)(scope, receive, send)
            return
        request.state.acting, request.state.person = person.acting, person
        with acting(person.acting):
            await self._app(scope, receive, _unstored(send))


def _unstored(send: Send) -> Send:
    """Return what sends pages so that the browser keeps no copy of them for whoever sits there next."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "html" in headers.get("content-type", "") or "json" in headers.get("content-type", ""):
                headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sent


def _token(headers: Headers) -> str:
    """Return the token of a program; calendars can only send it as the password of a name."""
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.casefold() == "bearer":
        return value.strip()
    if kind.casefold() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refusal(request: Request) -> Response:
    """Return the way to sign in for a browser that asks for a page, else a refusal."""
    path = request.url.path
    if path.startswith(PROGRAMS):
        told = {"detail": "Send 'Authorization: Bearer TOKEN'; make a token on the page of your account."}
        return JSONResponse(told, 401, {"WWW-Authenticate": "Bearer"})
    if path.endswith(".ics"):
        return PlainTextResponse("", 401, {"WWW-Authenticate": 'Basic realm="calendar"'})
    language = "ja" if path.startswith("/ja") else "en"
    if request.method in _SAFE and "text/html" in request.headers.get("accept", ""):
        whole = path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/{language}/sign-in?to={quote(whole, safe='')}", 303)
    return PlainTextResponse(texts(Language(language))("not_signed_in") + "\n", 401)
