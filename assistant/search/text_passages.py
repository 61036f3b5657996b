"""Installed official texts beyond the summaries: provisions without an entry of ours become findable.

Where a summary exists, it is what is searched. A provision of an installed text that no entry covers joins the
knowledge as unsummarised, with its official wording as passages; nothing is said of it but how it begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from assistant.law import pinpoint
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Application, Provision, Text, Unsummarised, Wording
from assistant.law.text_source import TextSource
from assistant.search.passages import Passage
from assistant.texts.library import Library
from assistant.texts.model import Line, OfficialText
from assistant.types import Basis, Force, Language

_BEGINNING = 280
_HEADING = 60
_SENTENCE_END = re.compile(r"(?<=[.;:])\s|(?<=。)(?![^（）]*）)")
_BEGINS = {
    Language.EN: "There is no summary of ours for this provision yet; its wording begins: “{quote}”",
    Language.JA: "この規定の要約は未収録のため、原文の冒頭を示します：「{quote}」",
}
_EXPLAINS = "recital"


@dataclass
class _Unit:
    """One provision in the texts that carry it, oldest first, with its lines in each."""

    heading: str = ""
    versions: list[tuple[TextSource, list[Line]]] = field(default_factory=list)
    translations: list[tuple[TextSource, list[Line]]] = field(default_factory=list)


def with_texts(knowledge: Knowledge, library: Library) -> tuple[Knowledge, list[Passage]]:
    """Return the knowledge with the provisions that only the installed texts have, and the passages of these."""
    units = _uncovered(knowledge, library)
    entries: dict[str, Provision] = {}
    passages: list[Passage] = []
    for identity, unit in units.items():
        if unit.versions and (entry := _entry(knowledge, library, identity, unit)):
            entries[identity] = entry
            passages += _passages(identity, unit, entry)
    return replace(knowledge, provisions={**knowledge.provisions, **entries}), passages


def _uncovered(knowledge: Knowledge, library: Library) -> dict[str, _Unit]:
    found: dict[str, _Unit] = {}
    sources = [knowledge.texts[identity] for identity in library.installed()]
    for source in sorted(sources, key=lambda one: (one.document, one.from_)):
        text = library.text(source.id)
        for name, lines in _grouped(text).items():
            identity = f"{source.document}.{name}"
            if knowledge.resolve(identity) is None and not knowledge.entries_below(identity):
                unit = found.setdefault(identity, _Unit())
                unit.heading = text.headings.get(name) or text.headings.get(name.split(".")[0]) or unit.heading
                (unit.translations if source.reference else unit.versions).append((source, lines))
    return found


def _grouped(text: OfficialText) -> dict[str, list[Line]]:
    """Return the lines by the level at which people cite: paragraph, definition, annex point, guideline point."""
    groups: dict[str, list[Line]] = {}
    for line in text.lines:
        parts = line.unit.split(".")
        if line.unit and not (parts[0].startswith("suppl_") and not parts[0].startswith("suppl_art_")):
            depth = 2 if len(parts) > 1 and not parts[1].startswith(("subpar_", "item_")) else 1
            groups.setdefault(".".join(parts[:depth]), []).append(line)
    return groups


def _entry(knowledge: Knowledge, library: Library, identity: str, unit: _Unit) -> Unsummarised | None:
    document = knowledge.document_of(identity)
    label = pinpoint.label(identity, document.id, document.jurisdiction, Language.EN)
    record = library.record(unit.versions[-1][0].id)
    if label is None or record is None or not all(any(line.text for line in lines) for _, lines in unit.versions):
        return None
    heading = unit.heading or _beginning(unit.versions[-1][1][0].text, _HEADING)
    explains = identity.removeprefix(f"{document.id}.").startswith(_EXPLAINS) and document.force is Force.BINDING
    return Unsummarised(
        id=identity,
        heading=Text(en=heading, ja=heading),
        force=Force.GUIDANCE if explains else None,
        wording=list(_wordings(unit)),
        applies=[Application.model_validate({"from": unit.versions[0][0].from_, "older": True})],
        checked_on=record.obtained_on,
        basis=Basis.OFFICIAL_TEXT,
    )


def _wordings(unit: _Unit) -> Iterator[Wording]:
    """Yield one wording a version; the last one stays where a newer version does not carry such provisions."""
    for place, (source, lines) in enumerate(unit.versions):
        last = place == len(unit.versions) - 1
        explains = lines[0].unit.startswith(_EXPLAINS)
        to = None if last and explains else source.to
        quote = _beginning(next(line.text for line in lines if line.text), _BEGINNING)
        summary = {language.value: form.format(quote=quote) for language, form in _BEGINS.items()}
        yield Wording.model_validate({"from": source.from_, "to": to, "summary": summary})


def _beginning(text: str, longest: int) -> str:
    """Return the first sentence of ``text``, cut where it is too long: at a space, where there is one near."""
    first = _SENTENCE_END.split(text, maxsplit=1)[0]
    if len(first) <= longest:
        return first if first == text else f"{first} …"
    cut = first[:longest]
    return (cut[: cut.rfind(" ")] if " " in cut[-30:] else cut) + " …"


def _passages(identity: str, unit: _Unit, entry: Unsummarised) -> Iterator[Passage]:
    for source, lines in [*unit.versions, *unit.translations]:
        language = Language.JA if source.language == "ja" else Language.EN
        text = "\n".join(part for part in (unit.heading, *(line.text for line in lines)) if part)
        end = entry.wording[-1].to if source is unit.versions[-1][0] else source.to
        yield Passage(f"{identity}@{source.version}.{source.language}", identity, language, text, source.from_, end)
