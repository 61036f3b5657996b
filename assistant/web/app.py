"""The web application as a whole: plain pages and one chat a language, in FastAPI behind strict headers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import gradio as gr
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute, Match, Mount

from assistant.answer.pipeline import Assistant
from assistant.types import AssistantError, Language
from assistant.version import __version__
from assistant.web import about, assess, conversations, documents, faults, library, systems
from assistant.web.api import app as api
from assistant.web.api import refusals
from assistant.web.ask import build
from assistant.web.desk import Desk
from assistant.web.interview import Interview
from assistant.web.operations import health, metrics
from assistant.web.operations.observed import Observed
from assistant.web.pages import Pages
from assistant.web.security import PROGRAMS, Guard
from assistant.web.talk import Talk
from assistant.web.team import areas as team_pages
from assistant.web.team.gate import Gate
from assistant.web.team.permissions import demands
from assistant.web.theme import THEME

_SAID = {401: "not_signed_in", 403: "not_allowed", 404: "not_found", 405: "wrong_method"}
_STATIC = Path(__file__).resolve().parent / "static"
# Each has a router of one language; the register's fixed addresses go before /systems/{identity}.
_AREAS: tuple[Any, ...] = (about, systems, assess, library, team_pages)


def create_app(
    assistant: Assistant, default: Language | None = None, desk: Desk | None = None, hosts: frozenset[str] = frozenset()
) -> FastAPI:
    """Return the application; ``/`` leads to the page in ``default`` or the browser's language.

    ``hosts`` are the only names under which it answers; any where there are none.

    Raises:
        AssistantError: the database cannot be opened.
    """
    desk = desk or Desk.open(assistant)
    settings, team = assistant.settings, desk.team
    permitted = [Depends(demands(team.members))] if team else []
    plain: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(title="Governance assistant", version=__version__, dependencies=permitted, **plain)
    pages = {language: Pages(desk, language) for language in Language}
    failed = _add_faults(app, pages, default)
    if team is not None:
        app.add_middleware(Gate, team=team, rate=settings.rate_per_minute)
        app.add_middleware(ExceptionMiddleware, handlers={AssistantError: failed})  # the gate asks the database as well
    app.add_middleware(Guard, limit=settings.max_file_mib, hosts=hosts)
    unanswered: set[object] = set()
    app.add_middleware(Observed, metrics=desk.metrics, unanswered=unanswered)  # around all others
    talk, closing = Talk(desk, Interview(pages)), Event()
    health.add_routes(app, desk, closing)
    metrics.add_route(app, desk.metrics, settings)
    app.state.closing, app.state.talk, app.state.unanswered = closing, talk, unanswered

    @app.get("/")
    def home(request: Request) -> RedirectResponse:
        return RedirectResponse(f"/{_preferred(request, default).value}/")

    @app.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(_STATIC / "favicon.svg", media_type="image/svg+xml")

    app.mount(api.PATH, api.create_api(pages))
    app.mount("/static", StaticFiles(directory=_STATIC))
    documents.add_routes(app, assistant)
    for language in Language:
        for area in _AREAS:
            app.include_router(area.router(pages[language]), prefix=f"/{language.value}")
        app.include_router(conversations.router(pages[language], talk), prefix=f"/{language.value}")
        app.post(f"/{language.value}/gradio_api/upload")(_take_no_file)
        _mount(app, pages[language], talk)
        _say_where_nothing_is(app, app.routes[-1], pages[language])
    return app


async def _take_no_file(request: Request) -> None:
    """Refuse a file sent to the chat, which has no use for any: Gradio would keep it, even half of one, until it is stopped."""
    async for _ in request.stream():
        pass
    raise HTTPException(404)


def _add_faults(app: FastAPI, pages: dict[Language, Pages], default: Language | None) -> Callable[[Request, Exception], Response]:
    """Tell what went wrong in the language of the page that was asked for; return what does so of an error."""

    def of(request: Request) -> Pages:
        first = request.url.path.strip("/").partition("/")[0]
        return pages[Language(first) if first in list(Language) else _preferred(request, default)]

    @app.exception_handler(HTTPException)
    def fault(request: Request, error: HTTPException) -> Response:
        here, key = of(request), _SAID.get(error.status_code)
        return here.fault(request, here.t(key) if key else str(error.detail), error.status_code)

    @app.exception_handler(RequestValidationError)
    def misfit(request: Request, _: RequestValidationError) -> Response:
        """An address with a part that does not fit: what forms send is looked at by their pages."""
        here = of(request)
        return here.fault(request, here.t("not_found"), 404)

    @app.exception_handler(AssistantError)
    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(PROGRAMS):  # the gate could not tell who asks, and the interface heard nothing of it
            return refusals.failure(error)
        here = of(request)
        return here.fault(request, faults.told(error, here.t), faults.status(error))

    return failed


def _say_where_nothing_is(app: FastAPI, mount: BaseRoute, pages: Pages) -> None:
    """Let the mounted chat, which takes every other path of its language, answer unknown ones with a page as well."""

    def missing(request: Request, error: Exception) -> Response:
        asked = {**request.scope, "root_path": ""}
        partly = any(route.matches(asked)[0] is Match.PARTIAL for route in app.routes)  # an address of ours, asked otherwise
        status = 405 if partly else 404
        if partly or "text/html" in request.headers.get("accept", ""):
            return pages.fault(request, pages.t(_SAID[status]), status)
        return JSONResponse({"detail": getattr(error, "detail", "Not Found")}, status)

    if isinstance(mount, Mount) and isinstance(mount.app, Starlette):
        mount.app.add_exception_handler(404, missing)


def _preferred(request: Request, default: Language | None) -> Language:
    preferred = request.headers.get("accept-language", "")
    return default or (Language.JA if preferred.casefold().startswith("ja") else Language.EN)


def _mount(app: FastAPI, pages: Pages, talk: Talk) -> None:
    # Gradio takes the language of its own labels from the browser; the page's language must win.
    language = pages.language.value
    head = (
        f"<script>Object.defineProperty(navigator, 'language', {{get: () => '{language}'}});"
        f"document.documentElement.lang = '{language}';</script>"
        + "".join(f'<link rel="stylesheet" href="/static/{name}.css">' for name in ("tokens", "frame", "chat"))
        + '<script src="/static/chat.js"></script>'
    )
    gr.mount_gradio_app(
        app,
        build(pages, talk),
        path=f"/{language}",
        theme=THEME,
        head=head,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        show_error=False,
        mcp_server=False,
        max_file_size=pages.desk.assistant.settings.max_file_mib << 20,
    )
