"""The checklist in the threat model names each requirement once and evidence that exists."""

import re

from needs import ROOT

from assistant.settings import Settings

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]
# How many requirements of levels 1 and 2 each chapter of the standard has.
COUNTS = {1: 37, 2: 57, 3: 17, 4: 9, 5: 30, 6: 13, 7: 12, 8: 15, 9: 7, 10: 5, 11: 8, 12: 15, 13: 13, 14: 22}


def _requirements(cell):
    """Yield the requirements that a cell names, singly or as a range."""
    for part in cell.strip().split(", "):
        first, _, last = part.partition("–")
        chapter, section, number = map(int, first.split("."))
        for one in range(number, int(last.rsplit(".", 1)[-1]) + 1 if last else number + 1):
            yield chapter, section, one


def test_each_requirement_is_named_once():
    named = [one for row in ROWS for one in _requirements(row[0])]
    assert len(named) == len(set(named))
    counts = {chapter: sum(one[0] == chapter for one in named) for chapter in COUNTS}
    assert all(abs(counts[chapter] - expected) <= 6 for chapter, expected in COUNTS.items()), counts


def test_each_has_a_verdict_and_evidence_or_a_reason():
    for row in ROWS:
        assert row[2].strip() in ("met", "partly", "not", "n/a"), row
        assert row[3].strip(), row


def test_what_is_named_exists():
    for name in re.findall(r"`([\w./-]+/[\w./-]+|[\w-]+\.(?:md|lock))`", PAGE):
        assert (ROOT / name).exists(), name
    for setting in re.findall(r"`ASSISTANT_(\w+)`", PAGE):
        assert setting.lower() in Settings.model_fields, setting
