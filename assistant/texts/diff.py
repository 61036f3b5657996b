"""Two wordings of one provision, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|\n|[^\s\u3040-\u30ff\u3400-\u9fff]+|[^\S\n]+")


@dataclass(frozen=True)
class Change:
    """A run of words that stayed, went or came."""

    kind: Literal["same", "deleted", "added"]
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return the runs of words that lead from ``before`` to ``after``; Japanese is compared by character."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Change("deleted", "".join(old[a:b])))
        if d > c:
            found.append(Change("added", "".join(new[c:d])))
    return found


def marked(found: list[Change]) -> str:
    """Return the changes as text: ``[-went-]`` and ``{+came+}``."""
    forms = {"same": "{}", "deleted": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(forms[change.kind].format(change.text) for change in found)
