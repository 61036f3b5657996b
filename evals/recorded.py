"""Replies of models, recorded once and replayed: what a model made of our own summaries, without a model at hand.

A reply belongs to a case and a speaker (the model, and how it was asked). In the file it names passages by provision, so that it
outlives their numbering; where one is not shown any more, the claim is replayed with a number that no passage has. Where the
prompt has changed since, the reply is still replayed and counted as stale: the checks see it as a model that is behind.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from pydantic import Field, model_validator

from assistant.answer.write import passage_name
from assistant.law.knowledge import Knowledge
from assistant.types import AssistantError, Language
from evals.cases import DATASETS, CaseId, Shape, Words, read_shapes

REPLIES = DATASETS / "replies.jsonl"
PREFIX = "recorded:"
_NO_PASSAGE = 0  # prompts count from 1
_CITED = re.compile(r'(?P<key>"passages"\s*:\s*)\[(?P<list>[^\]]*)\]')
_ONE = re.compile(r'"(?P<name>[^"]*)"|(?P<number>-?\d+)')


class Wrong(StrEnum):
    """What a writer made wrong in a claim on purpose; the last three are more than the checks of claims promise to see."""

    DATE = "date"
    FIGURE = "figure"
    PROVISION = "provision"
    FORCE = "force"
    NEGATION = "negation"
    PASSAGE = "passage"
    SPAN = "span"
    PARTY = "party"
    LANGUAGE = "language"
    MARKUP = "markup"
    PLANTED = "planted"
    CONDITION = "condition"
    MIXED_UP = "mixed_up"
    ADDED = "added"


NOT_PROMISED = frozenset({Wrong.CONDITION, Wrong.MIXED_UP, Wrong.ADDED})


class Reply(Shape):
    """One reply: to which case, by whom, to which prompt (as a hash), and what it said, with passages named by provision.

    ``wrong`` names by its text each claim that was written wrong on purpose; nothing is known of other claims.
    """

    case: CaseId
    speaker: Words
    prompt: Words
    recorded_on: date
    reply: Words
    wrong: dict[Words, Wrong] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for cited in _CITED.finditer(self.reply):
            if any(one["number"] for one in _ONE.finditer(cited["list"])):
                raise ValueError(f"reply: passages are named by provision, not by number: [{cited['list']}]")
        if strange := [text for text in self.wrong if json.dumps(text, ensure_ascii=False) not in self.reply]:
            raise ValueError(f"wrong: the reply does not say '{strange[0]}'")
        return self


class Message(Protocol):
    """A message of a chat."""

    content: Any


@dataclass(frozen=True)
class Said:
    """What a model said."""

    text: str


@dataclass
class Replayer:
    """Stands where a chat model stands, and says what was recorded for the case that is being asked.

    ``provisions`` tells which provision stands behind the name of a passage.
    """

    replies: dict[str, Reply]
    case: str = ""
    provisions: Mapping[str, str] = field(default_factory=dict)
    stale: set[str] = field(default_factory=set)

    def invoke(self, messages: Sequence[Message]) -> Said:
        """Return the reply of the case, with the numbers that its passages have in these messages.

        Raises:
            LookupError: none was recorded for it.
        """
        reply = self.replies[self.case]
        if prompt_of(messages) != reply.prompt:
            self.stale.add(self.case)
        numbers = {provision: number for number, provision in _shown(messages, self.provisions).items()}
        return Said(_recited(reply.reply, lambda one: str(numbers.get(one["name"], _NO_PASSAGE))))

    def stream(self, messages: Sequence[Message]) -> Iterator[Said]:
        """Say the reply of the case in one piece."""
        yield self.invoke(messages)


@dataclass
class Recorder:
    """Passes prompts on to a model and keeps what it says; ``provisions`` as for the replayer."""

    model: Any
    speaker: str
    case: str = ""
    provisions: Mapping[str, str] = field(default_factory=dict)
    kept: list[Reply] = field(default_factory=list)

    def invoke(self, messages: Sequence[Message]) -> Said:
        """Ask the model and keep its reply under the case; a number that no passage has is kept as "no passage"."""
        text = str(self.model.invoke(messages).text)
        shown = _shown(messages, self.provisions)
        lasting = _recited(text, lambda one: json.dumps(shown.get(int(one["number"] or _NO_PASSAGE), "no passage")))
        reply = Reply(
            case=self.case,
            speaker=self.speaker,
            prompt=prompt_of(messages),
            recorded_on=date.today(),
            reply=lasting or "(nothing)",
        )
        self.kept.append(reply)
        return Said(text)

    def stream(self, messages: Sequence[Message]) -> Iterator[Said]:
        """Ask the model and say its reply in one piece."""
        yield self.invoke(messages)


Voice = Replayer | Recorder


def provisions_by_name(knowledge: Knowledge) -> dict[str, str]:
    """Return the provision behind each name that a passage can have in a prompt, in either language."""
    return {
        passage_name(knowledge.label(one.id, language), one.heading.in_language(language)): one.id
        for one in knowledge.provisions.values()
        for language in Language
    }


def _shown(messages: Sequence[Message], provisions: Mapping[str, str]) -> dict[int, str]:
    """Return the provision under each number of a prompt."""
    passages = json.loads(str(messages[-1].content))["passages"]
    return {one["number"]: provisions[one["name"]] for one in passages}


def _recited(reply: str, other: Callable[[re.Match[str]], str]) -> str:
    """Return a reply with each passage that its claims name put otherwise; the rest of it stays letter by letter."""
    return _CITED.sub(lambda cited: f"{cited['key']}[{_ONE.sub(other, cited['list'])}]", reply)


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
    lines = [json.dumps(one.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) for one in kept.values()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
