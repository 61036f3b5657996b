"""Files that are handed out: always as downloads, never opened as pages of ours."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from fastapi.responses import Response


def kind_of(name: str) -> str:
    """Return the media type of a file by its name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def attachment(content: bytes, name: str) -> Response:
    """Return a file to be saved under ``name``, whatever language that is in."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\' and sign.isprintable() else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind_of(name), headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
