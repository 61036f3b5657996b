"""Markup read without trusting it: no network, no entities, no scripts; blocks in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree, html
from lxml.html import HtmlElement

from assistant.texts.model import UnreadableTextError
from assistant.texts.outline import Block

_SPACE = re.compile(r"\s+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # no text of a page; lxml refuses to write them
_BLOCKS = {"p", "div", "table", "tbody", "tr", "td", "ul", "ol", "li", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
_HIDDEN = ("script", "style", "noscript", "template", "iframe", "object", "head")


def clean(text: str) -> str:
    """Return ``text`` on one line, with single spaces."""
    return _SPACE.sub(" ", text).strip()


def read_html(data: bytes) -> HtmlElement:
    """Parse an HTML or XHTML page; scripts, styles and comments are gone from the result.

    Raises:
        UnreadableTextError: there is no page in it.
    """
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_CONTROL.sub(b"", data), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableTextError(
            "The file is not a readable web page. Save it again from the publisher, as HTML.", "damaged"
        ) from error
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    return root


def read_xml(data: bytes) -> etree._Element:
    """Parse an XML file without resolving anything outside it.

    Raises:
        UnreadableTextError: it is not well-formed, or declares entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        tree = etree.fromstring(data, parser).getroottree()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableTextError(f"The file is not well-formed XML ({error}). Download it again from the publisher.") from error
    dtd = tree.docinfo.internalDTD
    if dtd is not None and list(dtd.iterentities()):  # type: ignore[union-attr]  # the stubs do not know it
        raise UnreadableTextError(
            "The XML file declares entities; such files are refused. Use the file as the publisher serves it."
        )
    return tree.getroot()


def has_class(element: HtmlElement, name: str) -> bool:
    """Tell whether ``element`` carries the class ``name``."""
    return name in (element.get("class") or "").split()


def text_of(element: HtmlElement) -> str:
    """Return the text of ``element`` and what is in it, on one line."""
    return clean(element.text_content())


def blocks(element: HtmlElement, enter: Callable[[HtmlElement], Iterator[Block]]) -> Iterator[Block]:
    """Yield the text runs and list items in ``element``; ``enter`` says what a block-level child holds."""
    run = element.text or ""
    for child in element:
        if child.tag in _BLOCKS:
            yield from _run(run)
            yield from enter(child)
            run = child.tail or ""
        else:
            run += child.text_content() + (child.tail or "")
    yield from _run(run)


def _run(text: str) -> Iterator[Block]:
    if text := clean(text):
        yield Block(text=text)
