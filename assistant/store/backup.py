"""Backups: one zip with every table as JSON lines and the user's files; it can be restored on SQLite and PostgreSQL alike."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Engine, MetaData, Table, select

from assistant.store.database import HEAD
from assistant.types import AssistantError

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("documents", "texts")  # in the data folder: copies of the user's documents, installed official texts
# Made anew where they are missing, or of no use elsewhere: whoever was signed in signs in again.
LEFT_OUT = ("vectors", "alembic_version", "sessions", "attempts", "marks")
_CHUNK = 1 << 20
_ROWS = 20  # read at once: one may hold a file


class Member(BaseModel):
    """One file of a backup: its checksum, and its size in bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class Manifest(BaseModel):
    """What a backup holds: when it was made, by which form of the database, and every file by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    revision: str
    made_at: datetime
    members: dict[str, Member]

    @property
    def size(self) -> int:
        """How many bytes the files have together."""
        return sum(member.size for member in self.members.values())


def backup(engine: Engine, data_dir: Path, target: Path) -> Manifest:
    """Write everything that is kept into one new zip file; an error leaves no file behind.

    Raises:
        AssistantError: the file exists already, or cannot be written.
    """
    if target.exists():
        raise AssistantError(f"{target} exists already and was left as it is. Choose another name for the backup.")
    files = sorted(_files(data_dir))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                manifest = _write(engine, data_dir, files, stream)
                stream.flush()
                os.fsync(stream.fileno())
            written.rename(target)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise AssistantError(
            f"The backup {target} cannot be written ({error.strerror or error}); no file was left. "
            "Choose another place, or free some space."
        ) from error
    return manifest


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of a database that are worth a backup; one that others refer to comes before them."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in LEFT_OUT]


def _write(engine: Engine, data_dir: Path, files: Iterable[Path], stream: Any) -> Manifest:
    members: dict[str, Member] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        isolation = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        with engine.connect().execution_options(**isolation) as connection, connection.begin():
            for table in tables_of(connection):
                name = f"tables/{table.name}.jsonl"
                members[name] = _add(archive, name, _lines(connection, table))
        for path in files:
            name = f"files/{path.relative_to(data_dir).as_posix()}"
            with suppress(FileNotFoundError):  # deleted since the list was made
                members[name] = _add(archive, name, _chunks(path))
        manifest = Manifest(format=FORMAT, revision=HEAD, made_at=datetime.now(UTC), members=members)
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _files(data_dir: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (path for path in (data_dir / folder).rglob("*") if path.is_file() and not path.is_symlink())


def _add(archive: zipfile.ZipFile, name: str, content: Iterator[bytes]) -> Member:
    digest, size = hashlib.sha256(), 0
    first = next(content, b"")  # before there is a member: a file that is gone leaves none
    with archive.open(name, "w", force_zip64=True) as member:
        for chunk in chain((first,), content):
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return Member(sha256=digest.hexdigest(), size=size)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    ordered = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=_ROWS).execute(ordered).mappings():
        values = {name: _encoded(value) for name, value in row.items()}
        yield (json.dumps(values, ensure_ascii=False) + "\n").encode()


def _encoded(value: Any) -> Any:
    """Return a value of a row as JSON can hold it; ``restoring`` knows the kind of each column."""
    if isinstance(value, date):  # a point in time is one too
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value
