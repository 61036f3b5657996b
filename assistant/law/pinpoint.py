"""Provision ids and the labels people know them by.

An id is the document's id followed by dotted segments in the law's own numbering
(``eu.ai_act.art_26.par_5``, ``jp.appi.art_27.par_5.item_1``). A label is derived from the segments,
in the citation style of the document's jurisdiction, so that it cannot drift from the id.
"""

from __future__ import annotations

import re

from assistant.types import Jurisdiction, Language

_SEGMENT = re.compile(r"^(?:(?P<kind>[a-z]+)_)?(?P<number>[0-9a-z_]+)$")
_ORDINALS = ("zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_ENGLISH = {
    "art": "Article {n}",
    "recital": "Recital {n}",
    "annex": "Annex {N}",
    "rule": "Rule {n}",
    "par": "({n})",
    "def": "({n})",
    "item": "({roman})",
    "section": ", Section {N}",
    "part": ", Part {N}",
    "s": "Section {n}",
    "point": ", point {point}",
    "": "({n})",
}
_JAPANESE = {
    "art": "第{article}",
    "recital": "前文第{n}項",
    "annex": "附属書{N}",
    "rule": "ルール({n})",
    "par": "第{n}項",
    "def": "第{n}号",
    "item": "第{n}号",
    "section": "セクション{N}",
    "part": "第{N}部",
    "s": "{n}",
    "point": "({n})",
    "subpar": "第{n}段落",
    "": "({n})",
}


def label(provision: str, document: str, jurisdiction: Jurisdiction, language: Language) -> str | None:
    """Return the usual citation of ``provision`` within its document, without the document's name.

    Returns nothing where the id uses a numbering that has no general form; the entry then carries
    a label of its own.
    """
    templates = _JAPANESE if language is Language.JA else _ENGLISH
    text, above = "", ""
    for segment in provision.removeprefix(document).strip(".").split("."):
        kind, number = _split(segment)
        template = _template(kind, number, above, templates)
        if template is None or (not text and not (template[0].isalpha() or template[0] == "{")):
            return None
        text += template.format(**_forms(number, branches=jurisdiction is Jurisdiction.JP))
        above = kind
    return text


def parents(provision: str, document: str) -> list[str]:
    """Return the ids above ``provision``, nearest first, ending below the document itself."""
    found = []
    while len(provision := provision.rpartition(".")[0]) > len(document):
        found.append(provision)
    return found


def roman(number: int) -> str:
    """Return ``number`` in lower-case Roman numerals from 1 to 39, and in digits beyond."""
    if not 0 < number < 40:
        return str(number)
    out = ""
    for value, letters in _ROMAN:
        while number >= value:
            out, number = out + letters, number - value
    return out


def _split(segment: str) -> tuple[str, str]:
    match = _SEGMENT.match(segment)
    return (match["kind"] or "", match["number"]) if match else ("?", segment)


def _template(kind: str, number: str, above: str, templates: dict[str, str]) -> str | None:
    """Pick the form of one segment; a point is written differently behind a paragraph and in an annex."""
    if templates is _ENGLISH:
        if kind == "subpar" and number.isdigit():
            noun = "paragraph" if above == "art" else "subparagraph"
            return f", {_ORDINALS[int(number)]} {noun}"
        if kind == "point" and not above:
            return "Point {point}"
        if kind == "point" and above in ("par", "art", "def"):
            return "({n})"
    elif kind == "point" and above in ("", "annex", "section", "part"):
        return "第{n}項"
    return templates.get(kind)


def _forms(number: str, *, branches: bool) -> dict[str, str]:
    """Return the ways in which one number may be written."""
    head, *rest = number.split("_")
    japanese_article = f"{head}条" + "".join(f"の{branch}" for branch in rest)
    return {
        "n": number.replace("_", "-"),
        "N": number.upper(),
        "roman": roman(int(head)) if head.isdigit() else number,
        "point": number if head.isdigit() else f"({number})",
        "article": japanese_article if branches or not rest else f"{number}条",
    }
