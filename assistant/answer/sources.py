"""Citations of one answer: each provision is numbered once, shown as it stands on the day asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.answer.wording import phrase
from assistant.law.knowledge import Knowledge
from assistant.law.schema import Application, Provision, Unsummarised
from assistant.search.shelf import OwnHit
from assistant.texts.library import Library, Wording
from assistant.types import Citation, Confidence, Force, Language, Sentence


@dataclass(frozen=True)
class Block:
    """A paragraph or list item of an answer."""

    sentences: list[Sentence]
    item: bool = False


class Sources:
    """Numbers the provisions an answer uses and describes each for the reader."""

    def __init__(self, knowledge: Knowledge, language: Language, day: date, library: Library | None = None) -> None:
        self._knowledge = knowledge
        self._library = library
        self.language = language
        self._day = day
        self._numbers: dict[str, int] = {}
        self._own: dict[str, OwnHit] = {}

    @property
    def parties(self) -> list[str]:
        """What those who can owe a duty are called in the language of the answer, without what is said of them in brackets."""
        names = (role.name.in_language(self.language) for role in self._knowledge.roles.values())
        return sorted({name.split(" (")[0].split("（")[0] for name in names})

    def cite(self, provision: str) -> int:
        """Return the number under which ``provision`` is cited, giving it one at first use."""
        return self._numbers.setdefault(provision, len(self._numbers) + 1)

    def cite_own(self, hit: OwnHit) -> int:
        """Return the number under which a passage of a user's document is cited."""
        identity = f"own:{hit.document.id}:{hit.passage.place}"
        self._own[identity] = hit
        return self.cite(identity)

    def provision_of(self, number: int) -> str | None:
        """Return the provision cited under ``number``."""
        return next((provision for provision, n in self._numbers.items() if n == number), None)

    def described(self, blocks: list[Block]) -> list[Citation]:
        """Return the citations that these blocks use, under the numbers they have now."""
        used = {number for block in blocks for sentence in block.sentences for number in sentence.citations}
        return [self.citation(provision, n) for provision, n in self._numbers.items() if n in used]

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
        return fresh, [self.citation(str(self.provision_of(old)), n) for old, n in order.items()]

    def citation(self, identity: str, n: int = 1) -> Citation:
        """Describe one provision, or passage of a user's document, for the reader, under number ``n``."""
        if identity in self._own:
            return _own_citation(self._own[identity], identity, n)
        provision = self._knowledge.provisions[identity]
        document = self._knowledge.document_of(identity)
        version = document.version_on(self._day)
        wording = provision.wording_on(self._day) or provision.wording[-1]
        line = current_line(provision, self._day)
        summarised = not isinstance(provision, Unsummarised)
        summary = wording.summary.in_language(self.language)
        official = self._official(identity)
        return Citation(
            n=n,
            document=document.id,
            provision=identity,
            label=self._knowledge.label(identity, self.language),
            heading=provision.heading.in_language(self.language),
            version=official.source.version if official else version.id if version else None,
            force=self._knowledge.force(provision),
            applies_from=None if line.older or not summarised else line.from_,
            applies_to=line.to if summarised else None,
            in_force=any(line.covers(self._day) for line in provision.application_on(self._day)),
            summarised=summarised,
            quote=official.text if official else summary,
            official=official is not None,
            verified=self._verified(official) if official else None,
            quote_language=official.source.language if official else self.language.value,
            summary=summary,
            translation=self._translation(identity, official),
            url=(version.link if version else None) or document.link,
            page=official.page if official else None,
            checked_on=provision.checked_on,
            confidence=provision.confidence,
            notes=[*self._notes(provision), *self._notes_on_text(identity, official)],
        )

    def _official(self, identity: str) -> Wording | None:
        """Return the official wording on the day asked about: in the reader's language where that is authentic."""
        if self._library is None:
            return None
        languages = dict.fromkeys([self.language.value, *self._knowledge.document_of(identity).languages])
        return self._library.wording(identity, self._day, languages)

    def _verified(self, official: Wording) -> bool:
        return self._library is not None and self._library.text(official.source.id).contains(official.text)

    def _translation(self, identity: str, official: Wording | None) -> str | None:
        found = self._reference(identity, official)
        return found.text if found else None

    def _reference(self, identity: str, official: Wording | None) -> Wording | None:
        """Return the reference translation that stands beside an official wording in another language."""
        if self._library is None or official is None or official.source.language == self.language.value:
            return None
        return self._library.wording(identity, self._day, [self.language.value], reference=True)

    def _notes_on_text(self, identity: str, official: Wording | None) -> list[str]:
        """Return what the reader must know of the texts quoted: language, remarks, translation."""
        if official is None:
            return []
        shown = [official, self._reference(identity, official)]
        notes = [wording.source.remark.in_language(self.language) for wording in shown if wording and wording.source.remark]
        if official.source.language != self.language.value:
            notes.insert(0, phrase(f"quoted_in_{official.source.language}", self.language))
        return notes

    def _notes(self, provision: Provision) -> list[str]:
        notes = []
        wording = provision.wording_on(self._day)
        if wording is not None and wording.change is not None:
            notes.append(wording.change.in_language(self.language))
        if review := provision.review_on(self._day):
            notes.append(phrase("review", self.language, text=review.in_language(self.language)))
        if provision.confidence is not Confidence.HIGH:
            label = self._knowledge.label(provision.id, self.language)
            notes.append(phrase(f"{provision.confidence.value}_confidence", self.language, label=label))
        return notes


def _own_citation(hit: OwnHit, identity: str, n: int) -> Citation:
    document, passage = hit.document, hit.passage
    return Citation(
        n=n,
        document=f"own:{document.id}",
        provision=identity,
        label=document.title,
        heading=document.file,
        version=None,
        force=Force.OWN,
        applies_from=None,
        applies_to=None,
        in_force=False,
        summarised=False,
        quote=passage.text,
        official=False,
        verified=None,
        quote_language=document.language,
        summary="",
        url=f"/documents/{document.id}",
        page=passage.page,
        checked_on=document.added_on,
        confidence=Confidence.HIGH,
    )


def current_line(provision: Provision, day: date) -> Application:
    """Return the line of application that matters on ``day``: the one that covers it, else the next, else the last."""
    lines = sorted(provision.application_on(day), key=lambda line: line.from_)
    covering = [line for line in lines if line.covers(day)]
    coming = [line for line in lines if line.from_ > day]
    return (covering or coming or lines[-1:])[0]
