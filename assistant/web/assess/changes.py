"""What others answered meanwhile, and what the last answer changed: read from the history of a system."""

from __future__ import annotations

from typing import Any

from assistant.law.answers import UNKNOWN
from assistant.law.comparison import compare
from assistant.law.whatif import summed_up
from assistant.law.words import said
from assistant.store.systems import StoredSystem
from assistant.types import AssistantError
from assistant.web.assess.work import Work

_ANSWERED = "answered"


def changed_since(work: Work, system: StoredSystem, version: int) -> dict[str, str]:
    """Return the answers changed after ``version``, each with who gave it, when and what."""
    told: dict[str, str] = {}
    if system.version == version:
        return told
    for event in reversed(work.desk.systems.history(system.id)):
        if event.version > version and event.kind == _ANSWERED:
            for fact, (_, after) in event.detail.get("facts", {}).items():
                told[fact] = work.t(
                    "assess_since",
                    person=event.actor or work.t("somebody"),
                    moment=work.pages.moment(event.at),
                    question=work.named(fact),
                    answer=in_words(work, fact, after),
                )
    return told


def last_change(work: Work, system: StoredSystem) -> str | None:
    """Return what the last answer changed, in one line; nothing where there is none or it cannot be told any more."""
    event = next((one for one in work.desk.systems.history(system.id, 1) if one.kind == _ANSWERED), None)
    if event is None:
        return None
    facts = dict(system.answers["facts"])
    for fact, (before, _) in event.detail.get("facts", {}).items():
        facts.pop(fact, None)
        if before is not None:
            facts[fact] = before
    try:
        earlier = work.standings.assessed({**system.answers, "facts": facts})
        return summed_up(compare(earlier, work.standings.of(system).assessment), work.pages.language)
    except AssistantError:
        return None


def in_words(work: Work, fact: str, value: Any) -> str:
    """Return a kept answer in words."""
    if value is None:
        return work.t("assess_no_answer")
    question = work.desk.knowledge.questions.get(fact)
    if question is None:
        return str(value)
    known = None if value == UNKNOWN else work.parsed({**work.empty(), "facts": {fact: value}}).facts.get(fact)
    return said(known, question.options, work.pages.language)
