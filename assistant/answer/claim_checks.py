"""Does what a claim cites carry it? Decided by our code, from the passages that the model was shown and nothing else.

Each check gives a reason machines can count. They are strict where a wrong claim would harm and silent where a paraphrase
cannot be told from a change: what they let pass is not proven, only not contradicted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import claim_force as force
from assistant.answer import claim_marks as marks
from assistant.answer.claims import Claim
from assistant.answer.wording import sentences
from assistant.search.tokens import normalise, tokens
from assistant.types import Language

_SHORTEST = 2  # index terms of a span: fewer say nothing
_SHARE = 0.3  # of a claim's index terms that its passages must have; measured on the labelled pairs of the evaluation set
_ALIKE = 0.5  # a sentence of a passage that is so like a claim must agree with it in force and negation
_BEFORE = 4  # words before a span in which a negation counts as cut off


class Reason(StrEnum):
    """Why a claim is removed."""

    NO_CITATION = "no_citation"
    NO_SUCH_PASSAGE = "no_such_passage"
    NO_SPAN = "no_span"
    NOT_VERBATIM = "not_verbatim"
    MARKUP = "markup"
    LANGUAGE = "language"
    FIGURE = "figure"
    DATE = "date"
    PROVISION = "provision"
    PARTY = "party"
    FORCE = "force"
    NEGATION = "negation"
    UNRELATED = "unrelated"
    REPEATED = "repeated"
    NOT_ENTAILED = "not_entailed"


@dataclass(frozen=True)
class Passage:
    """What a model was shown under one number: a name, and statements that stand in our entry or the official text."""

    number: int
    name: str
    statements: tuple[str, ...]

    @property
    def text(self) -> str:
        """Everything it says, its name included."""
        return "\n".join([self.name, *self.statements])


def fault(claim: Claim, passages: dict[int, Passage], language: Language, parties: Collection[str] = ()) -> Reason | None:
    """Return why a claim cannot stand, or nothing where no check speaks against it; ``parties`` are names of who may owe."""
    if marks.has_markup(claim.text):
        return Reason.MARKUP
    if not claim.passages:
        return Reason.NO_CITATION
    if not set(claim.passages) <= set(passages):
        return Reason.NO_SUCH_PASSAGE
    cited = [passages[number] for number in dict.fromkeys(claim.passages)]
    if (wrong := _span_fault(claim, cited)) is not None:
        return wrong
    if not marks.in_language(claim.text, language):
        return Reason.LANGUAGE
    said = "\n".join(passage.text for passage in cited)
    if any(party not in normalise(said).casefold() for party in marks.parties(claim.text, parties)):
        return Reason.PARTY
    return _figure_fault(claim.text, said) or _meaning_fault(claim, cited, language)


def _span_fault(claim: Claim, cited: Sequence[Passage]) -> Reason | None:
    if claim.spans is None:
        return None
    if not claim.spans or any(len(tokens(span)) < _SHORTEST for span in claim.spans):
        return Reason.NO_SPAN
    texts = [marks.plain(statement) for passage in cited for statement in (passage.name, *passage.statements)]
    standing = all(any(marks.plain(span) in text for text in texts) for span in claim.spans)
    return None if standing else Reason.NOT_VERBATIM


def _figure_fault(text: str, said: str) -> Reason | None:
    """Figures, days, amounts with their units and names of provisions must be those of the cited passages."""
    stated = marks.days(said)
    if not all(marks.states_day(day, stated) for day in marks.days(text)):
        return Reason.DATE
    named = marks.provisions(said)
    if not all(marks.names_provision(name, named) for name in marks.provisions(text)):
        return Reason.PROVISION
    if not marks.numbers(text) <= marks.numbers(said) or not marks.quantities(text) <= marks.quantities(said):
        return Reason.FIGURE
    return None


def _meaning_fault(claim: Claim, cited: Sequence[Passage], language: Language) -> Reason | None:
    """Words, force and negation must agree with the sentences that the claim rests on."""
    words = set(tokens(claim.text))
    known = {word for passage in cited for word in tokens(passage.text)}
    if not words or len(words & known) / len(words) < _SHARE:
        return Reason.UNRELATED
    said = [one for passage in cited for statement in passage.statements for one in sentences(statement, language)]
    evidence = _resting_on(claim, said) or said
    strength = {kind for one in evidence for kind in force.forces(one, language)}
    if not force.carries_forces(force.forces(claim.text, language), strength):
        return Reason.FORCE
    return _negation_fault(claim, evidence, said, language)


def _resting_on(claim: Claim, said: Sequence[str]) -> list[str]:
    """Return the sentences in which the spans stand; without spans, the one that is most like the claim."""
    if claim.spans:
        spans = [marks.plain(span) for span in claim.spans]
        return [one for one in said if any(span in marks.plain(one) or marks.plain(one) in span for span in spans)]
    words = set(tokens(claim.text))
    best = max(said, key=lambda one: _likeness(words, set(tokens(one))), default="")
    return [best] if _likeness(words, set(tokens(best))) >= _ALIKE else []


def _negation_fault(claim: Claim, evidence: Sequence[str], said: Sequence[str], language: Language) -> Reason | None:
    denies = force.negates(claim.text, language, flatly=True)
    if denies and not any(force.negates(one, language) for one in evidence):
        return Reason.NEGATION
    if denies or force.negates(claim.text, language):
        return None
    if any(_cut_from_its_negation(span, said, language) for span in claim.spans or []):
        return Reason.NEGATION
    words = set(tokens(claim.text))
    alike = [one for one in evidence if _likeness(words, set(tokens(one))) >= _ALIKE]
    return Reason.NEGATION if alike and all(force.negates(one, language, flatly=True) for one in alike) else None


def _cut_from_its_negation(span: str, said: Sequence[str], language: Language) -> bool:
    """Tell whether a span itself denies, or leaves out the denial right before it (English) or right after it (Japanese)."""
    if force.negates(span, language, flatly=True):
        return True
    words = marks.plain(span)
    for one in map(marks.plain, said):
        before, found, after = one.partition(words)
        if found:
            near = after[:12] if language is Language.JA else " ".join(before.split()[-_BEFORE:])
            return force.negates(near, language, flatly=True)
    return False


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
