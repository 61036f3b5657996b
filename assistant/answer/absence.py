"""What a document does not have, told with what it has instead."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answer.wording import phrase, phrases
from assistant.law.knowledge import Knowledge
from assistant.law.numbering import Gap, compressed, expanded, kind_of, number_of
from assistant.search.router import Missing
from assistant.types import Language

_MOST_INSERTED = 8  # listed one by one; more are counted


def absence(missing: Missing, knowledge: Knowledge, language: Language) -> str:
    """Return a sentence that names the level which does not exist, and what stands there."""
    numbering = knowledge.numbering[missing.document]
    document = knowledge.documents[missing.document].short.in_language(language)
    beside = numbering.beside(Gap(missing.parent, missing.segment))
    asked, existing = _named(missing.segment, language), _listed(beside, language)
    if missing.parent:
        parent = knowledge.label(f"{missing.document}.{missing.parent}", language)
        key = "no_such_unit" if beside else "no_unit_at_all"
        return phrase(key, language, parent=parent, asked=asked, existing=existing)
    same_kind = beside and kind_of(beside[0]) == kind_of(missing.segment)
    key = "no_such_article" if same_kind else "no_such_part"
    return phrase(key, language, document=document, asked=asked, existing=existing)


def _listed(segments: list[str], language: Language) -> str:
    """Return units as ranges: those of the regular row first, then what was inserted into it."""
    if not segments:
        return ""
    inserted = [one for one in segments if _is_inserted(number_of(one))]
    regular = compressed(one for one in segments if one not in inserted)
    parts = [part for one in regular for part in _range(one, language)]
    if len(inserted) > _MOST_INSERTED:
        parts.append(phrase("units_inserted", language, count=str(len(inserted))))
    else:
        parts += [_short(one, language) for one in inserted]
    if language is Language.JA:
        return "、".join(parts)
    many = str(phrases()["units"][_form(segments[0])]["many"]) if len(segments) > 1 else ""
    return f"{many} {_joined(parts)}" if many else _named(segments[0], language)


def _range(written: str, language: Language) -> list[str]:
    """Return a range as it is told: its ends, joined where there is something between them."""
    row = list(expanded([written]))
    first, last = _short(row[0], language), _short(row[-1], language)
    if len(row) > 2:
        return [phrase("unit_range", language, first=first, last=last)]
    return list(dict.fromkeys([first, last]))


def _short(segment: str, language: Language) -> str:
    """Return a unit as it stands in a list: in full in Japanese, without its word in English."""
    named = _named(segment, language)
    return named if language is Language.JA else named.rpartition(" ")[2]


def _named(segment: str, language: Language) -> str:
    number, *branches = number_of(segment).removeprefix("art_").split("_")
    form = str(phrases()["units"][_form(segment)]["one"][language.value])
    if language is Language.JA:
        branch = "".join(f"の{one}" for one in branches)
        return form.format(n=number, N=number.upper(), branch=branch)
    written = "-".join([number, *branches])
    return form.format(n=written, N=written.upper())


def _form(segment: str) -> str:
    """Return the entry of ``units`` by which a segment is told: points with numbers are written unlike those with letters."""
    kind = kind_of(segment) or "point"
    return "number" if kind == "point" and number_of(segment)[:1].isdigit() else kind


def _is_inserted(number: str) -> bool:
    plain = number.removeprefix("art_")
    return "_" in plain or (plain[:1].isdigit() and not plain.isdigit()) or (len(plain) == 2 and plain[1] in "abc")


def _joined(parts: Iterable[str]) -> str:
    *head, last = parts
    return f"{', '.join(head)} and {last}" if head else last
