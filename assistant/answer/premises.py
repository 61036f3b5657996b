"""Wrong beliefs behind a question: named and put right first, with the provisions that say so."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question
from assistant.answer.vocabulary import cues
from assistant.answer.wording import phrase, sentences
from assistant.law.cues import folded, stands_in
from assistant.law.knowledge import Knowledge
from assistant.law.premises import Premise
from assistant.search.tokens import normalise
from assistant.types import Language, Sentence

if TYPE_CHECKING:
    from assistant.answer.compose import Composer

_MOST_POINTS = 3
_SENTENCE_END = re.compile(r"[.!?。!?]\s*(?=\S)")


def wrong_premise(question: Question, day: date, knowledge: Knowledge) -> Premise | None:
    """Return the wrong belief that a question shows on ``day``, the one most of its words speak for; nothing where it shows none."""
    text = folded(normalise(question.text))
    shown = {
        premise.id: premise.cues.strength(text)
        for premise in knowledge.premises.values()
        if premise.wrong_on(day) and not any(stands_in(word, text) for word in premise.unless.all)
    }
    best = max(shown, key=lambda identity: shown[identity], default=None)
    if best is None or not shown[best]:
        return None
    premise = knowledge.premises[best]
    return premise if knowledge.provisions[premise.provisions[0]].wording_on(day) else None


def corrected(premise: Premise, question: Question, sources: Sources, composer: Composer) -> list[Block]:
    """Return the correction and, in short, what its provisions say."""
    language = question.language
    numbers = [sources.cite(provision) for provision in premise.provisions]
    first, *others = sentences(premise.correction.in_language(language), language)
    lead = "asked_wrongly" if asks_whether(question.text, language) else "wrong_premise"
    said = [phrase(lead, language, text=first), *others]
    blocks = [Block([Sentence(text=text, citations=numbers) for text in said])]
    return blocks + composer.points(premise.provisions[:_MOST_POINTS])


def asks_whether(text: str, language: Language) -> bool:
    """Tell whether a question asks no more than whether something is so, so that "no" answers it."""
    plain = folded(normalise(text)).strip()
    told = cues("whether")
    if _SENTENCE_END.search(plain) or any(stands_in(word, plain) for word in told["reserve"][language.value]):
        return False
    words = told["openers"][language.value]
    if language is Language.JA:
        return plain.rstrip("?。 ").endswith(tuple(words))
    return plain.startswith(tuple(f"{word} " for word in words))
