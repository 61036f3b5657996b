"""The library: documents and provisions to read and compare, official texts, and the user's own documents."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.web.library import acquiring, catalogue, comparing, own, reading
from assistant.web.pages import Pages


def router(pages: Pages) -> APIRouter:
    """Return the pages of the library in one language."""
    router = APIRouter()
    for part in (acquiring, own, comparing, catalogue, reading):  # fixed addresses before /library/{document}
        part.add(router, pages)
    return router
