"""What a model is shown and how it is asked: numbered passages and a question, as data, with a prompt that has a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.answer.claim_checks import Passage
from assistant.answer.sources import Block
from assistant.types import Citation, Language

_PROMPTS = Path(__file__).resolve().parent / "prompts"
_LONGEST_WORDING = 2500  # characters of official wording shown for one passage
_NAMES = {Language.EN: "English", Language.JA: "Japanese"}


def prompt(name: str) -> str:
    """Return the text of a prompt of ours."""
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8")


def prompt_hash(name: str) -> str:
    """Return the hash under which a prompt stands in traces."""
    return hashlib.sha256(prompt(name).encode()).hexdigest()[:12]


PROMPT_HASH = prompt_hash("answer")


def passage_name(label: str, heading: str) -> str:
    """Return under which name a model is shown a provision."""
    return f"{label} – {heading}"


def passages_of(citations: Sequence[Citation], composed: Sequence[Block], language: Language) -> dict[int, Passage]:
    """Return what may be said of each citation: what was composed of it, our summary, the official wording in the language.

    Everything composed was checked before. A document of the user's is never among them: those are cited after the model.
    """
    found = {}
    for citation in citations:
        told = [s.text.replace("**", "") for block in composed for s in block.sentences if citation.n in s.citations]
        official = [citation.quote[:_LONGEST_WORDING]] if citation.official and citation.quote_language == language.value else []
        statements = tuple(dict.fromkeys([citation.summary, *told, *official]))
        found[citation.n] = Passage(citation.n, passage_name(citation.label, citation.heading), statements)
    return found


def messages(question: str, passages: dict[int, Passage], language: Language) -> list[BaseMessage]:
    """Return the rules, and passages and question as one JSON object: nothing in them can end the text they stand in."""
    shown = [{"number": one.number, "name": one.name, "says": list(one.statements)} for one in passages.values()]
    request = json.dumps({"passages": shown, "question": question}, ensure_ascii=False, indent=1)
    return [SystemMessage(prompt("answer").format(language=_NAMES[language])), HumanMessage(request)]
