"""A model is a guest: it words what was composed, each of its claims is checked, and without it the answer stands.

Nothing it says is shown before it was checked. Where it fails, or too little of what it says can stand, the composed answer is
given and that is said. Nobody's question is sent anywhere before they agreed to where it goes (``consent``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.answer.claim_checks import Passage, Reason, fault
from assistant.answer.claims import Claim, ClaimReader
from assistant.answer.consent import all_told, may_send
from assistant.answer.destination import destination
from assistant.answer.entailment import Entails, ModelEntails
from assistant.answer.listening import Fault, Limits, ModelFailedError, pieces
from assistant.answer.models import load_model
from assistant.answer.sources import Block, Sources
from assistant.answer.turn import Turn, Worded
from assistant.answer.wording import fault_told, phrase
from assistant.answer.write import PROMPT_HASH, messages, passages_of
from assistant.settings import Settings
from assistant.types import AssistantError, Sentence

_MOST = 12  # claims that are read
_ENOUGH = 0.5  # share of the claims that must stand


class Guest:
    """One chat model, with the limits and the consent of the settings.

    ``invited`` says that code put the model there itself (an evaluation, a test): nobody is asked then.
    """

    def __init__(
        self, model: BaseChatModel, settings: Settings, *, invited: bool = False, entails: Entails | None = None
    ) -> None:
        self._model = model
        self._settings = settings
        self._invited = invited
        self._entails = entails

    @classmethod
    def of(cls, settings: Settings) -> Guest:
        """Return the model that the settings name.

        Raises:
            AssistantError: it cannot be loaded.
        """
        second = settings.model_entailment
        entails = ModelEntails(load_model(second, settings)) if second else None
        return cls(load_model(settings.model, settings), settings, entails=entails)

    def word(self, question: str, composed: list[Block], sources: Sources, turn: Turn) -> Worded:
        """Let the model word a composed answer, if it may be asked; in all cases what is returned can be shown."""
        language = sources.language
        if not turn.model:
            return Worded()
        if not self._invited and not may_send(self._settings):
            return Worded(warnings=[phrase("model_not_agreed", language, told=all_told(self._settings, language))])
        passages = passages_of(sources.described(composed), composed, language)
        round_ = _Round(passages, sources, self._entails, Limits.of(self._settings, turn.cancelled), turn.on_claim)
        asked: dict[str, Any] = {"name": self._settings.model, "to": self._place(), "prompt": PROMPT_HASH}
        try:
            round_.listen(pieces(self._model, messages(question, passages, language), round_.limits))
        except ModelFailedError as error:
            told = phrase("model_failed", language, reason=fault_told(error.fault.value, language, error.detail))
            return Worded(warnings=[told], asked=asked | {"outcome": error.fault.value, **round_.record()})
        warnings = [phrase("model_removed", language, count=str(len(round_.removed)))] if round_.removed else []
        named = {"name": self._settings.model, "prompt": PROMPT_HASH}
        return Worded([Block(round_.kept)], warnings, named, asked | {"outcome": "worded", **round_.record()})

    def _place(self) -> str:
        """Return the host to which questions go, for the trace."""
        try:
            return destination(self._settings).host
        except AssistantError:
            return ""


@dataclass
class _Round:
    """One reply, claim by claim: what stands, what was removed and why."""

    passages: dict[int, Passage]
    sources: Sources
    entails: Entails | None
    limits: Limits
    on_claim: Callable[[Sentence], None] | None
    kept: list[Sentence] = field(default_factory=list)
    removed: list[tuple[str, Reason]] = field(default_factory=list)
    first_is_gone: bool = False
    end: float = 0.0

    def listen(self, said: Iterator[str]) -> None:
        """Take the reply as it comes and decide whether it can stand for the composed answer.

        Raises:
            ModelFailedError: it broke off, was not of the agreed form, or too little of it can stand.
        """
        self.end = time.monotonic() + self.limits.seconds
        reader = ClaimReader()
        for piece in said:
            for claim in reader.feed(piece):
                self._take(claim)
            if reader.complete or len(self.kept) + len(self.removed) >= _MOST:
                break
        else:
            raise ModelFailedError(Fault.FORM)
        if not self.kept and not self.removed:
            raise ModelFailedError(Fault.NOTHING)
        if not self.kept:
            raise ModelFailedError(Fault.UNCITED)
        if self.first_is_gone or len(self.kept) < _ENOUGH * (len(self.kept) + len(self.removed)):
            raise ModelFailedError(Fault.TOO_LITTLE, f"{len(self.kept)}/{len(self.kept) + len(self.removed)}")

    def _take(self, claim: Claim) -> None:
        reason = self._fault(claim)
        if reason is not None:
            self.first_is_gone = self.first_is_gone or not self.kept
            self.removed.append((claim.text, reason))
            return
        sentence = Sentence(text=claim.text.replace("*", "").strip(), citations=list(dict.fromkeys(claim.passages)))
        self.kept.append(sentence)
        if self.on_claim is not None and not self.first_is_gone:
            self.on_claim(sentence)

    def _fault(self, claim: Claim) -> Reason | None:
        if (found := fault(claim, self.passages, self.sources.language, self.sources.parties)) is not None:
            return found
        if claim.text.strip() in [one.text for one in self.kept]:
            return Reason.REPEATED
        cited = [self.passages[number] for number in dict.fromkeys(claim.passages)]
        if self.entails is not None and not self.entails(claim.text, cited, self.limits.until(self.end)):
            return Reason.NOT_ENTAILED
        return None

    def record(self) -> dict[str, Any]:
        """Return what the trace keeps: how many claims stand, and those removed with the reason."""
        return {"kept": len(self.kept), "removed": [{"text": text, "reason": reason.value} for text, reason in self.removed]}
