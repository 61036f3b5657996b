"""How many questions the questionnaire asks, and how long an assessment and its report take.

``python -m evals.questionnaire`` prints both for ten typical systems (``evals/datasets/typical_systems.yaml``).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from assistant.law.answers import Answers, parse_answers
from assistant.law.assessment import Assessor
from assistant.law.knowledge import Knowledge, load_knowledge
from assistant.law.questionnaire import remaining
from assistant.law.report.formats import render
from assistant.settings import load_settings
from assistant.types import Language

_SYSTEMS = Path(__file__).resolve().parent / "datasets" / "typical_systems.yaml"
_ROUNDS = 20


def plain(knowledge: Knowledge, fact: str, day: date) -> Any:
    """Return the answer of somebody whom a question does not concern: none of these, no, or the last option."""
    asked = knowledge.facts[fact]
    if asked.kind == "choice":
        return "none" if "none" in asked.values else asked.values[-1]
    last = asked.values[-1:]
    return {"set": last, "boolean": False, "date": day.isoformat(), "number": 0.0, "text": "unknown"}[asked.kind]


def answered(knowledge: Knowledge, facts: Mapping[str, Any], day: date) -> tuple[Answers, list[str]]:
    """Answer one question after the other, as the product asks them; return the answers and the facts asked, in order."""
    answers, asked = Answers(), list[str]()
    while left := remaining(knowledge, answers):
        fact = left[0].fact
        asked.append(fact)
        value = facts.get(fact, plain(knowledge, fact, day))
        given = parse_answers({"questionnaire": knowledge.questionnaire, "facts": {fact: value}}, knowledge)
        answers = Answers({**answers.facts, **given.facts}, answers.unknown | given.unknown)
    return answers, asked


def typical_systems() -> dict[str, dict[str, Any]]:
    """Return the facts of ten typical systems by name."""
    return dict(yaml.load(_SYSTEMS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def main() -> None:
    """Print the table and the timings."""
    knowledge, day = load_knowledge(load_settings().knowledge_dir), date.today()
    print("| system | questions |\n|---|---|")
    given: dict[str, Answers] = {}
    for name, facts in typical_systems().items():
        given[name], asked = answered(knowledge, facts, day)
        print(f"| {name} | {len(asked)} |")
    assessor = Assessor(knowledge, Language.EN)
    times = sorted(_timed(lambda a=a: assessor.assess(a, day)) for a in given.values() for _ in range(_ROUNDS))
    print(f"\nassess, p50 / p95 of {len(times)}: {statistics.median(times):.1f} / {times[int(0.95 * len(times))]:.1f} ms")
    for language in Language:
        made = [Assessor(knowledge, language).assess(a, day) for a in given.values()]
        pdf = [_timed(lambda r=r, a=a: render("pdf", knowledge, r, a)) for r, a in zip(made, given.values(), strict=True)]
        print(
            f"report as PDF, {language.value}, median / longest of {len(pdf)}: {statistics.median(pdf):.0f} / {max(pdf):.0f} ms"
        )


def _timed(call: Any) -> float:
    """Return how long a call takes, in milliseconds."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
