"""Replies of models, recorded once and replayed: what a model made of our own summaries, without a model at hand.

A reply belongs to a case and a speaker (the model, and how it was asked). Where the prompt has changed since, the reply is
still replayed and counted as stale: the product's checks see it as they would see a model that is behind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from assistant.types import AssistantError
from evals.cases import DATASETS, CaseId, Shape, Words, read_shapes

REPLIES = DATASETS / "replies.jsonl"
PREFIX = "recorded:"


class Reply(Shape):
    """One reply: to which case, by whom, to which prompt (as a hash), and what it said."""

    case: CaseId
    speaker: Words
    prompt: Words
    recorded_on: date
    reply: Words


class Message(Protocol):
    """A message of a chat."""

    content: Any


@dataclass(frozen=True)
class Said:
    """What a model said."""

    text: str


@dataclass
class Replayer:
    """Stands where a chat model stands, and says what was recorded for the case that is being asked."""

    replies: dict[str, Reply]
    case: str = ""
    stale: set[str] = field(default_factory=set)

    def invoke(self, messages: Sequence[Message]) -> Said:
        """Return the reply of the case.

        Raises:
            LookupError: none was recorded for it.
        """
        reply = self.replies[self.case]
        if prompt_of(messages) != reply.prompt:
            self.stale.add(self.case)
        return Said(reply.reply)

    def stream(self, messages: Sequence[Message]) -> Iterator[Said]:
        """Say the reply of the case in one piece."""
        yield self.invoke(messages)


@dataclass
class Recorder:
    """Passes prompts on to a model and keeps what it says."""

    model: Any
    speaker: str
    case: str = ""
    kept: list[Reply] = field(default_factory=list)

    def invoke(self, messages: Sequence[Message]) -> Said:
        """Ask the model and keep its reply under the case."""
        text = str(self.model.invoke(messages).text)
        reply = Reply(
            case=self.case, speaker=self.speaker, prompt=prompt_of(messages), recorded_on=date.today(), reply=text or "(nothing)"
        )
        self.kept.append(reply)
        return Said(text)

    def stream(self, messages: Sequence[Message]) -> Iterator[Said]:
        """Ask the model and say its reply in one piece."""
        yield self.invoke(messages)


Voice = Replayer | Recorder


def prompt_of(messages: Sequence[Message]) -> str:
    """Return the hash of what a model is sent."""
    return hashlib.sha256("\n\n".join(str(one.content) for one in messages).encode()).hexdigest()[:16]


def replayer(speaker: str, path: Path = REPLIES) -> Replayer:
    """Return a replayer of one speaker's replies.

    Raises:
        AssistantError: nothing was recorded of that speaker, or a line does not fit.
    """
    replies = [reply for _, reply in read_shapes(path, Reply)]
    found = {reply.case: reply for reply in replies if reply.speaker == speaker}
    if not found:
        speakers = ", ".join(sorted({reply.speaker for reply in replies}))
        raise AssistantError(f"Nothing was recorded of '{speaker}'. There is: {speakers}.")
    return Replayer(found)


def write_replies(replies: Sequence[Reply], path: Path = REPLIES) -> None:
    """Add replies to the file; of the same case and speaker the new one stays."""
    kept = {(one.case, one.speaker): one for _, one in read_shapes(path, Reply)} if path.is_file() else {}
    kept |= {(one.case, one.speaker): one for one in replies}
    lines = [json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in kept.values()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
