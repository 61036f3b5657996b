"""One provision by its id, described as a citation."""

from __future__ import annotations

from datetime import date

from assistant.answer.sources import Sources
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.settings import Settings
from assistant.store.rows import NotFoundError
from assistant.texts.library import Library
from assistant.types import Citation, Language

_SHOWN = 100  # characters of what was asked for


def look_up(settings: Settings, identity: str, language: Language, day: date, version: str | None = None) -> Citation:
    """Return the entry for a provision id, or for its nearest parent, as it stands on ``day``.

    ``version`` asks for the official wording of one installed version instead of the one in force.

    Raises:
        NotFoundError: there is no such entry, or no text of that version on this machine.
    """
    knowledge = load_knowledge(settings.knowledge_dir)
    return provision(knowledge, Library(settings.texts_dir, knowledge), identity, language, day, version)


def provision(
    knowledge: Knowledge, library: Library, identity: str, language: Language, day: date, version: str | None = None
) -> Citation:
    """Do what ``look_up`` does, over a knowledge base and texts that are open already.

    Raises:
        NotFoundError: as for ``look_up``.
    """
    if version is not None:
        day = _day_of(knowledge, identity, version)
    citation = Sources(knowledge, language, day, library).citation(_entry(knowledge, identity))
    if version is not None and not (citation.official and citation.version == version):
        raise NotFoundError(
            f"The text of version {version} is not installed, or has no {identity}. 'sources list' shows what is."
        )
    return citation


def _entry(knowledge: Knowledge, identity: str) -> str:
    try:
        entry = knowledge.resolve(identity)
    except KeyError:
        entry = None
    if entry is None:
        raise NotFoundError(f"There is no entry '{identity[:_SHOWN]}'. 'search' finds ids by subject.")
    return entry.id


def _day_of(knowledge: Knowledge, identity: str, version: str) -> date:
    for source in knowledge.texts.values():
        if identity.startswith(f"{source.document}.") and source.version == version and not source.reference:
            return source.from_
    raise NotFoundError(
        f"The catalogue has no text of version '{version[:_SHOWN]}' for {identity[:_SHOWN]}. 'sources list' shows the versions."
    )
