"""The page on capacity shows what its script works out, and the script works out what the figures say."""

import pytest
from needs import ROOT

from evals.load import capacity

PAGE = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", [capacity.users, capacity.passages])
def test_the_page_shows_the_tables_of_the_script(table):
    assert table() in PAGE


def test_the_tables_follow_from_the_figures(monkeypatch):
    figures = {**capacity.measured(), "process_mib": 1024, "answer_cpu_ms": 1000, "bytes_per_turn": 1 << 20}
    monkeypatch.setattr(capacity, "measured", lambda: figures)
    row = capacity.users().splitlines()[2].split(" | ")
    peak = 100 * 5 * 0.2 / 3600
    assert row[1:] == [f"{peak:.2f}", "1", "1.0 GiB", f"{100 * 5 * 220 / 1024:.1f} GiB |"]
