"""How a program hears that something was not done: a status, and one sentence as JSON that says what to do."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as AnyHTTPException

from assistant.types import AssistantError, Language
from assistant.web import faults
from assistant.web.api.bodies import Refused
from assistant.web.i18n import texts

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refused} for status in (400, 401, 403, 404, 409, 413, 421, 422, 429, 500, 503, 507)
}
_SHOWN = 60  # characters of a name that was sent
_DESCRIBED = "openapi.json describes what is taken."
_FAILED = "Something went wrong on our side, and nothing was changed. Try again."
_NO_JSON = f"A JSON object in UTF-8 is needed, sent with 'Content-Type: application/json'; {_DESCRIBED}"
_SAID = {
    400: _NO_JSON,  # raised only where what was sent cannot be read
    404: f"There is nothing at this address; {_DESCRIBED}",
    405: f"This address is not asked with that method; {_DESCRIBED}",
}
log = logging.getLogger(__name__)


def add(api: FastAPI) -> None:
    """Tell every refusal of the interface in this form."""

    @api.exception_handler(AnyHTTPException)
    def said(_: Request, error: AnyHTTPException) -> JSONResponse:
        return JSONResponse({"detail": _SAID.get(error.status_code, error.detail)}, error.status_code, error.headers)

    @api.exception_handler(RequestValidationError)
    def misfit(_: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"detail": _misfit(error)}, 422)

    @api.exception_handler(AssistantError)
    @api.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> JSONResponse:
        return failure(error)


def failure(error: Exception) -> JSONResponse:
    """Return what a program is told of an error."""
    if isinstance(error, AssistantError):
        return JSONResponse({"detail": str(error)}, faults.status(error))
    log.error("The interface failed (%s)", type(error).__name__)
    told = texts(Language.EN)("store_full") if faults.no_space(error) else _FAILED
    return JSONResponse({"detail": told}, faults.status(error))


async def only_known(request: Request) -> None:
    """Refuse parameters that an address does not know: a misspelt day would be answered with the law of today.

    Raises:
        HTTPException: there are some (422).
    """
    known = {parameter.alias for parameter in request.scope["route"].dependant.query_params}
    if unknown := sorted(request.query_params.keys() - known):
        named = ", ".join(f"'{name[:_SHOWN]}'" for name in unknown[:5])
        raise HTTPException(422, f"This address knows no parameter {named}; {_DESCRIBED}")


def _misfit(error: RequestValidationError) -> str:
    found = error.errors()[:5]
    if any(one["type"] == "json_invalid" or one["loc"] == ("body",) for one in found):
        return _NO_JSON
    places = [(".".join(str(part)[:_SHOWN] for part in one["loc"] if part != "body"), one["msg"]) for one in found]
    told = "; ".join(f"{place}: {said}" if place else said for place, said in places)
    return f"{told}; {_DESCRIBED}"
