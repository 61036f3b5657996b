"""The words of reports in both languages, from ``words.yaml``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Language

_MONTHS = "January February March April May June July August September October November December".split()


@cache
def _words() -> dict[str, Any]:
    return dict(yaml.load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def word(key: str, language: Language, **values: object) -> str:
    """Return one phrase, filled in; ``group.key`` reaches into a group."""
    entry = _words()
    for part in key.split("."):
        entry = entry[part]
    return str(entry[language.value]).format(**values)


def written(day: date, language: Language) -> str:
    """Return a day as people write it."""
    if language is Language.JA:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
