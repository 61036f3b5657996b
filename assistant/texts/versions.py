"""Versions of one document side by side."""

from __future__ import annotations

from assistant.texts.library import Library, Wording
from assistant.types import AssistantError


def two_versions(library: Library, provision: str, before: str | None, after: str | None) -> tuple[Wording, Wording]:
    """Return the wordings of a provision in two installed versions: those named, else the oldest and the newest.

    Raises:
        AssistantError: the document is unknown, a version is not installed, or does not have the provision.
    """
    try:
        document = library.knowledge.document_of(provision)
    except KeyError as error:
        raise AssistantError(f"'{provision}' belongs to no document of the catalogue. 'search' finds ids.") from error
    sources = [s for s in library.knowledge.texts.values() if s.document == document.id and not s.reference]
    installed = sorted((s for s in sources if library.record(s.id)), key=lambda source: source.from_)
    found = []
    for version, default in ((before, 0), (after, -1)):
        chosen = [source for source in installed if source.version == version] if version else installed[default:][:1]
        if not chosen:
            known = ", ".join(source.version for source in sources) or "none"
            raise AssistantError(
                f"No text of version {version or 'any'} of {document.id} is installed; the catalogue has: {known}."
            )
        wording = library.cut(chosen[0], provision.removeprefix(document.id).strip("."))
        if wording is None:
            raise AssistantError(f"Version {chosen[0].version} of {document.id} has no {provision}.")
        found.append(wording)
    if found[0].source.id == found[1].source.id:
        raise AssistantError(f"Only version {found[0].source.version} of {document.id} is installed; a comparison needs two.")
    return found[0], found[1]
