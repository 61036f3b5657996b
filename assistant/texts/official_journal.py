"""Acts in the markup of the Official Journal (``oj-…`` classes; ``art_N``, ``rct_N`` and ``anx_N`` anchors).

The same markup stands in the file the Publications Office serves and inside an EUR-Lex page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from assistant.texts import markup
from assistant.texts.model import OfficialText, UnreadableTextError
from assistant.texts.outline import Block, Outline

_ANCHOR = re.compile(r"^(art|rct|anx)_([0-9a-zA-Z]+)$")
_KINDS = {"art": "art", "anx": "annex"}
_RECITAL = re.compile(r"^\((\d+[a-z]?)\)$")
_PARAGRAPH = re.compile(r"^\s*(\d+[a-z]*\.)[\s\u00a0]{2,}(?=\S)")
_TITLES = ("oj-ti-art", "eli-title", "oj-doc-ti", "oj-hd-date", "oj-hd-lg", "oj-hd-ti", "oj-hd-oj")
_DEFINITIONS = re.compile(r"^Definitions?\b")


def read(data: bytes) -> OfficialText:
    """Read an act as published in the Official Journal.

    Raises:
        UnreadableTextError: the page holds no article in this markup.
    """
    root = markup.read_html(data)
    for reference in root.xpath("//a[starts-with(@id, 'ntc')]"):
        _drop_reference(reference)
    outline = Outline()
    outline.notes = [note for note in map(markup.text_of, root.find_class("oj-note")) if note]
    for element in root.xpath("//*[@id]"):
        match = _ANCHOR.match(element.get("id"))
        if match and match[1] == "rct":
            for recital, number in _recitals(element):
                outline.add_item(f"recital_{number}", recital)
        elif match:
            heading = _heading(element, match[1])
            unit = f"{_KINDS[match[1]]}_{match[2].lower()}"
            outline.add(unit, heading, markup.blocks(element, _enter), defines=bool(_DEFINITIONS.match(heading)))
    text = outline.text()
    if not text.lines:
        raise UnreadableTextError(
            "The page holds no article in the markup of the Official Journal. Check that it is the act itself."
        )
    return text


def _drop_reference(reference: HtmlElement) -> None:
    """Take a footnote's number out of the text, and the space that stands before it."""
    before, parent = reference.getprevious(), reference.getparent()
    if (reference.tail or "")[:1] in ",.;:)":
        if before is not None:
            before.tail = (before.tail or "").rstrip()
        elif parent is not None:
            parent.text = (parent.text or "").rstrip()
    reference.drop_tree()


def _heading(element: HtmlElement, kind: str) -> str:
    titles = element.find_class("oj-sti-art") if kind == "art" else element.find_class("oj-doc-ti")[1:]
    return " ".join(markup.text_of(title) for title in titles[:1])


def _recitals(element: HtmlElement) -> Iterator[tuple[Block, str]]:
    """Yield the numbered blocks with their printed number: the anchors may count what is no recital ("Whereas:")."""
    for block in markup.blocks(element, _enter):
        if match := _RECITAL.match(block.marker):
            yield block, match[1]


def _enter(element: HtmlElement) -> Iterator[Block]:
    if any(markup.has_class(element, name) for name in (*_TITLES, "oj-note")):
        return
    if element.tag == "table":
        for row in element.iterfind("./tbody/tr"):
            yield from _row(row)
    elif element.tag == "p" and (match := _PARAGRAPH.match(element.text_content())):
        yield Block(match[1], inner=[Block(text=markup.clean(element.text_content()[match.end() :]))])
    else:
        yield from markup.blocks(element, _enter)


def _row(row: HtmlElement) -> Iterator[Block]:
    """A list item is a table row: its marker in the cells before the last one, its text in the last."""
    cells = row.findall("./td")
    if not cells:
        yield from markup.blocks(row, _enter)
        return
    *before, last = cells
    marker = markup.clean(" ".join(cell.text_content() for cell in before))
    inner = list(markup.blocks(last, _enter))
    if marker:
        yield Block(marker, inner=inner)
    else:
        yield from inner
