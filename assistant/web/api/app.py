"""The interface as an application of its own, mounted under ``/api/v1``; every refusal is one sentence as JSON."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from assistant.types import AssistantError, Language
from assistant.version import __version__
from assistant.web import faults
from assistant.web.api import assessing, law, systems
from assistant.web.api.bodies import Refused
from assistant.web.pages import Pages

PATH = "/api/v1"
_ABOUT = (
    "Questions on AI obligations in the EU and Japan with cited sources, and assessments of AI systems. Not legal advice; "
    "summaries are unofficial. With accounts, send 'Authorization: Bearer TOKEN' with a token made on the page of your account."
)
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused} for status in (400, 401, 403, 404, 409, 413, 422, 429, 503)
}
log = logging.getLogger(__name__)


def create_api(pages: dict[Language, Pages]) -> FastAPI:
    """Return the interface; its OpenAPI document is at ``/openapi.json``."""
    api = FastAPI(
        title="Governance assistant",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        responses=_REFUSALS,
    )
    api.include_router(law.router(pages[Language.EN].desk))
    api.include_router(assessing.router(pages[Language.EN].desk))
    api.include_router(systems.router(pages))

    @api.exception_handler(RequestValidationError)
    def misfit(_: Request, error: RequestValidationError) -> JSONResponse:
        places = [(".".join(str(part) for part in one["loc"] if part != "body"), one["msg"]) for one in error.errors()[:5]]
        return JSONResponse({"detail": "; ".join(f"{place}: {told}" if place else told for place, told in places)}, 422)

    @api.exception_handler(AssistantError)
    def refused(_: Request, error: AssistantError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, faults.status(error))

    @api.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> JSONResponse:
        log.error("The interface failed (%s)", type(error).__name__)
        return JSONResponse({"detail": "Something went wrong on our side, and nothing was changed. Try again."}, 500)

    return api
