"""The report as a Word document."""

from __future__ import annotations

from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.shared import Pt

from assistant.law.report.blocks import Block, blocks_of

_LEVELS = {"title": 0, "section": 1, "entry": 2}
_STYLES = {"item": "List Bullet", "quote": "Intense Quote"}
_LATIN, _JAPANESE = "Calibri", "Yu Gothic"


def write(markdown: str) -> bytes:
    """Return the report as DOCX."""
    document = docx.Document()
    for name in ("Normal", *(f"Heading {level}" for level in (1, 2)), "Title"):
        style = document.styles[name]
        style.font.name = _LATIN  # creates the element that names the Japanese font as well
        style.element.rPr.rFonts.set(qn("w:eastAsia"), _JAPANESE)
    document.styles["Normal"].font.size = Pt(10)
    for block in blocks_of(markdown):
        if block.kind in _LEVELS:
            document.add_heading(block.text, _LEVELS[block.kind])
            if block.kind == "title":
                document.core_properties.title = block.text
        elif block.kind != "rule":
            _paragraph(document, block)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paragraph(document: docx.document.Document, block: Block) -> None:
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
    for text, strong in block.runs:
        paragraph.add_run(text).bold = strong
    if block.link:
        paragraph.add_run(f" {block.link}")
