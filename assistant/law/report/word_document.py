"""The report as a Word document."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import docx
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from assistant.law.knowledge import Knowledge
from assistant.law.report.blocks import Block, blocks_of
from assistant.law.report.timeline import picture
from assistant.law.results import Assessment
from assistant.law.words import word

_LEVELS = {"title": 0, "section": 1, "entry": 2}
_STYLES = {"item": "List Bullet", "quote": "Intense Quote"}
_LATIN, _JAPANESE = "Calibri", "Yu Gothic"


def write(knowledge: Knowledge, assessment: Assessment, markdown: str) -> bytes:
    """Return the report as DOCX."""
    document = docx.Document()
    document.core_properties.author = assessment.reviewer or ""
    document.core_properties.created = datetime.now(UTC)
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
        elif block.kind == "page":
            document.add_page_break()  # type: ignore[no-untyped-call]
        elif block.kind == "timeline":
            _picture(document, knowledge, assessment)
        elif block.kind != "rule":
            _paragraph(document, block)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _picture(document: docx.document.Document, knowledge: Knowledge, assessment: Assessment) -> None:
    """Add the timeline with a text for those who cannot see it; the list after it says the same in words."""
    drawn = picture(knowledge, assessment, "png")
    if drawn:
        shape = document.add_picture(BytesIO(drawn), width=Cm(15.5))
        shape._inline.docPr.set(  # noqa: SLF001  # python-docx has no public way to describe a picture
            "descr", word("timeline_text", assessment.language)
        )


def _paragraph(document: docx.document.Document, block: Block) -> None:
    paragraph = document.add_paragraph(style=_STYLES.get(block.kind))
    for text, strong in block.runs:
        paragraph.add_run(text).bold = strong
    if block.link:
        paragraph.add_run(f" {block.link}")
