"""Which files are taken as evidence, and whether one is what its name says."""

from __future__ import annotations

from pathlib import PurePath

# How the content begins (place, bytes), by the ending of the name; nothing: plain text.
_ZIP, _OLD_OFFICE, _FILM = ((0, b"PK\x03\x04"),), ((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),), ((4, b"ftyp"),)
_JPEG, _TIFF = ((0, b"\xff\xd8\xff"),), ((0, b"II*\x00"), (0, b"MM\x00*"))
KINDS: dict[str, tuple[tuple[int, bytes], ...]] = {
    ".pdf": ((0, b"%PDF-"),),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _ZIP),
    **dict.fromkeys((".doc", ".xls", ".ppt", ".msg"), _OLD_OFFICE),
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    **dict.fromkeys((".jpg", ".jpeg"), _JPEG),
    ".gif": ((0, b"GIF8"),),
    ".webp": ((8, b"WEBP"),),
    **dict.fromkeys((".tif", ".tiff"), _TIFF),
    **dict.fromkeys((".heic", ".mp4", ".mov"), _FILM),
    **dict.fromkeys((".txt", ".md", ".csv", ".json", ".xml", ".yaml", ".yml", ".eml", ".log", ".ics"), ()),
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # how text of two bytes a character begins


def fault(name: str, content: bytes) -> str:
    """Return what is wrong: ``kind`` where such files are not taken, ``misnamed`` where it is no such file; else nothing."""
    beginnings = KINDS.get(PurePath(name).suffix.casefold())
    if beginnings is None:
        return "kind"
    if not beginnings:
        return "misnamed" if b"\x00" in content and not content.startswith(_WIDE) else ""
    fits = any(content.startswith(begins, place) for place, begins in beginnings)
    return "" if fits else "misnamed"
