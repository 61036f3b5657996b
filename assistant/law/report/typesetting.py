"""Typst behind one door: whether it is there, its font, and compiling."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from assistant.types import AssistantError

_FONT_PACKAGE = "noto_cjk_sans_jp_regular"
_ACCESSIBLE = "ua-1"  # PDF/UA: tagged, with title and language; Typst refuses what does not conform


def available() -> bool:
    """Tell whether Typst and the font are installed; Typst has no build for some platforms."""
    return find_spec("typst") is not None and find_spec(_FONT_PACKAGE) is not None


def compiled(source: str, form: Literal["pdf", "png", "svg"]) -> bytes:
    """Return a Typst source as a file's content.

    Raises:
        AssistantError: Typst or its font is not installed.
    """
    if not available():
        raise AssistantError(
            "PDF needs the packages 'typst' (no build for some platforms) and 'noto-cjk-sans-jp-regular'; choose docx or md."
        )
    import typst

    fonts = Path(str(find_spec(_FONT_PACKAGE).origin)).parent  # type: ignore[union-attr]  # available() has found it
    options = {"format": form, "font_paths": [str(fonts)]} | ({"pdf_standards": [_ACCESSIBLE]} if form == "pdf" else {})
    compile_: Any = typst.compile  # its stubs are vague
    return bytes(compile_(source.encode(), **options))
