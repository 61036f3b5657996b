"""What a question asks: language, kind, day, parties, jurisdictions and the provisions it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant.answer.parts import parts_of
from assistant.law.knowledge import Knowledge
from assistant.search.ranking import Wish
from assistant.search.router import Reference, Router
from assistant.search.tokens import language_of, normalise
from assistant.types import Jurisdiction, Language

Kind = Literal["comparison", "penalty", "date", "definition", "who", "obligation"]
_MONTHS = "january february march april may june july august september october november december".split()
_ENGLISH_DAY = re.compile(rf"\b(?:as of|as at|on)\s+(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_FINE_TUNING = re.compile(r"\bfine[- ]?tun\w*")  # no fine
_POSSESSIVE = re.compile(r"(?:['’]s|の)?\s*$")
_ISO_DAY = re.compile(r"\b(?:as of|as at|on)\s+(\d{4})-(\d{2})-(\d{2})\b")
_JAPANESE_DAY = re.compile(r"(\d{4})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?の?(?:時点|現在)")
Side = Literal["eu_side", "jp_side", "common_side"]


@dataclass(frozen=True)
class Question:
    """A question as understood; nothing in it is a guess about the law. ``side`` is the only one that a follow-up asks for."""

    text: str
    language: Language
    kind: Kind
    references: list[Reference]
    documents: list[str]
    jurisdictions: set[Jurisdiction]
    elsewhere: bool
    dispute: bool
    roles: set[str]
    topics: list[str]
    day: date | None
    parts: tuple[str, ...] = ()
    side: Side | None = None

    @property
    def wish(self) -> Wish:
        """What matters of it for ranking."""
        return Wish(self.language, self.kind, frozenset(self.jurisdictions), frozenset(self.documents), self.parts)


def understand(text: str, knowledge: Knowledge, router: Router, language: Language | None) -> Question:
    """Read ``text``; ``language`` overrides the language found."""
    plain = normalise(text).casefold()
    mentions = router.mentions(text)
    documents = [mention.document for mention in mentions]
    named = {knowledge.documents[document].jurisdiction for document in documents}
    cued = {Jurisdiction(name) for name, cues in _cues()["jurisdictions"].items() if _hit(cues, plain)}
    return Question(
        text=text,
        language=language or language_of(text),
        kind=_kind(plain),
        references=router.references(text),
        documents=documents,
        jurisdictions=named | cued,
        elsewhere=_elsewhere(plain, [plain[: mention.start] for mention in mentions], cued),
        dispute=_hit(_cues()["disputes"], plain),
        roles=_roles(plain, knowledge),
        topics=_topics(plain, knowledge),
        day=_day(plain),
        parts=parts_of(normalise(text), language or language_of(text)),
    )


def _kind(plain: str) -> Kind:
    plain = _FINE_TUNING.sub(" ", plain)
    for kind, cues in _cues()["kinds"].items():
        if _hit(cues, plain):
            return kind  # type: ignore[no-any-return]
    return "obligation"


def _elsewhere(plain: str, before_mentions: list[str], cued: set[Jurisdiction]) -> bool:
    """Tell whether a question is about another country's law: it names one and neither the EU nor Japan.

    A document of ours may be named in passing ("does the AI Act reach a US company?"), but not right behind the
    country ("the Colorado AI Act"): that is another country's act.
    """
    cues = _cues()["other_jurisdictions"]
    if not _hit(cues, plain) or cued:
        return False
    ends = [_POSSESSIVE.sub("", text) for text in before_mentions]
    theirs = any(end.endswith(cue) for end in ends for language in cues.values() for cue in language)
    return theirs or not before_mentions


def jurisdiction_cues() -> dict[Jurisdiction, list[str]]:
    """Return the words by which a question names the EU or Japan, in both languages."""
    return {Jurisdiction(one): [cue for cues in said.values() for cue in cues] for one, said in _cues()["jurisdictions"].items()}


def role_names(knowledge: Knowledge) -> dict[str, set[str]]:
    """Return every name of each role, in both languages."""
    return {
        role.id: {role.name.en.split(" (")[0], role.name.ja.split("（")[0], *role.aliases.all}
        for role in knowledge.roles.values()
    }


def _roles(plain: str, knowledge: Knowledge) -> set[str]:
    found: dict[str, str] = {}
    for role, names in role_names(knowledge).items():
        for name in [form for one in names for form in (one, f"{one}s")]:
            if _contains(plain, normalise(name).casefold()):
                found[role] = max(found.get(role, ""), normalise(name).casefold(), key=len)
    longest = {name for name in found.values() if not any(name != other and name in other for other in found.values())}
    return {role for role, name in found.items() if name in longest}


def _topics(plain: str, knowledge: Knowledge) -> list[str]:
    """Return the parallels whose topic a question names, the one named at greatest length first."""
    named: dict[str, int] = {}
    for parallel in knowledge.parallels.values():
        for name in (parallel.topic.en, parallel.topic.ja, *parallel.aliases.all):
            if _contains(plain, normalise(name).casefold()):
                named[parallel.id] = max(named.get(parallel.id, 0), len(name))
    return sorted(named, key=lambda identity: -named[identity])


def _day(plain: str) -> date | None:
    """Return the day a question is asked about; a month counts from its first day, a year too."""
    try:
        if match := _ISO_DAY.search(plain):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _ENGLISH_DAY.search(plain):
            return date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1] or 1))
        if match := _JAPANESE_DAY.search(plain):
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
    return None


def asks_about_own_documents(text: str) -> bool:
    """Tell whether a question points to documents of the user's."""
    return _hit(_cues()["own_documents"], normalise(text).casefold())


def _hit(cues: dict[str, list[str]], plain: str) -> bool:
    return any(_contains(plain, cue) for language in cues.values() for cue in language)


@cache
def _whole_word(cue: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(cue)}(?![a-z0-9])")


def _contains(plain: str, cue: str) -> bool:
    """Tell whether a cue stands in the text: as whole words where it is Latin, anywhere where it is Japanese."""
    return cue in plain if not cue.isascii() else _whole_word(cue).search(plain) is not None


@cache
def _cues() -> dict[str, Any]:
    text = (Path(__file__).resolve().parent / "cues.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=yaml.CSafeLoader))
