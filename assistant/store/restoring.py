"""Restoring a backup: it is checked whole before anything is touched, and what stood there before is kept aside."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, Integer, LargeBinary, Table, delete, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from assistant.store.backup import FOLDERS, FORMAT, MANIFEST, Manifest, Member, tables_of
from assistant.store.database import HEAD, REVISIONS, file_of, lock, migrate, new_engine, open_database
from assistant.store.transactions import writing
from assistant.types import AssistantError

_LONGEST_MANIFEST = 64 << 20  # bytes
_CHUNK = 1 << 20
_MADE = "organisations"  # a new database has the first one already
_ROWS = 20  # written at once: one may hold a file
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


def restore(source: Path, data_dir: Path, url: str, *, replace: bool = False) -> Manifest:
    """Put back what a backup holds: the database at ``url`` and the folders of files in ``data_dir``.

    What was in an SQLite database and in the folders stays beside the new one, named ``….before-restore``; on a database
    server all of it is one transaction. Whatever goes wrong, things stay as they were.

    Raises:
        AssistantError: the backup is broken, unsafe or of a newer release, something is kept already and ``replace``
            was not said, or it cannot be written.
    """
    engine = new_engine(url)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data_dir) as folder:
            staged = Path(folder)
            manifest = _unpacked(source, staged)
            with lock(engine):
                _put(engine, manifest, staged, data_dir, replace=replace)
    except OSError as error:
        raise AssistantError(
            f"The backup cannot be restored ({error.strerror or error}); everything is as it was. Mend that and try again."
        ) from error
    finally:
        engine.dispose()
    return manifest


def restore_rows(source: Path, url: str, folder: Path) -> None:
    """Put the rows of a backup into an empty database, and leave all files as they are; ``folder`` is for files in between.

    Raises:
        AssistantError: something is kept there already, or it cannot be written; it is as it was then.
    """
    manifest = _unpacked(source, folder)
    engine = open_database(url)
    try:
        if _holds_something(engine):
            raise AssistantError("Something is kept in that database already and was left as it is. Give an empty one.")
        with lock(engine), writing(engine) as connection:
            _fill(connection, manifest, folder)
    finally:
        engine.dispose()


def _put(engine: Engine, manifest: Manifest, staged: Path, data_dir: Path, *, replace: bool) -> None:
    file = file_of(engine)
    if not replace and _holds_something(engine):
        raise AssistantError(
            "Something is kept here already and was left as it is. Say --replace to put the backup in its place, "
            "or set ASSISTANT_DATA_DIR to an empty folder."
        )
    swaps = [(staged / "files" / folder, data_dir / folder) for folder in FOLDERS]
    if file is None:
        open_database(engine.url.render_as_string(hide_password=False)).dispose()  # refuses that of a newer release
        with _swapped(swaps), writing(engine) as connection:
            _fill(connection, manifest, staged)
        return
    built = file.with_name(f"{file.name}.restoring")
    try:
        _build(engine, built, manifest, staged)
        if file.exists():
            _settle(file)
        with _swapped([*swaps, (built, file)]):
            pass
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{built}{ending}").unlink(missing_ok=True)


def _unpacked(source: Path, staged: Path) -> Manifest:
    """Unpack a backup into an empty folder; every file is as the manifest says, or nothing is returned."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            needed, free = 2 * manifest.size, shutil.disk_usage(staged).free
            if needed > free:
                raise AssistantError(
                    f"Restoring needs {needed >> 20} MiB, but {free >> 20} MiB are free; nothing was changed. Free some space."
                )
            for name, member in manifest.members.items():
                _unpack(archive, name, member, staged)
    except FileNotFoundError as error:
        raise AssistantError(f"There is no file {source}. Check the name of the backup.") from error
    except _BROKEN as error:
        raise AssistantError(
            f"{source} is no backup of this assistant, or is broken; nothing was changed. Use another."
        ) from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in archive.infolist()):
        raise zipfile.BadZipFile
    if sizes.get(MANIFEST, _LONGEST_MANIFEST) >= _LONGEST_MANIFEST or len(sizes) != len(archive.infolist()):
        raise zipfile.BadZipFile
    content = archive.read(MANIFEST)
    told = json.loads(content) if content.startswith(b"{") else {}
    if told.get("format") != FORMAT or told.get("revision") not in REVISIONS:
        if "format" in told and "revision" in told:
            raise AssistantError("The backup was made by a newer release; nothing was changed. Install that release first.")
        raise zipfile.BadZipFile
    manifest = Manifest.model_validate(told)
    if {name: member.size for name, member in manifest.members.items()} != {
        name: size for name, size in sizes.items() if name != MANIFEST
    }:
        raise zipfile.BadZipFile
    return manifest


def _unpack(archive: zipfile.ZipFile, name: str, member: Member, staged: Path) -> None:
    target = staged / name
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and not {"..", "."} & set(parts) and target.resolve().is_relative_to(staged.resolve())
    if not plain or not (name.startswith("tables/") or name.startswith(tuple(f"files/{folder}/" for folder in FOLDERS))):
        raise zipfile.BadZipFile
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as packed, target.open("wb") as stream:
        while chunk := packed.read(_CHUNK):  # never more than the size that was compared with the manifest's
            digest.update(chunk)
            size += len(chunk)
            stream.write(chunk)
    if (size, digest.hexdigest()) != (member.size, member.sha256):
        raise zipfile.BadZipFile


def _holds_something(engine: Engine) -> bool:
    file = file_of(engine)
    if file is not None and not file.exists():
        return False
    try:
        with engine.connect() as connection:
            tables = [table for table in tables_of(connection) if table.name != _MADE]
            return any(connection.execute(select(table).limit(1)).first() for table in tables)
    except SQLAlchemyError:
        return True  # whatever it is, it is not to be lost
    finally:
        engine.dispose()  # nobody may have the file open when it is moved


def _build(engine: Engine, built: Path, manifest: Manifest, staged: Path) -> None:
    built.unlink(missing_ok=True)
    fresh = new_engine(engine.url.set(database=str(built)))
    try:
        with writing(fresh) as connection:
            _fill(connection, manifest, staged)
    finally:
        fresh.dispose()
    _settle(built)


def _fill(connection: Connection, manifest: Manifest, staged: Path) -> None:
    """Make the tables as they were when the backup was made, fill them, and bring them to this release's form."""
    migrate(connection, "base", down=True)
    migrate(connection, manifest.revision)
    try:
        for table in tables_of(connection):
            if table.name == _MADE:
                connection.execute(delete(table))
            rows = _rows(table, staged / "tables" / f"{table.name}.jsonl")
            while batch := list(islice(rows, _ROWS)):
                connection.execute(insert(table), batch)
            if connection.dialect.name == "postgresql" and isinstance(table.c.get("id", table.c[0]).type, Integer):
                _count_on(connection, table)
    except (SQLAlchemyError, ValueError, TypeError, KeyError) as error:
        raise AssistantError(
            f"The tables of the backup do not fit ({str(error)[:200]}); nothing was changed. Use another backup."
        ) from error
    migrate(connection, HEAD)


def _rows(table: Table, path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                yield {name: _decoded(table.c[name].type, value) for name, value in json.loads(line).items()}


def _decoded(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those restored."""
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
    last = connection.execute(select(func.max(table.c.id))).scalar()
    if sequence and last:
        connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _settle(file: Path) -> None:
    """Put all of an SQLite database into its one file; that is possible only while nobody has it open."""
    try:
        with closing(sqlite3.connect(file, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise AssistantError(
            f"The database {file} is in use; nothing was changed. Stop the application that has it open and try again."
        ) from error
    except sqlite3.DatabaseError:
        return  # no database at all: it is kept aside as it is


@contextmanager
def _swapped(pairs: list[tuple[Path, Path]]) -> Iterator[None]:
    """Move each new file or folder to its place, what stood there aside; on an error everything goes back."""
    done: list[tuple[Path, Path, Path | None]] = []
    try:
        for new, place in pairs:
            aside = _aside(place) if place.exists() else None
            if aside:
                place.rename(aside)
            done.append((new, place, aside))
            if new.exists():
                new.rename(place)
        yield
    except BaseException:
        for new, place, aside in reversed(done):
            if place.exists():
                place.rename(new)
            if aside:
                aside.rename(place)
        raise


def _aside(place: Path) -> Path:
    """Return a name that nothing has yet: what an earlier restore kept aside stays too."""
    names = (place.with_name(f"{place.name}.before-restore{number}") for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())
