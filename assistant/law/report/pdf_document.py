"""The report as PDF, set by Typst with a font that installs with the product."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from assistant.law.report.blocks import Block, blocks_of
from assistant.types import AssistantError, Language

_FONT_PACKAGE = "noto_cjk_sans_jp_regular"
_HEAD = """#set document(title: {title})
#set page(paper: "a4", margin: 2.2cm, numbering: "1 / 1")
#set text(font: "Noto Sans CJK JP", size: 9.5pt, lang: "{language}")
#set par(leading: 0.75em)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 2): set text(size: 13pt, fill: rgb("#243a8f"))
#show heading.where(level: 3): set text(size: 10.5pt, fill: rgb("#243a8f"))
#show heading.where(level: 2): it => block(above: 1.6em, below: 0.9em, it)
"""
_FORMS = {
    "title": "= #{text}", "section": "== #{text}", "entry": "=== #{text}", "item": "- #{text}",
    "quote": "#quote(block: true)[#{text}]", "rule": "#line(length: 100%)", "text": "#{text}",
}  # fmt: skip


def write(markdown: str, language: Language) -> bytes:
    """Return the report as PDF.

    Raises:
        AssistantError: Typst is not installed on this platform.
    """
    try:
        import typst
    except ImportError as error:
        raise AssistantError("PDF needs the package 'typst', which has no build for this platform; choose docx or md.") from error
    blocks = list(blocks_of(markdown))
    title = next((block.text for block in blocks if block.kind == "title"), "")
    source = _HEAD.format(title=json.dumps(title, ensure_ascii=False), language=language.value)
    source += "\n\n".join(_set(block) for block in blocks)
    return bytes(typst.compile(source.encode(), font_paths=[str(_fonts())]))  # type: ignore[misc]  # its stubs are vague


def _set(block: Block) -> str:
    """Set one block; its text is passed as a string, so that nothing in it is markup."""
    parts = [f"text(weight: {700 if strong else 400}, {_quoted(text)})" for text, strong in block.runs]
    if block.link:
        parts += [_quoted(" "), f"link({_quoted(block.link)})"]
    return _FORMS[block.kind].replace("#{text}", f"#({' + '.join(parts) or _quoted('')})")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fonts() -> Path:
    spec = find_spec(_FONT_PACKAGE)
    if spec is None or spec.origin is None:
        raise AssistantError("The font for PDF is missing: install the package 'noto-cjk-sans-jp-regular'.")
    return Path(spec.origin).parent
