"""Consolidated acts of the European Union, in the markup that EUR-Lex and the Publications Office serve.

The markers of amending acts (▼B for the base act, ▼M1 …) stand between the blocks: they never reach the text,
but each line keeps the CELEX number of the act that last changed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from assistant.texts import markup
from assistant.texts.model import OfficialText, UnreadableTextError
from assistant.texts.outline import Block, Outline

_ARTICLE = re.compile(r"^Article (\d+[a-z]*)")
_ANNEX = re.compile(r"^ANNEX ([IVX]+)")
_CELEX = re.compile(r"\d{5}[A-Z]{1,2}\d{4}")
_DEFINITIONS = re.compile(r"^Definitions?\b")
_TITLES = ("title-article-norm", "eli-title", "title-annex-1", "title-annex-2", "title-division-1", "title-division-2")


def read(data: bytes) -> OfficialText:
    """Read a consolidated act.

    Raises:
        UnreadableTextError: the page holds no article in this markup.
    """
    root = markup.read_html(data)
    reader = _Reader()
    outline = Outline()
    for element in root.iter("p", "div"):
        if markup.has_class(element, "modref"):
            reader.mark(element)
        elif markup.has_class(element, "title-article-norm") and (match := _ARTICLE.match(markup.text_of(element))):
            heading = _sibling_title(element, "stitle-article-norm")
            _add(outline, f"art_{match[1]}", heading, reader.contents(element.getparent()))
        elif markup.has_class(element, "title-annex-1") and (match := _ANNEX.match(markup.text_of(element))):
            _add(
                outline,
                f"annex_{match[1].lower()}",
                _sibling_title(element, "title-annex-2"),
                reader.contents(element.getparent()),
            )
    text = outline.text()
    if not text.lines:
        raise UnreadableTextError(
            "The page holds no article in the markup of consolidated acts. Check that it is the act itself."
        )
    return text


def _add(outline: Outline, unit: str, heading: str, blocks: list[Block]) -> None:
    outline.add(unit, heading, blocks, defines=bool(_DEFINITIONS.match(heading)))


def _sibling_title(element: HtmlElement, name: str) -> str:
    found = element.getparent().find_class(name)
    return markup.text_of(found[0]) if found else ""


class _Reader:
    """Walks through the blocks and remembers which act the last marker named."""

    def __init__(self) -> None:
        self.act: str | None = None

    def mark(self, element: HtmlElement) -> None:
        link = element.find(".//a")
        match = _CELEX.search(link.get("title") or link.get("href") or "") if link is not None else None
        self.act = match[0] if match else None

    def contents(self, element: HtmlElement) -> list[Block]:
        return list(self._blocks(element))

    def _blocks(self, element: HtmlElement) -> Iterator[Block]:
        for block in markup.blocks(element, self._enter):
            block.amended_by = block.amended_by or self.act
            yield block

    def _enter(self, element: HtmlElement) -> Iterator[Block]:
        if markup.has_class(element, "modref"):
            self.mark(element)
        elif any(markup.has_class(element, name) for name in _TITLES):
            return
        elif markup.has_class(element, "grid-list") and (columns := element.findall("./div")):
            marker, *contents = columns
            inner = [block for part in contents for block in self._blocks(part)]
            yield Block(markup.text_of(marker), inner=inner)
        elif element.tag == "div" and (numbers := element.xpath("./span[@class='no-parag']")):
            marker = markup.text_of(numbers[0])
            numbers[0].drop_tree()
            yield Block(marker, inner=list(self._blocks(element)))
        else:
            yield from self._blocks(element)
