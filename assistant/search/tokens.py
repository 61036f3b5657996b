"""Words for the lexical index, and the language a text is written in.

English: stop list and Snowball stems. Japanese: bigrams of characters, with 第N条 (項, 号) kept whole and
kanji numerals turned into digits, because a statute is asked for by its numbers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer
from bm25s.stopwords import STOPWORDS_EN

from assistant.law.numerals import kanji_value
from assistant.types import Language

_STOP = frozenset(STOPWORDS_EN) | frozenset(
    "what which who whom whose when where why how do does did can could should would may might must shall i we you "
    "my our your me us am have has had about any some please tell explain".split()
)
_JAPANESE_STOP = frozenset("何を 何が 何で 何か 何の 何に 何な 誰が 誰に 誰の 教え 場合 必要 下さ 思い 方法".split())
_STEMMER = Stemmer.Stemmer("english")
_JAPANESE = r"\u3005-\u3007\u3041-\u309f\u30a0-\u30ff\u3400-\u9fff"
_NUMBERED = r"第?\d+(?:条(?:の\d+)*|項|号)"
_PIECE = re.compile(rf"{_NUMBERED}|[a-z0-9]+(?:['’-][a-z0-9]+)*|(?:(?!第\d)[{_JAPANESE}])+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_ANY_JAPANESE = re.compile(f"[{_JAPANESE}]")
_LATIN_WORD = re.compile(r"[a-zA-Z]+")
_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十百千]+(?=条|項|号)|(?<=条の|号の|属書)[一二三四五六七八九十]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # the category Cc
_ONE = "\u2460"
_CIRCLED = re.compile("[\u2460-\u2473]")


def normalise(text: str) -> str:
    """Return ``text`` in NFKC, without control characters, kanji article numbers as digits, circled numbers in brackets."""
    plain = _CIRCLED.sub(lambda match: f"({ord(match[0]) - ord(_ONE) + 1})", text)
    plain = unicodedata.normalize("NFKC", plain).replace("\u00ad", "")
    plain = _CONTROL.sub(" ", plain)
    return _KANJI_NUMBER.sub(lambda match: str(kanji_value(match[0])), plain)


def language_of(text: str) -> Language:
    """Return the language of ``text``; a mixture counts by its grammar, so by particles and function words."""
    if not _ANY_JAPANESE.search(text):
        return Language.EN
    function_words = sum(word.casefold() in _STOP for word in _LATIN_WORD.findall(text))
    kana = len(_HIRAGANA.findall(text))
    return Language.EN if function_words >= 2 and kana < 4 * function_words else Language.JA


@lru_cache(maxsize=4096)
def tokens(text: str) -> list[str]:
    """Return the index terms of ``text`` in either language."""
    found: list[str] = []
    for piece in _PIECE.findall(normalise(text).casefold()):
        if piece[-1:] in "条項号" or "条の" in piece:
            found += [piece if piece[0] == "第" else f"第{piece}"] if piece.strip("第")[:1].isdigit() else _bigrams(piece)
        elif _ANY_JAPANESE.match(piece):
            found += _bigrams(piece)
        elif piece not in _STOP:
            found += _STEMMER.stemWords(piece.replace("'s", "").replace("’s", "").split("-"))
    return found


def _bigrams(run: str) -> list[str]:
    """Return the character pairs of a run; pairs of mere grammar (hiragana only) carry no meaning."""
    pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return [pair for pair in pairs if pair not in _JAPANESE_STOP and not all(_HIRAGANA.match(char) for char in pair)]
