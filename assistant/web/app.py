"""The web application as a whole: one Gradio page a language, mounted in FastAPI behind strict headers."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.middleware.base import RequestResponseEndpoint

from assistant.answer.pipeline import Assistant
from assistant.types import Language
from assistant.version import __version__
from assistant.web.ask import build
from assistant.web.documents import add_routes
from assistant.web.theme import THEME

_HERE = Path(__file__).resolve().parent
# Gradio needs inline scripts and styles; nothing may be loaded from, or sent to, another host.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(assistant: Assistant, default: Language | None = None) -> FastAPI:
    """Return the application; ``/`` leads to the page in ``default`` or the browser's language."""
    app = FastAPI(title="Governance assistant", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def secure(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    @app.get("/")
    def home(request: Request) -> RedirectResponse:
        preferred = request.headers.get("accept-language", "")
        language = default or (Language.JA if preferred.casefold().startswith("ja") else Language.EN)
        return RedirectResponse(f"/{language.value}/")

    @app.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(_HERE / "favicon.svg", media_type="image/svg+xml")

    @app.get("/health")
    def health() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": __version__, "knowledge": assistant.knowledge.version})

    add_routes(app, assistant)
    for language in Language:
        _mount(app, assistant, language)
    return app


def _mount(app: FastAPI, assistant: Assistant, language: Language) -> None:
    # Gradio takes the language of its own labels from the browser; the page's language must win.
    head = (
        f"<script>Object.defineProperty(navigator, 'language', {{get: () => '{language.value}'}});"
        f"document.documentElement.lang = '{language.value}';</script>"
    )
    gr.mount_gradio_app(
        app,
        build(assistant, language),
        path=f"/{language.value}",
        theme=THEME,
        css_paths=[_HERE / "theme.css"],
        head=head,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        show_error=False,
        mcp_server=False,
    )
