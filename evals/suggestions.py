"""How good the suggestions from a description are: run as ``python -m evals.suggestions``.

Measured on ``evals/datasets/descriptions.yaml``, without a model. A suggested value counts as right only where the case expects
it; those that the case rules out are counted once more as ``ruled out``. Thresholds were chosen on ``dev``; ``held_out`` was
written after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.answer.suggest import Suggester
from assistant.law.knowledge import load_knowledge
from assistant.search.embedding import cached_embeddings
from assistant.settings import load_settings, make_data_dir
from assistant.types import Language

DESCRIPTIONS = Path(__file__).resolve().parent / "datasets" / "descriptions.yaml"
Half = Literal["dev", "held_out"]
_HALVES: tuple[Half, ...] = ("dev", "held_out")


class Case(BaseModel):
    """A description, with the answers that its words support and those that must not be suggested."""

    model_config = ConfigDict(extra="forbid")

    half: Half
    language: Language
    description: str
    expect: dict[str, list[str]]
    never: dict[str, list[str]]


@dataclass
class Tally:
    """Counts over cases: suggested values, those right, those ruled out, and those expected."""

    cases: int = 0
    suggested: int = 0
    right: int = 0
    ruled_out: int = 0
    expected: int = 0

    @property
    def precision(self) -> float:
        """Share of the suggested values that are right; 1 where nothing was suggested."""
        return self.right / self.suggested if self.suggested else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected values that were suggested."""
        return self.right / self.expected if self.expected else 1.0


def read_cases(path: Path = DESCRIPTIONS) -> list[Case]:
    """Read the descriptions."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [Case.model_validate(one) for one in data]


def measure(suggester: Suggester, cases: list[Case]) -> Tally:
    """Return the counts over these cases."""
    tally = Tally(cases=len(cases))
    for case in cases:
        found = set()
        for one in suggester.suggest(case.description, case.language):
            found |= {(one.fact, str(value)) for value in (one.value if isinstance(one.value, list) else [one.value])}
        expected, never = _pairs(case.expect), _pairs(case.never)
        tally.suggested += len(found)
        tally.right += len(found & expected)
        tally.ruled_out += len(found & never)
        tally.expected += len(expected)
    return tally


def main() -> None:
    """Print precision, recall and counts for each language and half, with and without vectors."""
    settings = load_settings()
    make_data_dir(settings)
    knowledge = load_knowledge(settings.knowledge_dir)
    embeddings = cached_embeddings(settings)
    cases = read_cases()
    lanes = {"words": Suggester(knowledge, None)}
    if embeddings is not None:
        lanes["words and vectors"] = Suggester(knowledge, embeddings)
    print("| lane | half | language | n | suggested | right | ruled out | precision | recall |")
    print("|---|---|---|---|---|---|---|---|---|")
    for lane, suggester in lanes.items():
        for half in _HALVES:
            for language in (*Language, None):
                t = measure(suggester, [one for one in cases if one.half == half and language in (one.language, None)])
                counts = f"{t.cases} | {t.suggested} | {t.right} | {t.ruled_out} | {t.precision:.2f} | {t.recall:.2f}"
                print(f"| {lane} | {half} | {language or 'both'} | {counts} |")


def _pairs(answers: dict[str, list[str]]) -> set[tuple[str, str]]:
    return {(fact, value) for fact, values in answers.items() for value in values}


if __name__ == "__main__":
    main()
