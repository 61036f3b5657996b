"""The user's own files read into paragraphs: PDF, Word, HTML, Markdown and plain text.

What a file is, its content says, not its name. Nothing in a file is executed, fetched or obeyed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.text.paragraph import CT_P
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.html import HtmlElement

from assistant.texts import clauses, markup, pdf, plain
from assistant.texts.model import Line, OfficialText, UnreadableTextError
from assistant.texts.outline import Block

Kind = Literal["pdf", "docx", "html", "text"]
_UNPACKED = 256 << 20  # bytes a Word file may unpack to
_JAPANESE = re.compile(r"[\u3040-\u30ff]")
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_ENDINGS: dict[str, Kind] = {".pdf": "pdf", ".docx": "docx"}
_SIGNS = {
    "eu": re.compile(r"\bAI Act\b|\bGDPR\b|2024/1689|2016/679|European Union|EU AI法|欧州連合"),
    "jp": re.compile(r"個人情報保護法|個人情報取扱事業者|AI推進法|\bAPPI\b|\bJapan\b|日本国"),
}


@dataclass(frozen=True)
class ReadDocument:
    """A file as read: its text, and title, language and jurisdiction as far as they can be told."""

    kind: Kind
    text: OfficialText
    title: str
    language: str
    jurisdiction: str | None


def read(path: Path, name: str, limits: pdf.Limits) -> ReadDocument:
    """Read a file that the user calls ``name``.

    Raises:
        UnreadableTextError: it is empty, damaged, protected, of a kind not read here, or beyond a limit.
    """
    if path.stat().st_size == 0:
        raise UnreadableTextError("The file is empty (0 bytes).", "empty")
    kind = _kind(path, name)
    stem = clean_name(name).rpartition(".")[0] or clean_name(name)
    title: str | None = None
    if kind == "pdf":
        text, title = pdf.read_with_title(path, limits)
    elif kind == "docx":
        text, title = _docx(path)
    elif kind == "html":
        text, title = _html(path.read_bytes())
    else:
        data = path.read_bytes()
        text = plain.read(
            clauses.parted(data.decode("utf-8-sig", errors="surrogateescape")).encode("utf-8", errors="surrogateescape")
        )
        found = _TITLE.search(data.decode("utf-8-sig"))
        title = found[1] if found else None
    whole = " ".join(line.text for line in text.lines)
    return ReadDocument(kind, text, (title or "").strip()[:200] or stem, _language(whole), _jurisdiction(whole))


def clean_name(name: str) -> str:
    """Return a file name without path parts and control characters."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:150] or "document"


def passages(text: OfficialText) -> Iterator[tuple[int | None, str]]:
    """Yield (page, text) for each clause of a document, long enough to be understood and short enough to be found."""
    return clauses.passages(text.lines)


def _kind(path: Path, name: str) -> Kind:
    with path.open("rb") as stream:
        start = stream.read(1024)
    ending = Path(clean_name(name)).suffix.casefold()
    if b"%PDF-" in start:
        found: Kind = "pdf"
    elif start.startswith(b"PK\x03\x04"):
        found = "docx"
    elif b"\0" in start:
        raise UnreadableTextError(
            "This kind of file is not read here. Add PDF, Word (.docx), HTML, Markdown or plain text.", "kind"
        )
    else:
        head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        found = "html" if head.startswith((b"<!doctype html", b"<html")) or ending in (".html", ".htm", ".xhtml") else "text"
    if ending in _ENDINGS and found != _ENDINGS[ending]:
        raise UnreadableTextError(
            f"The file is named {ending} but is none. Save it again in that format, or give it its proper ending.",
            "misnamed",
        )
    return found


def _docx(path: Path) -> tuple[OfficialText, str | None]:
    try:
        with zipfile.ZipFile(path) as package:
            if sum(part.file_size for part in package.infolist()) > _UNPACKED:
                raise UnreadableTextError(
                    f"The Word file unpacks to more than {_UNPACKED >> 20} MiB; it was not read.", "too_large"
                )
            if "word/document.xml" not in package.namelist():
                raise UnreadableTextError(
                    "This is a packed file but no Word document. Unpack it and add the files in it.", "kind"
                )
        document = docx.Document(str(path))
        lines = [Line("", text) for text in _docx_texts(document) if text]
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError) as error:
        raise UnreadableTextError("The Word file is damaged. Open it in a word processor and save it anew.", "damaged") from error
    if not lines:
        raise UnreadableTextError("The Word file has no text.", "no_text")
    return OfficialText(tuple(lines)), document.core_properties.title or None


def _docx_texts(document: docx.document.Document) -> Iterator[str]:
    for block in document.element.body.iterchildren():
        if isinstance(block, CT_P):
            yield markup.clean(Paragraph(block, document).text)
        elif block.tag.endswith("}tbl"):
            for row in Table(block, document).rows:
                yield markup.clean(" | ".join(cell.text for cell in row.cells))


def _html(data: bytes) -> tuple[OfficialText, str | None]:
    title = re.search(rb"<title[^>]*>(.*?)</title>", data, re.IGNORECASE | re.DOTALL)
    root = markup.read_html(data)

    def enter(element: HtmlElement) -> Iterator[Block]:
        return markup.blocks(element, enter)

    lines = [Line("", block.text) for block in markup.blocks(root, enter)]
    if not lines:
        raise UnreadableTextError("The page has no text.", "no_text")
    return OfficialText(tuple(lines)), markup.clean(title[1].decode("utf-8", errors="replace")) if title else None


def _language(text: str) -> str:
    sample = text[:20_000]
    return "ja" if len(_JAPANESE.findall(sample)) > 0.05 * max(1, len(sample)) else "en"


def _jurisdiction(text: str) -> str | None:
    counts = {name: len(sign.findall(text)) for name, sign in _SIGNS.items()}
    best = max(counts, key=lambda name: counts[name])
    other = min(counts.values())
    return best if counts[best] > 2 * other else "eu_jp" if other else None
