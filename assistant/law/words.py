"""The words around an assessment in both languages, from ``words.yaml``; days and answers as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.law.derivations import Option
from assistant.law.fact import Fact
from assistant.law.rules import Value
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


def said(value: Value | None, options: Iterable[Option], language: Language) -> str:
    """Return an answer in words; no value is "I don't know", a value without an option stands as it is."""
    match value:
        case None:
            return word("unknown", language)
        case bool():
            return word(str(value).lower(), language)
        case date():
            return written(value, language)
        case float():
            return f"{value:g}"
    chosen = value if isinstance(value, frozenset) else {value}
    texts = {option.value: option.text.in_language(language) for option in options}
    found = [text for one, text in texts.items() if one in chosen]
    return word("also", language).join([*found, *sorted(chosen - set(texts))])


def named(fact: str, facts: Mapping[str, Fact], language: Language) -> str:
    """Return a fact by its label and id; the id alone where an earlier questionnaire asked for it."""
    return word("named", language, label=facts[fact].label.in_language(language), fact=fact) if fact in facts else fact
