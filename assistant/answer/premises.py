"""Wrong beliefs behind a question: named and put right first, with the provisions that say so."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from assistant.answer.days import with_months
from assistant.answer.sources import Block, Sources
from assistant.answer.understand import Question
from assistant.answer.vocabulary import cues
from assistant.answer.wording import phrase, sentences
from assistant.law.cues import any_in, folded
from assistant.law.knowledge import Knowledge
from assistant.law.premises import Premise
from assistant.search.tokens import normalise
from assistant.types import Language, Sentence

if TYPE_CHECKING:
    from assistant.answer.compose import Composer

_MOST_POINTS = 3
_SENTENCE = re.compile(r"(?:[^.!?。]|\.(?=\d))+[.!?。]*")


def wrong_premise(question: Question, day: date, knowledge: Knowledge) -> Premise | None:
    """Return the wrong belief that a question shows on ``day``, the one most of its words speak for, if any."""
    text = with_months(folded(normalise(question.fresh or question.text)))
    shown = {
        premise.id: strength
        for premise in knowledge.premises.values()
        if premise.wrong_on(day) and (strength := premise.cues.strength(text)) and not any_in(premise.unless.all, text)
    }
    best = max(shown, key=lambda identity: shown[identity], default=None)
    if best is None:
        return None
    premise = knowledge.premises[best]
    return premise if knowledge.provisions[premise.provisions[0]].wording_on(day) else None


def corrected(premise: Premise, question: Question, sources: Sources, composer: Composer) -> list[Block]:
    """Return the correction and, in short, what its provisions say."""
    language = question.language
    numbers = [sources.cite(provision) for provision in premise.provisions]
    first, *others = sentences(premise.correction.in_language(language), language)
    said = [_led(first, premise, question), *others]
    blocks = [Block([Sentence(text=text, citations=numbers) for text in said])]
    return blocks + composer.points(premise.provisions[:_MOST_POINTS])


def _led(text: str, premise: Premise, question: Question) -> str:
    """Lead a correction: "no" where the belief is all that is asked, nothing where more is; else say that it is wrong."""
    pieces = [piece for piece in _SENTENCE.findall(folded(normalise(question.text))) if piece.strip()]
    asking = [piece for piece in pieces if premise.cues.strength(with_months(piece)) and asks_whether(piece, question.language)]
    if not asking and any(asks_whether(piece, question.language) for piece in pieces):
        return text
    if not asking:
        return phrase("wrong_premise", question.language, text=text)
    plain = len(pieces) > 1 or any_in(cues("whether")["reserve"][question.language.value], asking[0])
    return text if plain else phrase("asked_wrongly", question.language, text=text)


def asks_whether(piece: str, language: Language) -> bool:
    """Tell whether a sentence (folded) asks if something is so."""
    words = cues("whether")["openers"][language.value]
    if language is Language.JA:
        taken_for_granted = any_in(cues("whether")["granted"], piece)
        return not taken_for_granted and piece.rstrip("?。 ").endswith(tuple(words))
    return piece.strip().startswith(tuple(f"{word} " for word in words))
