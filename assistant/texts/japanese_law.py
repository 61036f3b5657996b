"""Japanese statutes as XML: the law files of e-Gov, and the reference translations of Japanese Law Translation.

Both follow one schema of articles (条), paragraphs (項) and items (号). Units carry the numbers of the law:
``art_30_4`` for Article 30-4, ``suppl_art_1`` in the original supplementary provisions; those of later amending
acts are ``suppl_2.…``, ``suppl_3.…`` in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from assistant.texts import markup
from assistant.texts.model import Line, OfficialText, UnreadableTextError

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read(data: bytes) -> OfficialText:
    """Read a law file, Japanese or translated.

    Raises:
        UnreadableTextError: it is not XML, or holds no main provisions.
    """
    root = markup.read_xml(data)
    etree.strip_elements(root, "Rt", with_tail=False)  # readings of characters, printed above them
    body = root.find(".//LawBody")
    main = body.find("MainProvision") if body is not None else None
    if body is None or main is None:
        raise UnreadableTextError(
            "The XML file holds no law: <MainProvision> is missing. Download the law file from e-Gov again."
        )
    law = root if root.tag == "Law" else root.find(".//Law")
    reader = _Reader(joint="" if law is not None and law.get("Lang") == "ja" else " ")
    reader.provisions(main, "")
    later = 1
    for supplement in body.iterfind("SupplProvision"):
        original = supplement.get("AmendLawNum") is None
        later += not original
        reader.provisions(supplement, "suppl_" if original else f"suppl_{later}.")
    return OfficialText(tuple(reader.lines), reader.headings)


class _Reader:
    """Collects lines; ``joint`` stands between sentences: nothing in Japanese, a space in English."""

    def __init__(self, joint: str) -> None:
        self.joint = joint
        self.lines: list[Line] = []
        self.headings: dict[str, str] = {}

    def provisions(self, part: etree._Element, prefix: str) -> None:
        for article in part.iter("Article"):
            unit = f"{prefix}art_{article.get('Num')}"
            if caption := self._text(article.find("ArticleCaption")).strip("（）()"):
                self.headings[unit] = caption
            self._paragraphs(article, unit)
        self._paragraphs(part, prefix.rstrip("._"))

    def _paragraphs(self, parent: etree._Element, unit: str) -> None:
        paragraphs = parent.findall("Paragraph")
        for paragraph in paragraphs:
            own = unit if len(paragraphs) == 1 else f"{unit}.par_{paragraph.get('Num')}"
            self._add(own, paragraph.find("ParagraphNum"), paragraph.find("ParagraphSentence"))
            for item in paragraph.iterfind("Item"):
                self._item(item, f"{own}.item_{item.get('Num')}", 1)
            for other in paragraph:
                if other.tag in ("TableStruct", "FigStruct", "StyleStruct", "List"):
                    self._add(own, None, other)

    def _item(self, item: etree._Element, unit: str, level: int) -> None:
        name = "Item" if level == 1 else f"Subitem{level - 1}"
        self._add(unit, item.find(f"{name}Title"), item.find(f"{name}Sentence"))
        for below in item.iterfind(f"Subitem{level}"):
            self._item(below, f"{unit}.{_letter(below.get('Num') or '', level)}", level + 1)

    def _add(self, unit: str, marker: etree._Element | None, sentences: etree._Element | None) -> None:
        text = self._text(sentences)
        if text:
            self.lines.append(Line(unit, text, self._text(marker)))

    def _text(self, element: etree._Element | None) -> str:
        if element is None:
            return ""
        columns = [self.joint.join(_sentences(column)) for column in element.iterfind("Column")]
        return "　".join(columns) if columns else self.joint.join(_sentences(element))


def _sentences(element: etree._Element) -> Iterator[str]:
    """Yield the sentences in ``element``, or all of its text where it has none."""
    for sentence in element.iter("Sentence") if element.find(".//Sentence") is not None else [element]:
        if text := markup.clean("".join(str(part) for part in sentence.itertext())):
            yield text


def _letter(number: str, level: int) -> str:
    """Return the segment of a sub-item: イ, ロ are a, b as in the translations; those below them are numbers."""
    first = number.split("_")[0]
    return _LETTERS[int(first) - 1] if level == 1 and first.isdigit() and 0 < int(first) <= len(_LETTERS) else number
