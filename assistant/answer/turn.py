"""How one question is to be answered by a model: whether at all, who hears each claim, who may stop it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.answer.sources import Block
from assistant.types import Sentence


@dataclass(frozen=True)
class Turn:
    """What the asker wishes of the model; without a model nothing of it matters.

    ``on_claim`` hears each sentence once it has passed the checks, while the model still speaks; should the model fail
    later, the composed answer takes its place. ``cancelled`` is looked at all the while: once true, the composed answer stands.
    """

    model: bool = True
    on_claim: Callable[[Sentence], None] | None = None
    cancelled: Callable[[], bool] | None = None


@dataclass
class Worded:
    """What came of asking the model: blocks in place of the composed ones where it took part, warnings, and its record.

    ``model`` is nothing where the composed answer stands; ``asked`` is nothing where no question was sent.
    """

    blocks: list[Block] | None = None
    warnings: list[str] = field(default_factory=list)
    model: dict[str, str] | None = None
    asked: dict[str, Any] | None = None

    @property
    def trace(self) -> dict[str, Any]:
        """What an answer's trace keeps of it."""
        return {"model": self.model, "model_asked": self.asked}
