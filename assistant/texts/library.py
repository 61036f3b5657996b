"""The official texts on this machine: installed, read once, looked up by provision and day.

Each text has a folder of its own in the data folder, with the file as obtained, a record of where it came from,
and what the parser made of it. A folder appears as a whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from assistant.law.knowledge import Knowledge
from assistant.law.text_source import TextSource
from assistant.texts import readers
from assistant.texts.model import Line, OfficialText
from assistant.texts.pdf import Limits
from assistant.types import AssistantError

_RECORD, _READ = "record.json", "read.json"


class Record(BaseModel):
    """Where an installed text came from; ``sha256`` is that of the file, ``size`` in bytes."""

    id: str
    file: str
    sha256: str
    size: int
    obtained_on: date
    obtained_from: str
    parsers: int


@dataclass(frozen=True)
class Wording:
    """The official wording of one unit, cut from an installed text."""

    source: TextSource
    unit: str
    lines: tuple[Line, ...]
    record: Record

    @property
    def text(self) -> str:
        """The wording as printed, one line a paragraph or item."""
        return "\n".join(f"{line.marker} {line.text}".strip() for line in self.lines)

    @property
    def page(self) -> int | None:
        """The page on which it begins, in paged sources."""
        return next((line.page for line in self.lines if line.page), None)

    @property
    def amended_by(self) -> list[str]:
        """CELEX numbers of the acts that the lines stem from, where the source tells."""
        return sorted({line.amended_by for line in self.lines if line.amended_by})


class Library:
    """The installed texts of one data folder."""

    def __init__(self, root: Path, knowledge: Knowledge) -> None:
        self.root = root
        self.knowledge = knowledge

    def installed(self) -> dict[str, Record]:
        """Return the records of the texts on this machine, in the order of the catalogue."""
        found = {identity: self.record(identity) for identity in self.knowledge.texts}
        return {identity: record for identity, record in found.items() if record is not None}

    def record(self, identity: str) -> Record | None:
        """Return the record of a text, or nothing where it is not installed."""
        try:
            return Record.model_validate_json((self.folder(identity) / _RECORD).read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None

    def folder(self, identity: str) -> Path:
        """Return the folder of a text of the catalogue."""
        return self.root / identity.replace("@", "/")

    def install(self, source: TextSource, file: Path, obtained_from: str, limits: Limits | None = None) -> Record:
        """Read ``file`` as ``source`` and keep it; what was there before is replaced only when all is well.

        Raises:
            UnreadableTextError: the file cannot be read as this text.
        """
        text = readers.read(file, source, limits)
        record = Record(
            id=source.id,
            file=f"text{file.suffix}",
            sha256=_sha256(file),
            size=file.stat().st_size,
            obtained_on=date.today(),
            obtained_from=obtained_from,
            parsers=readers.PARSERS,
        )
        target = self.folder(source.id)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as new:
            shutil.copyfile(file, Path(new, record.file))
            _write_read(Path(new, _READ), text)
            Path(new, _RECORD).write_text(record.model_dump_json(indent=2), encoding="utf-8")
            staged = Path(new, "whole")
            staged.mkdir()
            for part in (record.file, _READ, _RECORD):
                Path(new, part).replace(staged / part)
            if target.exists():
                shutil.rmtree(target)
            staged.replace(target)
        return record

    def remove(self, identity: str) -> None:
        """Delete a text from this machine.

        Raises:
            AssistantError: it is not installed.
        """
        if self.record(identity) is None:
            raise AssistantError(f"'{identity}' is not installed. 'sources list' shows what is.")
        shutil.rmtree(self.folder(identity))

    def text(self, identity: str) -> OfficialText:
        """Return an installed text, read from the parser's record or, after a change of parsers, from the file.

        Raises:
            AssistantError: it is not installed.
        """
        record = self.record(identity)
        if record is None:
            raise AssistantError(f"'{identity}' is not installed. Run 'sources fetch {identity}', or import the file.")
        folder = self.folder(identity)
        if record.parsers != readers.PARSERS:
            self.install(self.knowledge.texts[identity], folder / record.file, record.obtained_from)
        return _read_text(folder / _READ, record.sha256)

    def wording(self, provision: str, day: date, languages: Iterable[str], *, reference: bool = False) -> Wording | None:
        """Return the official wording of a provision as in force on ``day``, in the first of ``languages`` there is.

        With ``reference`` a translation that does not prevail is sought instead. A part that the version in force does
        not carry (recitals of a consolidated act) is taken from the newest earlier version. A unit that the text does
        not have yields nothing, never its neighbour.
        """
        document = self.knowledge.document_of(provision)
        wanted = provision.removeprefix(document.id).strip(".")
        sources = [s for s in self.knowledge.texts.values() if s.document == document.id and s.reference is reference]
        for language in languages:
            candidates = [source for source in sources if source.language == language and source.from_ <= day]
            for source in sorted(candidates, key=lambda source: (source.covers(day), source.from_), reverse=True):
                if (source.covers(day) or wanted.startswith("recital_")) and (found := self.cut(source, wanted)):
                    return found
        return None

    def cut(self, source: TextSource, unit: str) -> Wording | None:
        """Return the wording of a unit in one installed text, or nothing."""
        record = self.record(source.id)
        if record is None:
            return None
        text = self.text(source.id)
        found = find_unit(text, unit)
        lines = tuple(text.at(found)) if found else ()
        return Wording(source, found or "", lines, record) if lines else None

    def path_of(self, identity: str) -> Path:
        """Return the file of an installed text.

        Raises:
            AssistantError: it is not installed.
        """
        record = self.record(identity)
        if record is None:
            raise AssistantError(f"'{identity}' is not installed.")
        return self.folder(identity) / record.file


def find_unit(text: OfficialText, wanted: str) -> str | None:
    """Return the unit of ``text`` that is meant by ``wanted``.

    The sole paragraph of a Japanese article has no unit of its own, and people leave unnumbered subparagraphs out of
    a pinpoint: ``art_6.par_3.point_a`` finds ``art_6.par_3.subpar_2.point_a`` where no other point (a) is there.
    """
    if wanted in text.units:
        return wanted
    squeezed = [unit for unit in text.units if _squeezed(unit) == _squeezed(wanted)]
    return squeezed[0] if len(squeezed) == 1 and "subpar_" not in wanted else None


def _squeezed(unit: str) -> str:
    return ".".join(part for part in unit.split(".") if not part.startswith("subpar_") and part != "par_1")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_read(path: Path, text: OfficialText) -> None:
    path.write_text(json.dumps(asdict(text), ensure_ascii=False), encoding="utf-8")


@lru_cache(maxsize=32)
def _read_text(path: Path, _sha256_of_file: str) -> OfficialText:
    data = json.loads(path.read_text(encoding="utf-8"))
    lines = tuple(Line(**line) for line in data["lines"])
    return OfficialText(lines, data["headings"], tuple(data["notes"]), data["pages"], tuple(data["empty_pages"]))
