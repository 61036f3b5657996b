"""What a model may answer: claims that point to passages and to words in them, read one by one while the model speaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pydantic import AliasChoices, BaseModel, Field, ValidationError

from assistant.answer.listening import Fault, ModelFailedError

_OPENING = re.compile(r'\{\s*"(claims|sentences)"\s*:\s*\[')
_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|$)", re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*")


class Claim(BaseModel):
    """A sentence of a model: which passages carry it, and words copied from them.

    ``spans`` is nothing in the form of earlier prompts, ``{"sentences": [{"text", "citations"}]}``: it is read so that
    recorded replies can be replayed, and checked against whole passages.
    """

    text: str = Field(max_length=2000)
    passages: list[int] = Field(default_factory=list, validation_alias=AliasChoices("passages", "citations"))
    spans: list[str] | None = None


class ClaimReader:
    """Takes a reply piece by piece and gives each claim as soon as it is complete."""

    def __init__(self) -> None:
        self._text = ""
        self._at: int | None = None
        self._old_form = False
        self.complete = False

    def feed(self, piece: str) -> Iterator[Claim]:
        """Yield the claims that ``piece`` completes.

        Raises:
            ModelFailedError: what stands where a claim should is none.
        """
        self._text += piece
        if self._at is None:
            self._text = self._text if "</think>" not in self._text else _THOUGHT.sub("", self._text)
            opening = None if _THOUGHT.match(self._text) else _OPENING.search(self._text)
            if opening is None:
                return
            self._at, self._old_form = opening.end(), opening[1] == "sentences"
        while not self.complete and (found := self._next()) is not None:
            yield found

    def _next(self) -> Claim | None:
        """Return the next claim if it has come whole; note the end of the list."""
        at = _BETWEEN.match(self._text, self._at or 0).end()  # type: ignore[union-attr]  # it matches nothing, too
        if self._text.startswith("]", at):
            self.complete = True
        if self.complete or at >= len(self._text):
            return None
        if self._text[at] != "{":
            raise ModelFailedError(Fault.FORM)
        try:
            value, self._at = json.JSONDecoder().raw_decode(self._text, at)
        except (json.JSONDecodeError, RecursionError):
            return None  # not whole yet; one that never will be leaves the reply incomplete
        return self._claim(value)

    def _claim(self, value: object) -> Claim:
        try:
            claim = Claim.model_validate(value)
        except ValidationError as error:
            raise ModelFailedError(Fault.FORM) from error
        return claim if self._old_form else claim.model_copy(update={"spans": claim.spans or []})
