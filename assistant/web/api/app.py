"""The interface as an application of its own, mounted under ``/api/v1``; every refusal is one sentence as JSON."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from assistant.types import Language
from assistant.version import __version__
from assistant.web.api import assessing, law, refusals, systems
from assistant.web.pages import Pages
from assistant.web.security import PROGRAMS

PATH = f"{PROGRAMS}v1"
_ABOUT = (
    "Questions on AI obligations in the EU and Japan with cited sources, and assessments of AI systems. Not legal advice; "
    "summaries are unofficial. With accounts, send 'Authorization: Bearer TOKEN' with a token made on the page of your account."
)
# The gate looks at tokens before the interface is reached; this only describes them.
_TOKEN = Depends(HTTPBearer(scheme_name="token", description="A token made on the page of your account.", auto_error=False))


def _named(route: APIRoute) -> str:
    """Return the name under which clients made from the document call an address."""
    return f"system_{route.name}" if route.path.startswith("/systems") else route.name


def create_api(pages: dict[Language, Pages]) -> FastAPI:
    """Return the interface; its OpenAPI document is at ``/openapi.json``."""
    desk = pages[Language.EN].desk
    api = FastAPI(
        title="Governance assistant",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_named,
        responses=refusals.REFUSALS,
        dependencies=[Depends(refusals.only_known), *([_TOKEN] if desk.team else [])],
    )
    api.include_router(law.router(desk))
    api.include_router(assessing.router(desk))
    api.include_router(systems.router(pages))
    refusals.add(api)
    return api
