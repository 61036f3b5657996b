"""What a question asks: language, kind, day, parties, jurisdictions and the provisions it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from assistant.answer.days import day_asked
from assistant.answer.elsewhere import Elsewhere, elsewhere
from assistant.answer.parts import parts_of
from assistant.answer.planted import without_instructions
from assistant.answer.scope import Subject, beyond
from assistant.answer.vocabulary import any_of, cues, shows
from assistant.law.cues import folded, stands_in
from assistant.law.knowledge import Knowledge
from assistant.search.ranking import Wish
from assistant.search.router import Mention, Reference, Router
from assistant.search.tokens import language_of, normalise
from assistant.types import Jurisdiction, Language

Kind = Literal["comparison", "penalty", "date", "definition", "who", "obligation"]
_FINE_TUNING = re.compile(r"\bfine[- ]?tun\w*")  # no fine
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
    elsewhere: Elsewhere | None
    beyond: Subject | None
    own_documents: bool
    roles: set[str]
    topics: list[str]
    day: date | None
    parts: tuple[str, ...] = ()
    lists_duties: bool = False
    side: Side | None = None
    asks_leave: bool = False
    asks_must: bool = False
    fresh: str | None = None

    @property
    def wish(self) -> Wish:
        """What matters of it for ranking."""
        return Wish(
            language=self.language,
            kind=self.kind,
            jurisdictions=frozenset(self.jurisdictions),
            documents=frozenset(self.documents),
            roles=frozenset(self.roles),
            parts=self.parts,
            asks_leave=self.asks_leave,
        )


def understand(text: str, knowledge: Knowledge, router: Router, language: Language | None) -> Question:
    """Read ``text`` without the instructions planted in it; ``language`` overrides the language found."""
    asked = without_instructions(text)
    plain = normalise(asked).casefold()
    mentions = router.mentions(asked)
    references = router.references(asked)
    documents = [mention.document for mention in mentions]
    alone = None if documents or references else _alone(plain)
    named = {knowledge.documents[document].jurisdiction for document in documents}
    ours = cues("jurisdictions")
    # "EU" and "Japan" within the name of a document say which document it is, not whose law is asked for.
    unnamed = folded(_without(plain, mentions))
    cued = {Jurisdiction(name) for name, words in ours.items() if any_of(words, unnamed)}
    both = {language: [word for words in ours.values() for word in words[language]] for language in ("en", "ja")}
    return Question(
        text=asked,
        language=language or language_of(text),
        kind=_kind(plain),
        references=references,
        documents=documents,
        jurisdictions=named | cued,
        elsewhere=elsewhere(plain, mentions, both),
        beyond=beyond(plain, names_law=bool(documents or references)),
        own_documents=asks_about_own_documents(text),
        roles=_roles(plain, knowledge),
        topics=_topics(plain, knowledge),
        day=day_asked(plain),
        parts=parts_of(normalise(asked), language or language_of(text)),
        side=alone,
        lists_duties=shows("duties", plain),
        asks_leave=shows("leave", plain),
        asks_must=shows("must", plain) and not shows("open_question", plain),
    )


def _without(plain: str, mentions: list[Mention]) -> str:
    for mention in mentions:
        plain = plain[: mention.start] + " " * (mention.end - mention.start) + plain[mention.end :]
    return plain


def _alone(plain: str) -> Side | None:
    """Return the side whose law alone is asked for: its country is named, and nothing of the other side."""
    text = folded(plain)
    law = {side for side, words in cues("whose_law").items() if any_of(words, text)}
    touched = {side for side, words in cues("jurisdictions").items() if any_of(words, text)} | law
    sides: dict[str, Side] = {"eu": "eu_side", "jp": "jp_side"}
    return sides[next(iter(law))] if len(law) == 1 and touched == law else None


def _kind(plain: str) -> Kind:
    plain = _FINE_TUNING.sub(" ", plain)
    kinds: dict[Kind, dict[str, list[str]]] = cues("kinds")  # type: ignore[assignment]
    for kind, words in kinds.items():
        if any_of(words, folded(plain)):
            return kind
    return "obligation"


def jurisdiction_cues() -> dict[Jurisdiction, list[str]]:
    """Return the words by which a question names the EU or Japan, in both languages."""
    named = cues("jurisdictions").items()
    return {Jurisdiction(one): [cue for words in said.values() for cue in words] for one, said in named}


def role_names(knowledge: Knowledge) -> dict[str, set[str]]:
    """Return every name of each role, in both languages."""
    return {
        role.id: {role.name.en.split(" (")[0], role.name.ja.split("（")[0], *role.aliases.all}
        for role in knowledge.roles.values()
    }


def _roles(plain: str, knowledge: Knowledge) -> set[str]:
    text = folded(plain)
    found: dict[str, str] = {}
    for role, names in role_names(knowledge).items():
        for name in [form for one in names for form in (one, f"{one}s")]:
            if stands_in(_plain(name), text):
                found[role] = max(found.get(role, ""), _plain(name), key=len)
    longest = {name for name in found.values() if not any(name != other and name in other for other in found.values())}
    return {role for role, name in found.items() if name in longest}


def _topics(plain: str, knowledge: Knowledge) -> list[str]:
    """Return the parallels whose topic a question names, the one named at greatest length first."""
    text = folded(plain)
    named: dict[str, int] = {}
    for parallel in knowledge.parallels.values():
        for name in (parallel.topic.en, parallel.topic.ja, *parallel.aliases.all):
            if stands_in(_plain(name), text):
                named[parallel.id] = max(named.get(parallel.id, 0), len(name))
    return sorted(named, key=lambda identity: -named[identity])


def asks_about_own_documents(text: str) -> bool:
    """Tell whether a question points to documents of the user's."""
    return shows("own_documents", normalise(text))


@cache
def _plain(name: str) -> str:
    """Return a name of the knowledge base as it stands in a question made plain."""
    return normalise(name).casefold()
