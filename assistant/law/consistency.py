"""Do the two languages of a text state the same figures?

Numbers and dates are normalised (``2 December 2027`` and ``2027年12月2日``, ``EUR 35 million`` and
``3,500万ユーロ``, ``(iv)`` and ``第4号``) and compared as sets; a figure that stands in one language only is a defect.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pydantic import BaseModel

from assistant.law.schema import Text

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SCALES = {"million": 10**6, "billion": 10**9, "trillion": 10**12, "万": 10**4, "億": 10**8, "兆": 10**12}
_MONTH_DATE = re.compile(rf"\b(\d{{1,2}})?\s*({'|'.join(_MONTHS)})\s+(\d{{4}})\b")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA_YEAR = re.compile(r"(令和|平成|昭和)(\d+)年")
_ITEM = re.compile(r"\(([ivx]+)\)")
_POWER = re.compile(r"10\s*\^\s*\(?(\d+)\)?")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(million|billion|trillion|万|億|兆)?(?:(\d[\d,]*)\s*(万))?")


def figures(text: str) -> set[float]:
    """Return every number in ``text`` as a plain value; a date counts as its day, month and year."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: set[float] = set()

    def take_date(match: re.Match[str]) -> str:
        day, month, year = match.groups()
        found.update({float(_MONTHS.index(month) + 1), float(year)} | ({float(day)} if day else set()))
        return " "

    def take_power(match: re.Match[str]) -> str:
        found.add(10.0 ** int(match[1]))
        return " "

    plain = _ITEM.sub(lambda match: f" {_roman_value(match[1])} ", plain)
    plain = _ERA_YEAR.sub(lambda match: f"{_ERAS[match[1]] + int(match[2])}年", plain)
    plain = _POWER.sub(take_power, _MONTH_DATE.sub(take_date, plain))
    for number, scale, extra, extra_scale in _NUMBER.findall(plain):
        value = float(number.replace(",", "").rstrip(".")) * _SCALES.get(scale, 1)
        found.add(value + (float(extra.replace(",", "")) * _SCALES[extra_scale] if extra else 0))
    return found


def _roman_value(letters: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in letters]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def disagreements(entry: BaseModel) -> Iterator[tuple[str, set[float]]]:
    """Yield (key path, figures that stand in one language only) for every bilingual text of an entry."""
    for path, text in _texts(entry, ""):
        if odd := figures(text.en) ^ figures(text.ja):
            yield path, odd


def _texts(value: object, path: str) -> Iterator[tuple[str, Text]]:
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), f"{path}.{name}".strip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}.{index}")
