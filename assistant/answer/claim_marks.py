"""What can be read off a sentence without understanding it: figures with units, days, provisions, markup, language.

Small pure functions for both languages. A claim whose marks are not those of its passage is not carried by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from assistant.law.consistency import figures
from assistant.search.tokens import language_of, normalise
from assistant.types import Language

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(_MONTHS)
_DATES = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH}),?\s+(?P<y>\d{{4}})\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\s+(?P<y>\d{{4}})\b"),
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"(?P<e>令和|平成|昭和)?(?P<y>\d{1,4})年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?"),
)
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_WORDS)})(?=[ -](?:hour|working day|day|week|month|year|million|per ?cent))")
_UNITS = {
    "hour": r"[ -]?hours?|時間", "day": r"[ -]?(?:calendar |working |business )?days?|(?:営業)?日(?:間|以内|後|前)?",
    "week": r"[ -]?weeks?|週間", "month": r"[ -]?months?|[かヶカケ箇]月", "year": r"[ -]?years?|年(?:間|以|を|に|後|前)",
    "percent": r" ?%| ?per ?cent|パーセント", "euro": r" ?(?:euros?|eur)\b|ユーロ", "yen": r" ?(?:yen|jpy)\b|円",
}  # fmt: skip
_SCALES = {"million": 1e6, "billion": 1e9, "m": 1e6, "bn": 1e9, "万": 1e4, "億": 1e8, "兆": 1e12}
_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?) ?(?P<scale>million|billion|m\b|bn\b|[万億兆])?"
_QUANTITY = re.compile(_NUMBER + "(?:" + "|".join(f"(?P<{name}>{unit})" for name, unit in _UNITS.items()) + ")")
_MONEY_FIRST = re.compile(r"(?:(?P<euro>€|\beur)|(?P<yen>¥|\bjpy)) ?" + _NUMBER)
_SHORT_MILLIONS = re.compile(r"(?<=\d)(m|bn)\b")
_PROVISIONS = (
    (re.compile(r"\bart(?:icle)?s?\.? ?(\d+(?:-\d+)?[a-z]{0,2})((?: ?\([0-9a-z]{1,5}\))*)"), "article"),
    (re.compile(r"第?(\d+条(?:の\d+)*)((?:第?\d+項)?(?:第?\d+号)?)"), "article"),
    (
        re.compile(
            r"(?:\bannex|附属書) ?([ivx]+|\d+)\b((?:,? ?(?:point|第) ?\(?[0-9a-z]{1,3}\)?号?)?(?: ?\([0-9a-z]{1,3}\))*)", re.ASCII
        ),
        "annex",
    ),
    (re.compile(r"(?:\brecitals?|前文)[ 第]*\(?(\d+)()"), "recital"),
)
_PART = re.compile(r"\d+[a-z]*|(?<![a-z])(?!point)[a-z]{1,5}(?![a-z])")

_MARKUP = re.compile(r"[<>\[\]`|\\{}@]|!\[|https?:|www\.|javascript:|data:", re.IGNORECASE)
_ENGLISH = frozenset(
    "the a an of to in for and or is are be must may not by on with from it that this under within as at who if they you".split()
)
_KANA = re.compile(r"[\u3041-\u30ff]")
_LETTER_RUNS = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Return a text as spans are compared: NFKC, one kind of quote and dash, single spaces, no soft hyphens."""
    text = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    text = re.sub("[\u2018\u2019\u201a\u201b\u2032]", "'", re.sub("[\u201c\u201d\u201e\u2033]", '"', text))
    return re.sub(r"\s+", " ", re.sub("[\u2010-\u2015\u2212]", "-", text)).strip()


def has_markup(text: str) -> bool:
    """Tell whether a text could become a link, an image, an element, or hide something from the reader."""
    hidden = any(unicodedata.category(char) in ("Cf", "Cc", "Co") and char != "\n" for char in text)
    return hidden or _MARKUP.search(unicodedata.normalize("NFKC", text)) is not None


def in_language(text: str, language: Language) -> bool:
    """Tell whether a sentence is written in a language, by its script and its small words."""
    if language is Language.JA:
        return language_of(text) is Language.JA and _KANA.search(text) is not None
    words = _LETTER_RUNS.findall(text.casefold())
    latin = sum(word.isascii() for word in words)
    small = sum(word in _ENGLISH for word in words)
    return language_of(text) is Language.EN and latin * 2 > len(words) and (small > 0 or len(words) < 5)


def days(text: str) -> set[tuple[int, int, int]]:
    """Return the days a text states as year, month and day; the day is 0 where only a month is told."""
    rest = normalise(text).casefold()
    found = set()
    for pattern in _DATES:
        found |= {_day(match) for match in pattern.finditer(rest)}
        rest = pattern.sub(" ", rest)
    return found


def _day(match: re.Match[str]) -> tuple[int, int, int]:
    part = match.groupdict()
    month = int(part["m"]) if part["m"].isdigit() else _MONTHS.index(part["m"]) + 1
    return int(part["y"]) + _ERAS.get(part.get("e") or "", 0), month, int(part.get("d") or 0)


def states_day(day: tuple[int, int, int], stated: set[tuple[int, int, int]]) -> bool:
    """Tell whether a day, or the month of one, is among those stated."""
    return day in stated or (day[2] == 0 and any(day[:2] == other[:2] for other in stated))


def quantities(text: str) -> set[tuple[float, str]]:
    """Return the numbers of a text that have a unit, with it: 6 months are not 6 years."""
    low = normalise(text).casefold()
    for pattern in _DATES:
        low = pattern.sub(" ", low)
    low = _NUMBER_WORD.sub(lambda match: str(_WORDS.index(match[1]) + 1), low)
    matches = [*_QUANTITY.finditer(low), *_MONEY_FIRST.finditer(low)]
    return {(_value(match), next(unit for unit in _UNITS if match.groupdict().get(unit))) for match in matches}


def _value(match: re.Match[str]) -> float:
    return float(match["number"].replace(",", "").rstrip(".")) * _SCALES.get(match["scale"] or "", 1.0)


def numbers(text: str) -> set[float]:
    """Return every number of a text, "20m" as 20 million."""
    return figures(_SHORT_MILLIONS.sub(lambda match: " million" if match[1] == "m" else " billion", text))


def provisions(text: str) -> set[tuple[str, ...]]:
    """Return the provisions a text names, each as its kind, number and parts: ("article", "26", "5")."""
    low = normalise(text).casefold()
    return {(kind, match[1], *_PART.findall(match[2] or "")) for pattern, kind in _PROVISIONS for match in pattern.finditer(low)}


def parties(text: str, names: Iterable[str]) -> set[str]:
    """Return which of these parties a text names: "provider of a general-purpose AI model" is no "provider"."""
    low = normalise(text).casefold()
    found = {name for name in map(_folded, names) if _party(name).search(low)}
    return {name for name in found if not any(name != other and name in other for other in found)}


def _folded(name: str) -> str:
    return normalise(name).casefold()


@cache
def _party(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(name)}s?\b" if name.isascii() else re.escape(name))


def names_provision(name: tuple[str, ...], named: set[tuple[str, ...]]) -> bool:
    """Tell whether a provision, or a part of it, is among those named."""
    return any(other[: len(name)] == name for other in named)
