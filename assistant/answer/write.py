"""A model, if the user has one, words what was composed; what it cannot cite does not reach the reader.

The model sees the numbered entries that the composed answer cites and returns sentences that point to them. The
verifier checks them like any others; where the model fails, the composed answer stands.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import BaseModel, ValidationError

from assistant.answer.sources import Block
from assistant.types import Citation, Language, Sentence

_PROMPT = (Path(__file__).resolve().parent / "prompts" / "answer.md").read_text(encoding="utf-8")
_JSON = re.compile(r"\{.*\}", re.DOTALL)
_MARKUP = re.compile(r"[<>]|!?\[[^\]]*\]\([^)]*\)|https?://\S+")
PROMPT_HASH = hashlib.sha256(_PROMPT.encode()).hexdigest()[:12]


class ModelFailedError(Exception):
    """The model gave nothing that can be used; the message says what went wrong."""


class _Reply(BaseModel):
    sentences: list[Sentence]


def word(model: BaseChatModel, question: str, citations: list[Citation], composed: str, language: Language) -> list[Block]:
    """Return the model's sentences as one block, each citing numbers of ``citations``.

    Raises:
        ModelFailedError: no answer came, or it is not of the agreed form, or it cites nothing.
    """
    name = "Japanese" if language is Language.JA else "English"
    passages = "\n\n".join(f"[{c.n}] {c.label} – {c.heading}\n{c.summary}" for c in citations)
    request = f"Passages:\n\n{passages}\n\nFacts on application, already checked:\n\n{composed}\n\nQuestion: {question}"
    try:
        reply = model.invoke([SystemMessage(_PROMPT.format(language=name)), HumanMessage(request)])
    except Exception as error:
        raise ModelFailedError(type(error).__name__) from error
    return [Block(_sentences(reply.text, {citation.n for citation in citations}))]


def _sentences(text: str, known: set[int]) -> list[Sentence]:
    match = _JSON.search(text)
    try:
        reply = _Reply.model_validate(json.loads(match[0] if match else ""))
    except (ValueError, ValidationError) as error:
        raise ModelFailedError("its reply was not of the agreed form") from error
    kept = [one for one in reply.sentences if one.citations and set(one.citations) <= known and not _MARKUP.search(one.text)]
    if not kept:
        raise ModelFailedError("it cited nothing that it was shown")
    return kept
