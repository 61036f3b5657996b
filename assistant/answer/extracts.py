"""The sentences of a summary that a question is about: a short answer says these, "more" says all.

The first sentence of a summary is its rule and always stays; beside it stand those that share most words with the question,
and where a number is asked for, those that state one.
"""

from __future__ import annotations

import re

from assistant.law.consistency import figures
from assistant.search.tokens import tokens

_ASKS_FOR_A_NUMBER = re.compile(
    r"\bhow (?:long|much|many|high|often|big|fast|quickly|soon|old)\b|\bwhen\b|\bdeadline|\bby what\b|\bwhat (?:age|date|day)\b|"
    r"何(?:日|年|月|時間|歳|人|回|%|％|か月|ヶ月)|いくら|いつ|期限|期間|金額|上限|最大|割合"
)


def fitting(said: list[str], question: str, most: int) -> list[str]:
    """Return at most ``most`` of the sentences ``said``, in their order: the first, and those that fit the question best."""
    if len(said) <= most:
        return said
    wanted = set(tokens(question))
    number = _ASKS_FOR_A_NUMBER.search(question.casefold()) is not None
    rest = sorted(range(1, len(said)), key=lambda place: (-_fit(said[place], wanted, number=number), place))
    kept = {0, *rest[: most - 1]}
    return [sentence for place, sentence in enumerate(said) if place in kept]


def _fit(sentence: str, wanted: set[str], *, number: bool) -> float:
    return len(wanted & set(tokens(sentence))) + (1.5 if number and figures(sentence) else 0.0)
