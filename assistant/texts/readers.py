"""Which parser reads which format."""

from __future__ import annotations

from pathlib import Path

from assistant.law.text_source import TextSource
from assistant.texts import (
    consolidated,
    japanese_law,
    official_journal,
    pdf,
    plain,
    sections,
    statute_markdown,
)
from assistant.texts.model import OfficialText, UnreadableTextError

PARSERS = 2  # raised when a parser changes what it makes of a file: installed texts are then read again
_FROM_BYTES = {
    "official_journal": official_journal.read,
    "eu_consolidated": consolidated.read,
    "japanese_law_xml": japanese_law.read,
    "japanese_statute_markdown": statute_markdown.read,
}


def read(path: Path, source: TextSource, limits: pdf.Limits | None = None) -> OfficialText:
    """Read a local file as the text that the catalogue describes.

    Raises:
        UnreadableTextError: it cannot be read, is another document or version, or does not hold what it must.
    """
    if path.stat().st_size == 0:
        raise UnreadableTextError("The file is empty (0 bytes). Get it again from the publisher.")
    if source.format == "pdf":
        text = pdf.read(path, limits)
        _refuse_other(source, [line.text for line in text.lines])
    else:
        data = path.read_bytes()
        _refuse_other(source, [data.decode("utf-8", errors="replace")])
        text = plain.read(data, source.headings) if source.format == "plain_text" else _FROM_BYTES[source.format](data)
    if source.headings:
        text = sections.place(text, source.headings, source.until)
    _refuse_incomplete(source, text)
    return text


def _refuse_other(source: TextSource, texts: list[str]) -> None:
    if source.contains is not None and not any(source.contains in text for text in texts):
        raise UnreadableTextError(
            f"The file is not {source.document}, version {source.version}: '{source.contains}' does not occur in it. "
            "Check the file, or the version that the catalogue names."
        )


def _refuse_incomplete(source: TextSource, text: OfficialText) -> None:
    counts = text.counts()
    wrong = {kind: count for kind, count in source.expect.items() if counts.get(kind, 0) != count}
    if wrong:
        told = ", ".join(f"{counts.get(kind, 0)} {kind} instead of {count}" for kind, count in wrong.items())
        raise UnreadableTextError(
            f"The file does not hold what version {source.version} of {source.document} must hold: {told}. "
            "It is incomplete or another version; get it again from the publisher."
        )
