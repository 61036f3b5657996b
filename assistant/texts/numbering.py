"""The tables of ``knowledge/numbering/``, made from the official texts: numbers only, never a word of the law."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.law.numbering import Numbering, compressed
from assistant.texts.library import Library
from assistant.texts.model import OfficialText

_HEAD = ("art_", "recital_", "annex_", "point_", "suppl_art_")
_COMMENT = "# Made by `governance-assistant knowledge numbering` from {texts}: numbers only.\n"


def table_of(document: str, texts: Iterable[OfficialText], *, whole: bool) -> Numbering | None:
    """Return the table of a document over its versions, oldest first; nothing where the texts number nothing.

    What only an earlier version has stays listed: a question may be about that day, and the dated entries tell it.
    """
    children: dict[str, list[str]] = {}
    for text in texts:
        before: dict[str, int] = {}
        for unit in text.units:
            parent, _, segment = unit.rpartition(".")
            if unit.startswith(_HEAD):
                row = children.setdefault(parent, [])
                if segment not in row:
                    row.insert(before.get(parent, -1) + 1, segment)
                before[parent] = row.index(segment)
    if not children:
        return None
    top = compressed(children.pop(""))
    below = {unit: compressed(row) for unit, row in children.items()}
    return Numbering(document=document, whole=whole, top=top, below=below)


def written(table: Numbering, texts: Sequence[str]) -> str:
    """Return a table as its file reads; ``texts`` are the ids of the texts it was made from."""
    lines = [_COMMENT.format(texts=", ".join(texts)), f"document: {table.document}\n"]
    lines += ["whole: true\n"] if table.whole else []
    lines.append(f"top: [{', '.join(table.top)}]\n")
    lines += ["below:\n"] if table.below else []
    lines += [f"  {unit}: [{', '.join(ranges)}]\n" for unit, ranges in table.below.items()]
    return "".join(lines)


def tables(library: Library) -> dict[str, str]:
    """Return the file of each document whose texts are installed, by the document's id.

    Translations that do not prevail are left out, and so is a document of which a version is not installed: its
    table would lack numbers that exist.
    """
    found = {}
    for document in library.knowledge.documents:
        sources = _prevailing(library.knowledge, document)
        if sources and all(library.record(source) for source in sources):
            whole = all(library.knowledge.texts[source].until is None for source in sources)
            table = table_of(document, map(library.text, sources), whole=whole)
            if table is not None:
                found[document] = written(table, sources)
    return found


def write_tables(library: Library, folder: Path) -> list[Path]:
    """Write ``<document>.yaml`` for each installed document below ``folder``; return the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for document, text in tables(library).items():
        path = folder / f"{document}.yaml"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _prevailing(knowledge: Knowledge, document: str) -> list[str]:
    texts = [text for text in knowledge.texts.values() if text.document == document and not text.reference]
    return [text.id for text in sorted(texts, key=lambda text: text.from_)]
