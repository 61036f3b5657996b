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

# Chosen on the half "dev" of evals/datasets/descriptions.yaml (evals/suggestions.py measures). Nearness alone suggests nothing.
_MOST_WORDS = 0.67  # share of an example's words that a clause has
RELATED, _NEAR = 2.0, 3.4  # nearness asked for beside all or most words, in standard deviations over all examples
# Places stand for their side of the world, so that an example that names one speaks for all.
_EUROPE = re.compile(
    r"\b(?:European Union|EU|Europe(?:an)?|Austrian?|Belgi(?:um|an)|Bulgarian?|Croatian?|Cyprus|Czech(?:ia)?|Denmark|Danish"
    r"|Estonian?|Finland|Finnish|France|French|German(?:y)?|Gree(?:ce|k)|Hungar(?:y|ian)|Ireland|Irish|Ital(?:y|ian)|Latvian?"
    r"|Lithuanian?|Luxembourg|Malta|Netherlands|Dutch|Poland|Polish|Portug(?:al|uese)|Romanian?|Slovakian?|Slovenian?|Spain|Spanish"
    r"|Swed(?:en|ish))\b"
)
_JAPAN = re.compile(r"\b(?:Japan(?:ese)?|Tokyo|Osaka|Kyoto|Nagoya|Yokohama|Kobe|Fukuoka|Sapporo|Sendai|Hiroshima)\b")
_OUSHUU = re.compile(
    "(?<![A-Za-z])EU(?:域内|(?![A-Za-z]))|ヨーロッパ|オーストリア|ベルギー|ブルガリア|クロアチア|キプロス|チェコ|デンマーク|エストニア|フィンランド|フランス|ドイツ|ギリシャ|ハンガリー"
    "|アイルランド|イタリア|ラトビア|リトアニア|ルクセンブルク|マルタ|オランダ|ポーランド|ポルトガル|ルーマニア|スロバキア|スロベニア|スペイン|スウェーデン"
)
_NIHON = re.compile("日本国内|国内|東京|大阪|京都|名古屋|横浜|神戸|福岡|札幌|仙台|広島|北海道")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|[。！？]|\n\s*\n")
_COARSE = re.compile(r"[,;:](?=\s)|\n|[、，；：()（）「」]|\s[–—-]\s")
_FINE = re.compile(rf"[,;:]?\s(?:and|but|or|nor|so|because|while|who|which|that)\b[,:]?(?!-)|{_COARSE.pattern}")
_NOT = re.compile(r"\b(?:not(?! only)|never|cannot|neither|nor|rather than|instead of)\b|n['’]t\b", re.IGNORECASE)
_NO = re.compile(
    r"\b(?:no|without|none|nobody|nothing|except|excluding|outside|other than|forbidden|prohibited|banned)\b", re.IGNORECASE
)
_NAI = re.compile(r"ない|ません|なし|無し|なく|以外|除[くき]|禁止|禁じ|(?<![ま必は先])ず(?![れかっつみ])")
_NO_DENIAL = re.compile(
    r"(?:だけ|のみ)で(?:は)?なく|な(?:ければ|くては)(?:なら|なり|いけ)(?:ない|ません)|少な[いく]|かもしれ(?:ない|ません)|間違いな[くい]"
)
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_LISTED = re.compile(r"(?:[ただ]り|や|とか|も|は|を|[^すたい]が|付け|当て|分け|[一-鿿ァ-ヶー])$")


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


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, with "Europe" or "Japan" for the places there."""
    plain = _JAPAN.sub("Japan", _EUROPE.sub("Europe", normalise(text)))
    return frozenset(tokens(_NIHON.sub("日本", _OUSHUU.sub("欧州", plain))))


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
            reaches = False
            for i, (part, link) in enumerate(parts):  # English: a "not" reaches on, until "but" or a semicolon
                denied[i] |= reaches and not part.startswith("but ")
                reaches = denied[i] and (reaches or bool(_NOT.search(part)) or link == "or") and link not in ("but", ";")
            for i in range(len(parts) - 2, -1, -1):  # Japanese: it reaches back over a list
                denied[i] |= denied[i + 1] and bool(_LISTED.search(parts[i][0]))
            for (part, _), is_denied in zip(parts, denied, strict=True):
                if part not in seen:
                    yield Clause(part, words_of(part), denies(part), is_denied)
                seen.add(part)


def _pieces(text: str, cut: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield each non-empty piece of a text with what follows it."""
    start = 0
    for end, after, link in [
        *((one.start(), one.end(), one[0].strip(" ,:") or one[0]) for one in cut.finditer(text)),
        (len(text), len(text), ""),
    ]:
        if piece := text[start:end].strip():
            yield piece, link
        start = after


def likeness(clause: Clause, examples: list[Example], nearness: Sequence[float]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return, for each option, the best overlap and nearness of its examples; what is denied is like denied examples only."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for example, near in zip(examples, nearness, strict=True):
        if example.denies == (clause.denies if example.denies else clause.denied):
            option = example.fact, example.value
            before = found.get(option, (0.0, near))
            overlap = _overlap(example, clause)
            found[option] = max(before[0], overlap if overlap == 1 or example.value != "none" else 0.0), max(before[1], near)
    return found


def strength(overlap: float, near: float) -> float:
    """Return how well an option matches a clause, or 0 where the match is too weak to suggest anything."""
    enough = overlap >= _MOST_WORDS and near >= (RELATED if overlap == 1 else _NEAR)
    return overlap + near / 10 if enough else 0.0


def _overlap(example: Example, clause: Clause) -> float:
    """Return the share of an example's words that a clause has; a lone word must stand there as a whole."""
    if len(example.words) == 1 or _KATAKANA.fullmatch(example.text):
        if example.text.casefold() not in clause.text.casefold():
            return 0.0
        whole = rf"(?<![a-zァ-ヶー]){re.escape(example.text)}(?:e?s)?(?![a-zァ-ヶー])"
        return float(re.search(whole, clause.text, re.IGNORECASE) is not None)
    return len(example.words & clause.words) / len(example.words) if example.words else 0.0


def unit(vectors: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Return vectors scaled to length 1."""
    matrix = np.asarray(vectors, dtype=np.float64)
    units: NDArray[np.float64] = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return units
