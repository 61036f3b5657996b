"""The cookie of a session: for the server alone, never for a script, another site or an unencrypted connection."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

_SAFE, _PLAIN = "__Host-session", "session"  # a browser lets nobody else set the first; without TLS there is only the second


def secret_in(request: Request) -> str:
    """Return the secret of the session that a browser sends; empty where there is none."""
    return request.cookies.get(_name(request), "")


def remember(request: Request, response: Response, secret: str) -> Response:
    """Give the browser a session, until it is closed or the session ends."""
    response.set_cookie(_name(request), secret, httponly=True, samesite="lax", secure=_encrypted(request), path="/")
    return response


def forget(request: Request, response: Response) -> Response:
    """Take the session away from the browser."""
    response.delete_cookie(_name(request), httponly=True, samesite="lax", secure=_encrypted(request), path="/")
    return response


def _name(request: Request) -> str:
    return _SAFE if _encrypted(request) else _PLAIN


def _encrypted(request: Request) -> bool:
    return request.url.scheme == "https"
