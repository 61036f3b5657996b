"""What a program may do: what its person's role allows, as far as its token goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Depends, HTTPException, Request

from assistant.store.acting import Acting
from assistant.web.desk import Desk
from assistant.web.team.permissions import ASK, READ, allowed

_FOR_READING = {READ, ASK}


def needs(desk: Desk, permission: str) -> Any:
    """Return what refuses a request without a permission (403); without accounts there is nothing to refuse."""
    return Depends(_demand(desk, permission))


def _demand(desk: Desk, permission: str) -> Callable[[Request], None]:
    def demand(request: Request) -> None:
        if desk.team is None:
            return
        who: Acting = request.state.acting
        if getattr(request.state, "scope", "write") == "read" and permission not in _FOR_READING:
            raise HTTPException(403, "This token only reads. Make one that may write, on the page of your account.")
        if not allowed(who, permission, desk.team.members, request.path_params.get("identity")):
            raise HTTPException(403, "Your role does not allow this, or other people are named for this system.")

    return demand
