"""An optional second opinion: does a claim follow from its passages? Off unless a second model is named for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from langchain_core.messages import HumanMessage, SystemMessage

from assistant.answer.claim_checks import Passage
from assistant.answer.listening import Limits, Model, whole
from assistant.answer.write import prompt


class Entails(Protocol):
    """What decides whether passages carry a claim."""

    def __call__(self, claim: str, passages: Sequence[Passage], limits: Limits) -> bool:
        """Tell whether the claim follows."""


@dataclass(frozen=True)
class ModelEntails:
    """A chat model that says yes or no; anything but a plain yes counts as no."""

    model: Model

    def __call__(self, claim: str, passages: Sequence[Passage], limits: Limits) -> bool:
        """Ask the model about one claim.

        Raises:
            ModelFailedError: it did not answer.
        """
        request = json.dumps({"passages": [one.text for one in passages], "claim": claim}, ensure_ascii=False)
        return (
            whole(self.model, [SystemMessage(prompt("entail")), HumanMessage(request)], limits).strip(" .\n").casefold() == "yes"
        )
