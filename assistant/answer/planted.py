"""Instructions to the assistant within a question: taken out of what is searched, never obeyed.

A sentence is one where it has a word of command and a word for the assistant's own rules or manner (``planted`` in
``cues.yaml``).
"""

from __future__ import annotations

import re

from assistant.answer.vocabulary import cues
from assistant.law.cues import CueGroups, folded
from assistant.search.tokens import normalise

_PIECE = re.compile(r"[^.!?。!?\n:：]+[.!?。!?\n:：]*|[.!?。!?\n:：]+")


def without_instructions(text: str) -> str:
    """Return a question without the sentences that instruct the assistant; all of it where there is none."""
    pieces = _PIECE.findall(text)
    kept = [piece for piece in pieces if not is_instruction(piece)]
    return text if len(kept) == len(pieces) else "".join(kept).strip()


def is_instruction(piece: str) -> bool:
    """Tell whether a sentence instructs the assistant instead of asking."""
    plain = folded(normalise(piece))
    return any(CueGroups.model_validate(one).strength(plain) for one in cues("planted")["kinds"])
