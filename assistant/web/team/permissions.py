"""Who may do what: each role's permissions, and the one that each address needs. What is not named here needs an admin."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from anyio import to_thread
from fastapi import HTTPException, Request

from assistant.store.acting import Acting
from assistant.store.members import MemberStore

READ, ASK, ASSESS, REVIEW, COMMENT = "read", "ask", "assess", "review", "comment"
NAME, LEAD, OPERATE = "name", "lead", "operate"
ROLES: Mapping[str, frozenset[str]] = {
    "reader": frozenset({READ, ASK}),
    "reviewer": frozenset({READ, ASK, COMMENT, REVIEW}),
    "assessor": frozenset({READ, ASK, COMMENT, ASSESS}),
    "admin": frozenset({READ, ASK, COMMENT, ASSESS, REVIEW, NAME, LEAD}),  # OPERATE is nobody's: it is done on the server itself
}
PART_OF = {ASSESS: "assessor", REVIEW: "reviewer"}
# What is sent to these addresses needs this permission; to read any page, READ is enough unless it stands here as well.
NEEDS: Mapping[str, str] = {
    "/account": ASK,
    "/account/password": ASK,
    "/account/tokens": ASK,
    "/account/tokens/{identity}/remove": ASK,
    "/sign-in": READ,  # whoever is signed in may sign in as somebody else, or take up an invitation
    "/join/{secret}": READ,
    "/reset/{secret}": READ,
    "/oidc": READ,
    "/sign-out": ASK,
    "/sign-out/everywhere": ASK,
    "/team": LEAD,
    "/team/invite": LEAD,
    "/team/invite/withdraw": LEAD,
    "/team/{identity}/role": LEAD,
    "/team/{identity}/close": LEAD,
    "/team/{identity}/open": LEAD,
    "/team/{identity}/reset": LEAD,
    "/team/log": LEAD,
    "/team/log.csv": LEAD,
    "/systems/{identity}/people": NAME,  # who is named anybody may read
    "/assess": ASSESS,
    "/assess/file": ASSESS,
    "/systems/{identity}/suggestions": ASSESS,
    "/systems/{identity}/question/{fact}": ASSESS,
    "/systems/{identity}/name": ASSESS,
    "/systems/{identity}/copy": ASSESS,
    "/systems/{identity}/delete": ASSESS,
    "/systems/{identity}/duties/{duty}": ASSESS,
    "/systems/{identity}/duties/{duty}/files": ASSESS,
    "/systems/{identity}/files/{file}/remove": ASSESS,
    "/systems/{identity}/changes": ASSESS,
    "/systems/{identity}/comments": COMMENT,
    "/systems/{identity}/comments/{one}/remove": COMMENT,
    "/systems/{identity}/review": REVIEW,
    "/systems/deleted/{identity}/restore": ASSESS,
    "/systems/deleted/purge": LEAD,
    "/systems/import": ASSESS,
    "/systems/import/{key}": ASSESS,
    "/library/own": ASSESS,
    "/library/own/{identity}": ASSESS,
    "/library/own/{identity}/delete": ASSESS,
    "/library/texts/fetch": OPERATE,
    "/library/texts/import": OPERATE,
    "/library/texts/verify": OPERATE,
    "/library/texts/remove": OPERATE,
    "/conversations/deleted/purge": ASK,
    "/conversations/{identity}/delete": ASK,
    "/conversations/{identity}/restore": ASK,
    "/conversations/{identity}/rename": ASK,
    "/conversations/{identity}/feedback/{place}": ASK,
    "/conversations/{identity}/report/{place}": ASK,
    "/person": OPERATE,  # a name is that of the account
}
_READING = {"GET", "HEAD", "OPTIONS"}
_NOT_READ = {LEAD}  # pages that show what only these may see


def needed(method: str, path: str) -> str:
    """Return the permission that a request needs, by the template of its address without the language."""
    wanted = NEEDS.get(path, LEAD if method not in _READING else READ)
    return READ if method in _READING and wanted not in _NOT_READ else wanted


def allowed(who: Acting, permission: str, members: MemberStore | None = None, system: str | None = None) -> bool:
    """Tell whether somebody has a permission; for a system with people named for a part of it, only they and admins do."""
    if permission not in ROLES.get(who.role, frozenset()):
        return False
    part = PART_OF.get(permission)
    if who.role == "admin" or members is None or system is None or part is None:
        return True
    named = members.of(system)[part]
    return not named or who.person in named


def demands(members: MemberStore) -> Callable[[Request], Awaitable[None]]:
    """Return what refuses a request that whoever acts may not make (403), for use on every route of the application."""

    async def demand(request: Request) -> None:
        who: Acting | None = getattr(request.state, "acting", None)
        if who is None:  # the gate lets nobody without an account further than to the pages for signing in, and to health
            return
        bare = re.sub(r"^/(en|ja)(?=/)", "", request.scope["route"].path)
        system = request.path_params.get("identity") if bare.startswith("/systems/") else None
        if not await to_thread.run_sync(allowed, who, needed(request.method, bare), members, system):
            raise HTTPException(403)

    return demand
