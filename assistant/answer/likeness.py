"""Clauses of a description in English or Japanese: which of them are denied, and how like the examples of an option they are.

It errs towards denial: a suggestion that is missing does no harm, one drawn from a "not" does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.search.tokens import normalise, tokens

# Chosen on the half "dev" of tests/cases/descriptions.yaml: see evals/suggestions.py. Nearness alone suggests nothing.
_MOST_WORDS = 0.6  # share of an example's words
RELATED, _NEAR = 2.2, 3.1  # nearness asked for beside all or most words, in standard deviations over all examples
_LONE_WORD = re.compile(r"[A-Za-z]+|[ァ-ヶー]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]|\n\s*\n")
_COARSE = re.compile(r"[,;:](?=\s)|\n|[、，；：()（）「」]|\s[–—-]\s")
_FINE = re.compile(rf"{_COARSE.pattern}|\s(?:and|but|or|nor|so|because|while|who|which|that)\s")
_NOT = re.compile(r"\b(?:not(?! only)|never|cannot|neither|nor|rather than|instead of)\b|n['’]t\b", re.IGNORECASE)
_NO = re.compile(r"\b(?:no|without|none|nobody|nothing|except|excluding|outside|other than)\b", re.IGNORECASE)
_NAI = re.compile(r"ない|ません|なし|無し|なく|以外|除[くき]|(?<![まい必わは先])ず(?:に|$)")
_NO_DENIAL = re.compile(r"(?:だけ|のみ)で(?:は)?なく|なければな|なくては|少な[いく]|かもしれ(?:ない|ません)|間違いな[くい]")
_LISTED = re.compile(r"(?:[ただ]り|や|とか|も|は|を|[^すたい]が|[一-鿿ァ-ヶー])$")


class Clause(NamedTuple):
    """A clause as it stands in the text; ``denies``: it says no itself, ``denied``: it, or what it hangs on, does."""

    text: str
    words: frozenset[str]
    denies: bool
    denied: bool


class Example(NamedTuple):
    """Words in which people describe a system to which an option applies; ``denies`` as in a clause."""

    fact: str
    value: str
    text: str
    words: frozenset[str]
    denies: bool


def denies(text: str) -> bool:
    """Tell whether a text says no, in either language."""
    plain = normalise(text)
    return bool(_NOT.search(plain) or _NO.search(plain) or _NAI.search(_NO_DENIAL.sub("", plain)))


def clauses(text: str) -> Iterator[Clause]:
    """Yield clauses as they stand, whole and split at conjunctions, each with what it or its neighbours deny."""
    seen = set()
    for sentence, _ in _pieces(text, _SENTENCE_END):
        for cut in (_FINE, _COARSE):
            parts = list(_pieces(sentence, cut))
            denied = [denies(part) for part, _ in parts]
            for i, (part, link) in enumerate(parts[:-1]):  # English: a "not" reaches on, until "but" or a semicolon
                reaches = _NOT.search(part) or (denied[i] and link == "or")
                denied[i + 1] |= denied[i] and bool(reaches) and link not in ("but", ";")
            for i in range(len(parts) - 2, -1, -1):  # Japanese: it reaches back over a list
                denied[i] |= denied[i + 1] and bool(_LISTED.search(parts[i][0]))
            for (part, _), is_denied in zip(parts, denied, strict=True):
                if part not in seen:
                    yield Clause(part, frozenset(tokens(part)), denies(part), is_denied)
                seen.add(part)


def _pieces(text: str, cut: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield each non-empty piece of a text with what follows it."""
    start = 0
    for end, after, link in [
        *((one.start(), one.end(), one[0].strip()) for one in cut.finditer(text)),
        (len(text), len(text), ""),
    ]:
        if piece := text[start:end].strip():
            yield piece, link.casefold()
        start = after


def likeness(clause: Clause, examples: list[Example], nearness: Sequence[float]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return, for each option, the best overlap and nearness of its examples; what is denied is like denied examples only."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for example, near in zip(examples, nearness, strict=True):
        if example.denies == (clause.denies if example.denies else clause.denied):
            option = example.fact, example.value
            before = found.get(option, (0.0, near))
            found[option] = max(before[0], _overlap(example, clause)), max(before[1], near)
    return found


def strength(overlap: float, near: float) -> float:
    """Return how well an option matches a clause, or 0 where the match is too weak to suggest anything."""
    enough = overlap >= _MOST_WORDS and near >= (RELATED if overlap == 1 else _NEAR)
    return overlap + near / 10 if enough else 0.0


def _overlap(example: Example, clause: Clause) -> float:
    """Return the share of an example's words that a clause has; a lone word must stand there as a whole."""
    if _LONE_WORD.fullmatch(example.text):
        whole = rf"(?<![a-zァ-ヶー]){re.escape(example.text)}(?:e?s)?(?![a-zァ-ヶー])"
        return float(re.search(whole, clause.text, re.IGNORECASE) is not None)
    return len(example.words & clause.words) / len(example.words) if example.words else 0.0


def unit(vectors: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Return vectors scaled to length 1."""
    matrix = np.asarray(vectors, dtype=np.float64)
    units: NDArray[np.float64] = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return units
