"""Cookies with a secret: for the server alone, never for a script, another site or an unencrypted connection."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

_SESSION = "session"
_SAFE = "__Host-"  # a browser lets nobody else set a cookie with this prefix; without TLS there is none


def secret_in(request: Request, cookie: str = _SESSION) -> str:
    """Return the secret that a browser sends, of its session or of another cookie; empty where there is none."""
    return request.cookies.get(_name(request, cookie), "")


def remember(request: Request, response: Response, secret: str, cookie: str = _SESSION, seconds: int | None = None) -> Response:
    """Give the browser a secret for some seconds, or until it is closed or the session ends."""
    encrypted, name = _encrypted(request), _name(request, cookie)
    response.set_cookie(name, secret, max_age=seconds, httponly=True, samesite="lax", secure=encrypted, path="/")
    return response


def forget(request: Request, response: Response, cookie: str = _SESSION) -> Response:
    """Take a secret away from the browser."""
    response.delete_cookie(_name(request, cookie), httponly=True, samesite="lax", secure=_encrypted(request), path="/")
    return response


def _name(request: Request, cookie: str) -> str:
    return f"{_SAFE}{cookie}" if _encrypted(request) else cookie


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https"
