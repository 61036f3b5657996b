"""Whether an installed text is what it should be, and holds every provision that we cite from it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

from assistant.law.knowledge import Knowledge
from assistant.texts import readers
from assistant.texts.library import Library, find_unit
from assistant.texts.model import OfficialText, UnreadableTextError

_NUMBERED = re.compile(r"_[0-9ivx]+[a-z0-9_]*$")


@dataclass(frozen=True)
class Verdict:
    """What verifying one text showed: faults, provisions sought and those not found."""

    id: str
    faults: tuple[str, ...]
    sought: int
    missing: tuple[str, ...]


def verify(library: Library, identity: str) -> Verdict:
    """Check an installed text: its checksum, its counts, and every shipped provision of its document.

    Raises:
        AssistantError: it is not installed.
    """
    source = library.knowledge.texts[identity]
    path = library.path_of(identity)
    record = library.record(identity)
    faults = []
    if record is None or hashlib.sha256(path.read_bytes()).hexdigest() != record.sha256:
        faults.append("the file has changed since it was obtained")
    try:
        text = readers.read(path, source)
    except UnreadableTextError as error:
        return Verdict(identity, (*faults, str(error)), 0, ())
    if text != library.text(identity):
        faults.append("what was read at installation differs from what the file says now")
    sought = provisions_of(library.knowledge, identity, text)
    missing = tuple(p for p in sought if find_unit(text, p.removeprefix(f"{source.document}.")) is None)
    return Verdict(identity, tuple(faults), len(sought), missing)


def provisions_of(knowledge: Knowledge, identity: str, text: OfficialText) -> list[str]:
    """Return the shipped provisions that this text must contain.

    Those are the numbered ones of a kind it numbers, with a wording in force while the text is. A translation that
    does not prevail, and summaries of a whole document, have no place to be found.
    """
    source = knowledge.texts[identity]
    kinds = {unit.split(".")[0].rpartition("_")[0] for unit in text.units}
    found = []
    for provision in knowledge.provisions.values():
        if knowledge.document_of(provision.id).id != source.document:
            continue
        segments = provision.id.removeprefix(f"{source.document}.").split(".")
        numbered = segments[0].rpartition("_")[0] in kinds and any(map(_NUMBERED.search, segments))
        if numbered and any(_overlap(w.from_, w.to, source.from_, source.to) for w in provision.wording):
            found.append(provision.id)
    return found


def _overlap(from_a: date, to_a: date | None, from_b: date, to_b: date | None) -> bool:
    return (to_a is None or from_b < to_a) and (to_b is None or from_a < to_b)
