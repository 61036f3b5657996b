"""Reads the files of the knowledge base one by one and gathers every fault instead of stopping at the first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel

from assistant.law.files import ProvisionsFile
from assistant.law.reading import KnowledgeError, Problem, read_entries
from assistant.law.schema import Document

Model = TypeVar("Model", bound=BaseModel)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=_Identified)


def key_of(entry: object) -> tuple[str, str]:
    """Return the kind and id of an entry, by which its file is remembered."""
    return type(entry).__name__, str(getattr(entry, "id", ""))


class Reader:
    """Reads files one by one and gathers what is wrong with them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], str] = {}
        self._hash = hashlib.sha256()

    @property
    def version(self) -> str:
        """A short hash over the files read: the version of the knowledge base."""
        return self._hash.hexdigest()[:12]

    def one(self, name: str, model: type[Model]) -> Model | None:
        """Read one file; a fault is kept and nothing returned."""
        path = self.root / name
        if not path.is_file():
            self.problems.append(Problem(name, "", "", "the file is missing"))
            return None
        self._hash.update(name.encode() + path.read_bytes())
        try:
            return read_entries(path, model, self.root)
        except KnowledgeError as error:
            self.problems += error.problems
            return None

    def many(self, folder: str, model: type[Model]) -> dict[str, Model]:
        """Read every file below a folder, by its name; faulty ones are left out."""
        names = sorted(path.relative_to(self.root).as_posix() for path in (self.root / folder).rglob("*.yaml"))
        files = {name: self.one(name, model) for name in names}
        return {name: file for name, file in files.items() if file is not None}

    def by_id(self, name: str, items: Iterable[Item]) -> dict[str, Item]:
        """Return the entries of one file by id; an id that stands twice is a fault."""
        found: dict[str, Item] = {}
        self.merge(name, found, items)
        return found

    def merge(self, name: str, into: dict[str, Item], items: Iterable[Item]) -> None:
        """Add the entries of one file to those of others; an id that stands twice is a fault."""
        for item in items:
            if item.id in into:
                self.problems.append(Problem(name, item.id, "id", f"already defined in {self.places[key_of(item)]}"))
            into[item.id] = item
            self.places[key_of(item)] = name

    def expect_document(self, name: str, file: ProvisionsFile, documents: dict[str, Document]) -> None:
        """Tell a file of provisions whose document is not catalogued, or whose ids belong to another."""
        if file.document not in documents:
            self.problems.append(Problem(name, "", "document", f"'{file.document}' is not in sources.yaml"))
        for provision in file.provisions:
            if not provision.id.startswith(f"{file.document}."):
                self.problems.append(Problem(name, provision.id, "id", f"must begin with '{file.document}.'"))

    def refuse_if_faulty(self) -> None:
        """Raise all faults found.

        Raises:
            KnowledgeError: there is at least one.
        """
        if self.problems:
            raise KnowledgeError(self.problems)
