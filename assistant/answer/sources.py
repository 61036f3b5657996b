"""Citations of one answer: each provision is numbered once, shown as it stands on the day asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.answer.wording import phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Application, Provision
from assistant.types import Citation, Confidence, Language, Sentence


@dataclass(frozen=True)
class Block:
    """A paragraph or list item of an answer."""

    sentences: list[Sentence]
    item: bool = False


class Sources:
    """Numbers the provisions an answer uses and describes each for the reader."""

    def __init__(self, knowledge: Knowledge, language: Language, day: date) -> None:
        self._knowledge = knowledge
        self._language = language
        self._day = day
        self._numbers: dict[str, int] = {}

    def cite(self, provision: str) -> int:
        """Return the number under which ``provision`` is cited, giving it one at first use."""
        return self._numbers.setdefault(provision, len(self._numbers) + 1)

    def provision_of(self, number: int) -> str | None:
        """Return the provision cited under ``number``."""
        return next((provision for provision, n in self._numbers.items() if n == number), None)

    def described(self, blocks: list[Block]) -> list[Citation]:
        """Return the citations that these blocks use, under the numbers they have now."""
        used = {number for block in blocks for sentence in block.sentences for number in sentence.citations}
        return [self._citation(provision, n) for provision, n in self._numbers.items() if n in used]

    def renumbered(self, blocks: list[Block]) -> tuple[list[Block], list[Citation]]:
        """Number the citations that remain by first appearance, and describe them; uncited ones are dropped."""
        order: dict[int, int] = {}
        for block in blocks:
            for sentence in block.sentences:
                for number in sentence.citations:
                    order.setdefault(number, len(order) + 1)
        fresh = [
            Block([Sentence(text=s.text, citations=[order[n] for n in s.citations]) for s in block.sentences], block.item)
            for block in blocks
        ]
        return fresh, [self._citation(str(self.provision_of(old)), n) for old, n in order.items()]

    def _citation(self, identity: str, n: int) -> Citation:
        provision = self._knowledge.provisions[identity]
        document = self._knowledge.document_of(identity)
        version = document.version_on(self._day)
        wording = provision.wording_on(self._day) or provision.wording[-1]
        line = current_line(provision, self._day)
        return Citation(
            n=n,
            document=document.id,
            provision=identity,
            label=self._knowledge.label(identity, self._language),
            heading=provision.heading.in_language(self._language),
            version=version.id if version else None,
            force=self._knowledge.force(provision),
            applies_from=None if line.older else line.from_,
            applies_to=line.to,
            in_force=any(line.covers(self._day) for line in provision.applies),
            quote=wording.summary.in_language(self._language),
            official=False,
            verified=None,
            url=(version.link if version else None) or document.link,
            checked_on=provision.checked_on,
            confidence=provision.confidence,
            notes=self._notes(provision),
        )

    def _notes(self, provision: Provision) -> list[str]:
        notes = []
        wording = provision.wording_on(self._day)
        if wording is not None and wording.change is not None:
            notes.append(wording.change.in_language(self._language))
        if provision.review is not None:
            notes.append(phrase("review", self._language, text=provision.review.in_language(self._language)))
        if provision.confidence is not Confidence.HIGH:
            label = self._knowledge.label(provision.id, self._language)
            notes.append(phrase(f"{provision.confidence.value}_confidence", self._language, label=label))
        return notes


def current_line(provision: Provision, day: date) -> Application:
    """Return the line of application that matters on ``day``: the one that covers it, else the next, else the last."""
    lines = sorted(provision.applies, key=lambda line: line.from_)
    covering = [line for line in lines if line.covers(day)]
    coming = [line for line in lines if line.from_ > day]
    return (covering or coming or lines[-1:])[0]
