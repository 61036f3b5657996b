"""Pages of the user's documents as pictures, for the sources panel."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException
from fastapi.responses import Response

from assistant.answer.pipeline import Assistant
from assistant.texts.model import UnreadableTextError
from assistant.texts.page_image import draw
from assistant.types import AssistantError


def add_routes(app: FastAPI, assistant: Assistant) -> None:
    """Serve ``/documents/{id}/{place}.png``: the page of a passage, with the passage highlighted."""

    @app.get("/documents/{identity}/{place}.png")
    def page(identity: str, place: int) -> Response:
        try:
            document = assistant.shelf.get(identity)
            passage = next(one for one in assistant.shelf.store.passages(identity) if one.place == place)
            if passage.page is None:
                raise HTTPException(404)
            with assistant.shelf.copy_of(document) as copy:
                picture = draw(copy, passage.page, passage.text.split("\n"))
        except (AssistantError, UnreadableTextError, StopIteration) as error:
            raise HTTPException(404) from error
        return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})
