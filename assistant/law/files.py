"""The files of the knowledge folder: which entries each holds."""

from __future__ import annotations

from assistant.law.asked import Asked
from assistant.law.base import Entry, EntryId
from assistant.law.fact import Fact, Role
from assistant.law.schema import Document, Obligation, Parallel, Provision, Term
from assistant.law.text_source import TextSource


class SourcesFile(Entry):
    """``sources.yaml``."""

    documents: list[Document]


class ProvisionsFile(Entry):
    """``provisions/*/*.yaml``: the entries of one document."""

    document: EntryId
    provisions: list[Provision]


class AskedFile(Entry):
    """``asked/*/*.yaml``: how people ask for the provisions of one file."""

    asked: list[Asked]


class ObligationsFile(Entry):
    """``obligations/*/*.yaml``."""

    obligations: list[Obligation]


class GlossaryFile(Entry):
    """``glossary.yaml``."""

    terms: list[Term]


class ParallelsFile(Entry):
    """``parallels.yaml``."""

    parallels: list[Parallel]


class FactsFile(Entry):
    """``facts.yaml``: the roles and facts that conditions may name."""

    roles: list[Role]
    facts: list[Fact]


class TextsFile(Entry):
    """``texts.yaml``: where the official wording of the documents can be had."""

    texts: list[TextSource]
