"""When something applies, in sentences: since, from, until, not yet, by the law of the day asked about."""

from __future__ import annotations

from datetime import date

from assistant.answer.wording import long_date, phrase
from assistant.law.schema import Obligation, Provision
from assistant.types import Language

_SINCE = {"law": "applies_now", "guidance": "guidance_since", "older": "applies_older"}


def days_told(entry: Provision | Obligation, day: date, language: Language, *, law: bool) -> list[str]:
    """Say when something applies, as seen on ``day``; lines with the same days are said once, with their cases.

    What is not ``law`` does not apply, it stands.
    """
    groups: dict[tuple[date, date | None, bool], list[str]] = {}
    for line in entry.application_on(day):
        cases = groups.setdefault((line.from_, line.to, line.older), [])
        if line.case is not None:
            cases.append(line.case.in_language(language))
    ordered = sorted(groups.items(), key=lambda one: one[0][0])
    said = []
    for (start, end, older), cases in ordered:
        since = _SINCE["older" if older else "law" if law else "guidance"]
        said.append(_period(start, end, _case(cases, language), since, day, language))
    if ordered[0][0][0] > day:
        said[0] = phrase("not_yet", language, text=said[0])
    return said


def _case(cases: list[str], language: Language) -> str:
    return phrase("case", language, case=phrase("case_separator", language).join(cases)) if cases else ""


def _period(start: date, end: date | None, case: str, since: str, day: date, language: Language) -> str:
    last = long_date(date.fromordinal(end.toordinal() - 1), language) if end is not None else ""
    if end is not None and end <= day:
        return phrase("applied_until", language, date=last, case=case)
    text = phrase("applies_later" if start > day else since, language, date=long_date(start, language), case=case)
    if end is None:
        return text
    return text + (" " if language is Language.EN else "") + phrase("applies_until", language, date=last)
