"""Files that are handed out: always as downloads, never opened as pages of ours."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from fastapi.responses import Response


def attachment(content: bytes, name: str) -> Response:
    """Return a file to be saved under ``name``, whatever language that is in."""
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    plain = "".join(sign if sign.isascii() and sign not in '"\\' and sign.isprintable() else "_" for sign in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
