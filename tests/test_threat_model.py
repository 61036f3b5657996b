"""The checklist in the threat model names each requirement once and evidence that exists."""

import re
from collections import Counter

from needs import ROOT

from assistant.settings import Settings

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]
# The requirements of levels 1 and 2 by section: how many there are, or which, where some were taken out or are of level 3.
# fmt: off
SECTIONS = {
    "1.1": 7, "1.2": 4, "1.4": (1, 4, 5), "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2,
    "1.12": (2,), "1.14": 6, "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 6, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3,
    "2.10": 4, "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": (1, 2, 3, 5), "4.2": 2, "4.3": 3,
    "5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2, "7.1": 4, "7.2": 2,
    "7.3": (1, 3, 4), "7.4": 3, "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8,
    "12.1": 3, "12.2": 1, "12.3": 6, "12.4": 2, "12.5": 2, "12.6": 1, "13.1": (1, 3, 4, 5), "13.2": (1, 2, 3, 5, 6),
    "13.3": 2, "13.4": 2, "14.1": 4, "14.2": 6, "14.3": (2, 3), "14.4": 7,
    "14.5": 4,
}
# fmt: on


def _requirements(cell):
    """Yield the requirements that a cell names, singly or as a range."""
    for part in cell.strip().split(", "):
        first, _, last = part.partition("–")
        section, _, number = first.rpartition(".")
        for one in range(int(number), int(last.rpartition(".")[2]) + 1 if last else int(number) + 1):
            yield f"{section}.{one}"


def test_each_requirement_is_named_once():
    named = [one for row in ROWS for one in _requirements(row[0])]
    numbers = {section: range(1, one + 1) if isinstance(one, int) else one for section, one in SECTIONS.items()}
    assert len(named) == len(set(named))
    assert set(named) == {f"{section}.{number}" for section, several in numbers.items() for number in several}


def test_the_summary_counts_right():
    verdicts = Counter(row[2].strip() for row in ROWS for _ in _requirements(row[0]))
    told = f"{verdicts['met']} met, {verdicts['partly']} partly, {verdicts['not']} not, {verdicts['n/a']} n/a"
    assert f"Of {verdicts.total()} requirements: {told}." in PAGE


def test_each_has_a_verdict_and_evidence_or_a_reason():
    for row in ROWS:
        assert row[2].strip() in ("met", "partly", "not", "n/a"), row
        assert row[3].strip(), row


def test_what_is_named_exists():
    for name in re.findall(r"`([\w./-]+/[\w./-]+|[\w-]+\.(?:md|lock))`", PAGE):
        assert (ROOT / name).exists(), name
    for setting in re.findall(r"`ASSISTANT_(\w+)`", PAGE):
        assert setting.lower() in Settings.model_fields, setting
