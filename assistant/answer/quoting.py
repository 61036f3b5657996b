"""What of a passage is quoted: all of it where it is short, else its run of sentences that says most of what is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log

from assistant.search.tokens import tokens

WHOLE = 600  # characters up to which a passage is quoted whole; a clause rarely has more
_SENTENCE = re.compile(r"(?<=[.!?。])(?!\d)\s*|\n")  # not within a number such as 9.1


def fitting(passage: str, question: str, others: Iterable[str] = ()) -> str:
    """Return what is quoted of a passage: word for word, cut only where one sentence alone is too long.

    A word of the question counts the more, the fewer of ``others``, the passages of the same document, have it.
    """
    if len(passage) <= WHOLE:
        return passage
    spans = [(found[0], found[1]) for found in _sentences(passage)]
    texts = [*others]
    having = Counter(word for text in texts for word in set(tokens(text)))
    weights = {word: log(1 + (1 + len(texts)) / (1 + having[word])) for word in set(tokens(question))}
    words = [set(tokens(passage[start:end])) & weights.keys() for start, end in spans]
    first, last = _best_run(spans, words, weights)
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= WHOLE:
        last += 1
    quote = passage[spans[first][0] : spans[last][1]]
    return quote if len(quote) <= WHOLE else quote[:WHOLE].rstrip() + " …"


def _sentences(passage: str) -> Iterable[tuple[int, int]]:
    """Yield where each sentence begins and ends."""
    start = 0
    for cut in [*_SENTENCE.finditer(passage), None]:
        end = cut.start() if cut else len(passage)
        if passage[start:end].strip():
            yield start, end
        start = cut.end() if cut else end


def _best_run(spans: list[tuple[int, int]], words: list[set[str]], weights: dict[str, float]) -> tuple[int, int]:
    """Return first and last of the sentences that weigh most together within the length; the shortest of equals."""
    best, chosen = (-1.0, 0), (0, 0)
    for first in range(len(spans)):
        shared: set[str] = set()
        for last in range(first, len(spans)):
            length = spans[last][1] - spans[first][0]
            if length > WHOLE and last > first:
                break
            shared |= words[last]
            rank = (sum(weights[word] for word in sorted(shared)), -length)
            if rank > best:
                best, chosen = rank, (first, last)
    return chosen
