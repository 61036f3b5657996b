"""When duties start, as a picture: one bar a day, the EU and Japan told apart, today marked. Drawn by Typst."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Literal

from assistant.law.knowledge import Knowledge
from assistant.law.results import Assessment, DutyResult
from assistant.law.words import word, written
from assistant.types import Language

_WIDEST = 9.0  # cm of the longest bar
_EU, _JAPAN = "243a8f", "b3262e"
_HEAD = """#set page(width: 17cm, height: auto, margin: 2mm)
#set text(font: "Noto Sans CJK JP", size: 8pt, lang: "{language}")
"""


@dataclass(frozen=True)
class Mark:
    """The duties that start on one day, split by side (EU, Japan and both together)."""

    day: date
    duties: list[DutyResult]
    eu: int
    older: bool

    def label(self, language: Language) -> str:
        """Return the day as people write it; rules of which only our knowledge begins on it are older."""
        day = written(self.day, language)
        return word("day_or_earlier", language, day=day) if self.older else day

    @property
    def japan(self) -> int:
        """How many are not of the EU alone."""
        return len(self.duties) - self.eu


def marks(knowledge: Knowledge, one: Assessment) -> list[Mark]:
    """Return the days on which owed duties start, in order."""
    days: dict[tuple[date, bool], list[DutyResult]] = {}
    for duty in one.duties("owed"):
        if duty.applies_from:
            days.setdefault((duty.applies_from, duty.older), []).append(duty)

    def of_eu(duties: list[DutyResult]) -> int:
        return sum(knowledge.document_of(duty.provision).jurisdiction == "eu" for duty in duties)

    return [Mark(day, duties, of_eu(duties), older) for (day, older), duties in sorted(days.items(), key=itemgetter(0))]


def drawing(knowledge: Knowledge, one: Assessment) -> str:
    """Return the picture as Typst content; nothing where no duty has a day."""
    found = marks(knowledge, one)
    if not found:
        return ""
    unit = _WIDEST / max(len(mark.duties) for mark in found)
    rows = []
    for place, mark in enumerate(found):
        if mark.day > one.day and (place == 0 or found[place - 1].day <= one.day):
            rows.append(_today(one))
        rows.append(_row(mark, unit, one))
    if found[-1].day <= one.day:
        rows.append(_today(one))
    eu, japan = (word(key, one.language) for key in ("eu", "japan"))
    legend = f'#text(fill: rgb("{_EU}"))[■ {eu}] #h(1em) #text(fill: rgb("{_JAPAN}"))[■ {japan}]'
    grid = f"#grid(columns: (3.6cm, {_WIDEST + 0.2}cm, 1fr), row-gutter: 5pt, align: horizon, {', '.join(rows)})"
    return f"{legend}\n\n{grid}"


def picture(knowledge: Knowledge, one: Assessment, form: Literal["png", "svg"]) -> bytes | None:
    """Return the picture as a file's content; nothing where there is nothing to draw or Typst is missing."""
    from assistant.law.report import typesetting

    source = drawing(knowledge, one)
    if not source or not typesetting.available():
        return None
    return typesetting.compiled(_HEAD.format(language=one.language.value) + source, form)


def _row(mark: Mark, unit: float, one: Assessment) -> str:
    bars = "".join(
        f'#box(rect(width: {number * unit:.2f}cm, height: 9pt, fill: rgb("{color}")))'
        for number, color in ((mark.eu, _EU), (mark.japan, _JAPAN))
        if number
    )
    return f"[{mark.label(one.language)}], [{bars}], [{len(mark.duties)}]"


def _today(one: Assessment) -> str:
    told = f"{word('today', one.language)}（{written(one.day, one.language)}）"
    told = told if one.language.value == "ja" else f"{word('today', one.language)} ({written(one.day, one.language)})"
    return f"grid.cell(colspan: 3)[#line(length: 100%, stroke: 0.8pt + luma(90)) #v(-6pt) #text(size: 7pt)[{told}]]"
