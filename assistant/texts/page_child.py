"""Draws one page of a PDF in a process of its own, with passages highlighted; writes a PNG to standard output.

Run as ``python -m assistant.texts.page_child FILE PAGE MEMORY_MIB SECONDS`` with the passages as JSON on standard input.
"""

from __future__ import annotations

import json
import sys

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from assistant.texts.pdf_child import limit

_SCALE = 1.6
_MOST_PIXELS = 4_000_000
_COLOUR = (255, 213, 0, 90)
_SHORTEST = 12


def main(arguments: list[str]) -> None:
    """Draw the page named in ``arguments``."""
    path, number, memory_mib, seconds = arguments[0], *map(int, arguments[1:4])
    limit(memory_mib, seconds)
    passages = json.load(sys.stdin)
    page = pdfium.PdfDocument(path)[number - 1]
    width, height = page.get_size()
    scale = min(_SCALE, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    image = page.render(scale=scale).to_pil().convert("RGBA")
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for left, bottom, right, top in _places(page, passages):
        draw.rectangle((left * scale, (height - top) * scale, right * scale, (height - bottom) * scale), fill=_COLOUR)
    Image.alpha_composite(image, layer).convert("RGB").save(sys.stdout.buffer, "PNG")


def _places(page: pdfium.PdfPage, passages: list[str]) -> list[tuple[float, float, float, float]]:
    """Return the rectangles of the passages on the page, in points; a passage that is not found has none."""
    text = page.get_textpage()
    found = []
    for passage in passages:
        for needle in (passage, *_parts(passage)):
            hit = text.search(needle).get_next() if len(needle) >= _SHORTEST else None
            if hit is not None:
                found += [text.get_rect(place) for place in range(text.count_rects(*hit))]
                if needle == passage:
                    break
    return found


def _parts(passage: str) -> list[str]:
    """Return runs of eight words (or 20 characters of Japanese) to look for where the whole is not found."""
    words = passage.split(" ")
    if len(words) < 4:
        return [passage[start : start + 20] for start in range(0, len(passage), 20)]
    return [" ".join(words[start : start + 8]) for start in range(0, len(words), 8)]


if __name__ == "__main__":
    main(sys.argv[1:])
