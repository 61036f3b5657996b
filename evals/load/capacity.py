"""What more users and more passages need, worked out from measured figures; prints the tables of docs/capacity.md.

Run as ``python -m evals.load.capacity``. Everything but ``measured.yaml`` is arithmetic: no figure here was tried at its size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

USERS, PASSAGES = (100, 10_000, 1_000_000), (1_000_000, 10_000_000, 100_000_000)
_GIB = 1 << 30


@cache
def measured() -> dict[str, Any]:
    """Return the figures that the tables rest on."""
    return dict(yaml.safe_load(Path(__file__).with_name("measured.yaml").read_text(encoding="utf-8")))


def users() -> str:
    """Return the table of users: questions at the peak, processes, memory, database a year."""
    figures, assumed = measured(), measured()["assumed"]
    rows = []
    for count in USERS:
        a_day = count * assumed["questions_a_day"]
        a_second = a_day * assumed["peak_hour_share"] / 3600
        processes = max(1, math.ceil(a_second * figures["answer_cpu_ms"] / 1000 / assumed["busy_at_most"]))
        memory = processes * figures["process_mib"] / 1024
        database = a_day * assumed["working_days"] * figures["bytes_per_turn"] / _GIB
        rows.append((f"{count:,}", f"{a_second:,.2f}", f"{processes:,}", f"{memory:,.1f} GiB", f"{database:,.1f} GiB"))
    return _table(("users", "questions a second, peak", "processes of a core each", "their memory", "database, a year"), rows)


def passages() -> str:
    """Return the table of passages: memory and disk of Chroma, and how long embedding takes."""
    figures, assumed = measured(), measured()["assumed"]
    rows = []
    for count in PASSAGES:
        memory = count * (assumed["vector_bytes"] + assumed["links_bytes"]) / _GIB
        disk = count * figures["index_bytes_per_vector"] / _GIB
        hours = count / figures["embedded_per_second_core"] / 3600
        own = count * assumed["vector_bytes"] / _GIB
        cells = (f"{memory:,.1f} GiB", f"{disk:,.0f} GiB", f"{hours:,.0f} h", f"{hours / 64:,.0f} h", f"{own:,.1f} GiB")
        rows.append((f"{count:,}", *cells))
    head = (
        "passages",
        "Chroma, memory",
        "Chroma, disk",
        "embedding, 1 core",
        "64 cores",
        "if they were people's documents: memory of each process",
    )
    return _table(head, rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    print(users(), passages(), sep="\n\n")
