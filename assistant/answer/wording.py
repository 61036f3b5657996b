"""Words of the product itself: phrases, dates and sentences in either language."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.types import Answer, Language

_HERE = Path(__file__).resolve().parent
_MONTHS = "January February March April May June July August September October November December".split()
_ENGLISH_END = re.compile(r"(?<!\bArt\.)(?<!\bNo\.)(?<!\bpara\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bReg\.)(?<=[.!?])\s+(?=[A-Z“(])")
_JAPANESE_END = re.compile(r"(?<=。)(?![）」])(?![^（）]*）)(?![^「」]*」)")


@cache
def phrases() -> dict[str, Any]:
    """Return every phrase of the product by its key, in both languages, unfilled."""
    return dict(yaml.load((_HERE / "phrases.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def phrase(key: str, language: Language, **values: str) -> str:
    """Return one phrase of the product, filled in."""
    return str(phrases()[key][language.value]).format(**values)


def force_name(force: str, language: Language) -> str:
    """Return how a force is called."""
    return str(phrases()["forces"][force][language.value])


def fault_told(fault: str, language: Language, detail: str = "") -> str:
    """Return in a few words why a model's answer could not be used."""
    return str(phrases()["model_faults"][fault][language.value]).format(detail=detail)


def made_by(answer: Answer) -> str:
    """Return the line that every answer carries: whether a model took part, and which."""
    model = answer.trace.get("model")
    return phrase("worded_by", answer.language, model=model["name"]) if model else phrase("composed", answer.language)


def long_date(day: date, language: Language) -> str:
    """Return a date as people write it."""
    if language is Language.JA:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def sentences(text: str, language: Language) -> list[str]:
    """Split a summary into its sentences."""
    parts = (_JAPANESE_END if language is Language.JA else _ENGLISH_END).split(text.strip())
    return [part.strip() for part in parts if part.strip()]
