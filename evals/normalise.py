"""One form for statements of either language: dates, amounts and terms that mean the same read the same.

``2 December 2027`` and ``2027年12月2日`` become ``<2027-12-02>``; ``EUR 35 million``, ``€35,000,000`` and
``3,500万ユーロ`` hold ``<35000000>``; ``six months`` and ``6 months`` hold ``<6> months``. Written for the harness
alone: what measures the product does not share the product's own reading of figures.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from assistant.law.numerals import kanji_value

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" if len(name) > 3 else name for name in _MONTHS)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH}),? (\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_JAPANESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ERA = re.compile(r"(令和|平成|昭和)(\d+|元)年")
_ERA_START = {"令和": 2018, "平成": 1988, "昭和": 1925}
_WORDS = {name: n for n, name in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)}
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b")
_SCALE = {"million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12}
_KANJI_SCALE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_NUMBER = re.compile(r"(?<![a-z0-9<-])(\d[\d,]*(?:\.\d+)?)(?: ?(million|billion|trillion|bn|m)\b)?")
_KANJI_NUMBER = re.compile(r"(?:\d[\d,]*(?:\.\d+)?[万億兆])+(?:\d[\d,]*)?")
_KANJI_PART = re.compile(r"(\d[\d,]*(?:\.\d+)?)([万億兆]?)")
_KANJI_COUNTED = re.compile(r"[〇一二三四五六七八九十百千]+(?=[万億円日倍件]|か月|時間|分の|パーセント|%)")
_DATE_FORM = re.compile(r"<(\d{4}-\d{2}-\d{2})>")
_JAPANESE_CHARACTER = r"\u3000-\u30ff\u3400-\u9fff"
_GAP = re.compile(rf"(?<=[{_JAPANESE_CHARACTER}>]) +(?=[{_JAPANESE_CHARACTER}<])")
_MONTHS_LONG = ("ヶ月", "カ月", "ケ月", "箇月")
_PER_CENT = ("パーセント", " per cent", " percent", " %")
_SPELLINGS = dict.fromkeys(_MONTHS_LONG, "か月") | dict.fromkeys(_PER_CENT, "%")


@lru_cache(maxsize=1 << 16)
def canonical(text: str) -> str:
    """Return ``text`` in the form in which statements are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("**", "")
    plain = re.sub(r"\s+", " ", plain)
    for spelling, usual in _SPELLINGS.items():
        plain = plain.replace(spelling, usual)
    plain = _KANJI_COUNTED.sub(lambda m: str(kanji_value(m[0])), plain)
    plain = _ERA.sub(lambda m: f"{_ERA_START[m[1]] + (1 if m[2] == '元' else int(m[2]))}年", plain)
    plain = _ISO.sub(lambda m: _form(m[1], m[2], m[3], m[0]), plain)
    plain = _DAY_FIRST.sub(lambda m: _form(m[3], _month(m[2]), m[1], m[0]), plain)
    plain = _MONTH_FIRST.sub(lambda m: _form(m[3], _month(m[1]), m[2], m[0]), plain)
    plain = _JAPANESE.sub(lambda m: _form(m[1], m[2], m[3], m[0]), plain)
    plain = _KANJI_NUMBER.sub(lambda m: f"<{_kanji_amount(m[0])}>", plain)
    plain = _WORD.sub(lambda m: f"<{_WORDS[m[1]]}>", plain)
    plain = _NUMBER.sub(lambda m: f"<{_amount(m[1], _SCALE.get(m[2], 1))}>", plain)
    return _GAP.sub("", plain).strip()


def dates(text: str) -> set[date]:
    """Return every full date in ``text``."""
    return {date.fromisoformat(found) for found in _DATE_FORM.findall(canonical(text))}


def states(text: str, statement: str) -> bool:
    """Tell whether ``text`` holds a statement: every part of it, parts being joined by `` & ``."""
    whole = canonical(text)
    return all(_within(canonical(part), whole) for part in statement.split(" & "))


def _within(part: str, whole: str) -> bool:
    """A Latin term counts from the beginning of a word; its end is open, so that a plural is found."""
    start = r"(?<![a-z0-9])" if part[:1].isascii() and part[:1].isalnum() else ""
    return re.search(start + re.escape(part), whole) is not None


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.rstrip(".")[:3]))


def _form(year: str, month: str | int, day: str, found: str) -> str:
    """Return the form of a day, or what stood there where no such day exists."""
    try:
        return f"<{date(int(year), int(month), int(day)).isoformat()}>"
    except ValueError:
        return found


def _amount(number: str, scale: int) -> str:
    value = float(number.replace(",", "").rstrip(".")) * scale
    return str(int(value)) if value == int(value) else str(value)


def _kanji_amount(text: str) -> str:
    total = sum(float(n.replace(",", "")) * _KANJI_SCALE.get(scale, 1) for n, scale in _KANJI_PART.findall(text))
    return str(int(total)) if total == int(total) else str(total)
