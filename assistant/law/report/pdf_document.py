"""The report as PDF, set by Typst with a font that installs with the product."""

from __future__ import annotations

import json

from assistant.law.knowledge import Knowledge
from assistant.law.report import typesetting
from assistant.law.report.blocks import Block, blocks_of
from assistant.law.report.timeline import drawing
from assistant.law.results import Assessment
from assistant.types import Language

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
    "quote": "#quote(block: true)[#{text}]", "rule": "#line(length: 100%)", "text": "#{text}", "page": "#pagebreak()",
}  # fmt: skip


def write(knowledge: Knowledge, assessment: Assessment, markdown: str) -> bytes:
    """Return the report as PDF.

    Raises:
        AssistantError: Typst or its font is not installed on this platform.
    """
    return typeset(markdown, assessment.language, drawing(knowledge, assessment))


def typeset(markdown: str, language: Language, picture: str = "") -> bytes:
    """Return a text in the report's kind of Markdown as PDF, with a drawing where the text has a place for one.

    Raises:
        AssistantError: as for ``write``.
    """
    blocks = list(blocks_of(markdown))
    title = next((block.text for block in blocks if block.kind == "title"), "")
    source = _HEAD.format(title=json.dumps(title, ensure_ascii=False), language=language.value)
    source += "\n\n".join(picture if block.kind == "timeline" else _set(block) for block in blocks)
    return typesetting.compiled(source, "pdf")


def _set(block: Block) -> str:
    """Set one block; its text is passed as a string, so that nothing in it is markup."""
    parts = [f"text(weight: {700 if strong else 400}, {_quoted(text)})" for text, strong in block.runs]
    if block.link:
        parts += [_quoted(" "), f"link({_quoted(block.link)})"]
    return _FORMS[block.kind].replace("#{text}", f"#({' + '.join(parts) or _quoted('')})")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
