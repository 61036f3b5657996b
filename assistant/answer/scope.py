"""Subjects that are not answered, by the words of ``scope.yaml``: disputes, law that is not covered, other matters."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from assistant.law.base import Entry
from assistant.law.cues import CueGroups, any_in, folded
from assistant.law.reading import read_entries
from assistant.law.schema import Names, Text
from assistant.types import Reason

_HERE = Path(__file__).resolve().parent


class Subject(Entry):
    """A subject that is not answered; ``even_with_law`` where naming a document of ours does not change that."""

    id: str
    reason: Reason
    name: Text
    cues: CueGroups
    unless: Names = Field(default_factory=Names)
    even_with_law: bool = False


class ScopeFile(Entry):
    """``scope.yaml``."""

    subjects: list[Subject]


def beyond(plain: str, *, names_law: bool) -> Subject | None:
    """Return the first subject beyond our scope that a normalised question is about."""
    text = folded(plain)
    for subject in subjects():
        taken_back = any_in(subject.unless.all, text)
        if subject.cues.strength(text) and not taken_back and (subject.even_with_law or not names_law):
            return subject
    return None


@cache
def subjects() -> list[Subject]:
    """Return every subject that is not answered, those that weigh most first.

    Raises:
        KnowledgeError: the file does not fit its schema.
    """
    return read_entries(_HERE / "scope.yaml", ScopeFile, _HERE).subjects
