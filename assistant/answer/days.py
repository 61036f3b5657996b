"""The day a question is asked about, told from days it only mentions.

"As of" always asks. "On" and "in" ask unless what stands before them makes the day a fact (launched in), a condition (placed
on the market in) or the very thing asked (does it start on); 「に」「では」 unless what follows does. "By", "from" and a mere
year ask only where they begin the sentence or come after "what", 「から」「以降」 only before a word that asks: else they tell
what somebody believes.
A question with two such days asks about neither.
"""

from __future__ import annotations

import re
from datetime import date

from assistant.answer.vocabulary import cues
from assistant.law.cues import any_in, folded

_NAMES = "january february march april may june july august september october november december".split()
_MONTH = "|".join(rf"{name[:3]}(?:{name[3:]}|t)?\.?" if name[3:] else name for name in _NAMES)
_ENGLISH = (
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH}),? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>\d{{4}})"
    rf"|(?P<m3>{_MONTH}),? (?P<y3>\d{{4}})"
    r"|(?P<y4>\d{4}) (?P<m4>\d{2}) (?P<d4>\d{2})"
    r"|(?P<d6>\d{1,2})[/.](?P<m6>\d{1,2})[/.](?P<y6>\d{4})"
    r"|(?P<y5>20\d{2}))(?![\d/])"
)
_AS_OF = re.compile(rf"\b(?:as of|as at|as from the state of|state of the law on|law as it stands on) (?:the )?{_ENGLISH}")
_AT = re.compile(rf"\b(?P<how>on|in|by|from) (?:the )?{_ENGLISH}")
_JAPANESE = r"(?:(?P<y1>\d{4})|令和(?P<era>\d{1,2}))年(?:(?P<m1>\d{1,2})月(?:(?P<d1>\d{1,2})日)?)?"
_ANY_ENGLISH = re.compile(rf"(?<!\d){_ENGLISH}")
_ANY_JAPANESE = re.compile(_JAPANESE)
_JAPANESE_AS_OF = re.compile(_JAPANESE + r"の?(?:時点|現在|の段階|の法令)")
_JAPANESE_AT = re.compile(_JAPANESE + r"(?P<how>までに|までの|以降|以後|から|には|では|にも|に|で)(?P<rest>[^。？?]*)")
_REIWA = 2018
_FACT_AFTER = 30  # characters after a Japanese day in which a verb decides what it is
_CLAUSE = re.compile(r"[.!?;:,]\s")
_SENTENCE = re.compile(r"[.!?]\s")
_ASKS_WHAT = re.compile(r"\b(?:what|which|who|whom|how|whose)\b")
_PAST_TENSE = re.compile(r"(?:[したいえれ]た|った|んだ|ました|されて(?:い|お)|して(?:い|お)(?:る|ます))(?!ら|場合|い)")


def day_asked(plain: str) -> date | None:
    """Return the day that a normalised question is asked about; a month counts from its first day, a year too."""
    text = folded(plain)
    certain = [*_AS_OF.finditer(text), *_JAPANESE_AS_OF.finditer(text)]
    found = certain or [one for one in _AT.finditer(text) if _asks(text, one)]
    found = found or [one for one in _JAPANESE_AT.finditer(text) if _asks_in_japanese(text, one)]
    days = {_day(match) for match in found}
    return days.pop() if len(days) == 1 else None


def with_months(text: str) -> str:
    """Return a folded text and, for each day or month that it names, the month as both languages usually write it."""
    named = [match for form in (_ANY_ENGLISH, _ANY_JAPANESE) for match in form.finditer(text) if _has_month(match)]
    months = dict.fromkeys((day.year, day.month) for day in map(_day, named) if day)
    return " ".join([text, *(f"{_NAMES[month - 1]} {year} {year}年{month}月" for year, month in months)])


def _asks(text: str, match: re.Match[str]) -> bool:
    """Tell whether an English day is what is asked about, by what stands before it in its sentence."""
    before = text[: match.start()]
    clause = _CLAUSE.split(before)[-1]
    told = cues("days")
    if any_in(told["facts"]["en"], clause):
        return False
    if any_in(told["doubts"]["en"], text):
        return False
    if match["y5"] is None and match["how"] in ("on", "in"):
        return True
    opening = _SENTENCE.split(before)[-1]
    return not opening.strip() or _ASKS_WHAT.search(opening) is not None


def _asks_in_japanese(text: str, match: re.Match[str]) -> bool:
    """Tell whether a Japanese day is what is asked about, by what follows it in its sentence."""
    rest = match["rest"]
    told = cues("days")
    clause = re.split(r"[、,]", rest)[0][:_FACT_AFTER]
    if any(cue in clause for cue in told["facts"]["ja"]) or _PAST_TENSE.search(clause):
        return False
    if any(cue in text for cue in told["doubts"]["ja"]):
        return False
    if match["how"] in ("から", "以降", "以後", "までの"):
        return any(cue in rest for cue in told["asking"]["ja"]) or (match["how"] != "から" and rest.startswith("、"))
    return match["m1"] is not None or any(cue in rest for cue in told["asking"]["ja"])


def _has_month(match: re.Match[str]) -> bool:
    return any(value for name, value in match.groupdict().items() if name[0] == "m")


def _day(match: re.Match[str]) -> date | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    year = next((int(value) for name, value in parts.items() if name[0] == "y"), 0) or _REIWA + int(parts.get("era", 0))
    month = next((value for name, value in parts.items() if name[0] == "m"), "1")
    day = next((value for name, value in parts.items() if name[0] == "d"), "1")
    number = int(month) if month.isdigit() else next(n for n, name in enumerate(_NAMES, 1) if name.startswith(month[:3]))
    try:
        return date(year, number, int(day))
    except ValueError:
        return None
