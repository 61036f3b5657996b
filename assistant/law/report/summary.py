"""The first page of the report: what a manager must know, and who answers for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assistant.law.report.blocks import literal
from assistant.law.results import Assessment, OutcomeResult
from assistant.law.words import word, written
from assistant.types import DutyForce

_MOST = 6  # days and questions named on the page; all of them follow later


def summary(one: Assessment) -> Iterator[str]:
    """Yield the paragraphs of the page."""
    language = one.language
    title = word("title", language)
    yield f"# {word('listed', language, head=title, text=literal(one.system))}" if one.system else f"# {title}"
    mark = word(f"status.{one.status}", language)
    reviewed = word("reviewer", language, name=literal(one.reviewer)) if one.reviewer else word("not_reviewed", language)
    yield f"**{mark}** · {reviewed} · {word('day', language, day=written(one.day, language))}"
    yield f"> {word('disclaimer', language)}"
    yield f"## {word('summary', language)}"
    yield "\n".join(_axis(axis, one) for axis in one.outcomes.values())
    yield _counts(one)
    yield from _now(one)
    yield from _days(one)
    yield from _open(one)


def _axis(axis: OutcomeResult, one: Assessment) -> str:
    language = one.language
    told = f"**{word('listed', language, head=axis.title, text=word(axis.outcome, language))}**"
    if axis.outcome == "yes" and axis.applies_from:
        key = "applies_later" if axis.applies_from > one.day else "applies_now"
        days = (axis.applies_from - one.day).days
        told += f" – {word(key, language, day=written(axis.applies_from, language), days=days)}"
    if axis.without_duty:
        told += f" – {word('no_duty', language)}"
    return f"- {told}" + (f" ⚑ {word('review', language)}" if axis.review else "")


def _counts(one: Assessment) -> str:
    owed = one.duties("owed")
    binding = [duty for duty in owed if duty.force in (DutyForce.MUST, DutyForce.EFFORT)]
    return word(
        "counts",
        one.language,
        now=sum(duty.applies_now for duty in binding),
        later=sum(not duty.applies_now for duty in binding),
        other=len(owed) - len(binding),
        open=len(one.duties("open")),
    )


def _now(one: Assessment) -> Iterator[str]:
    language = one.language
    titles = [duty.title for duty in one.duties("owed") if duty.applies_now and duty.force is DutyForce.MUST]
    if titles:
        more = [word("and_more", language, n=len(titles) - _MOST)] if len(titles) > _MOST else []
        told = word("separator", language).join([*titles[:_MOST], *more])
        yield word("listed", language, head=f"**{word('apply_now', language)}**", text=told)


def _days(one: Assessment) -> Iterator[str]:
    language = one.language
    coming = Counter(duty.applies_from for duty in one.duties("owed") if duty.applies_from and not duty.applies_now)
    if coming:
        yield f"**{word('next_days', language)}**"
        yield "\n".join(
            "- " + word("starts", language, day=written(day, language), days=(day - one.day).days, n=number)
            for day, number in sorted(coming.items())[:_MOST]
        )


def _open(one: Assessment) -> Iterator[str]:
    if one.open_questions:
        yield word("open_points", one.language, n=len(one.open_questions))
    if one.status == "draft":
        yield word("draft_note", one.language)
