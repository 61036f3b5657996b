"""Outside sets in the BEIR layout: a corpus, queries, and which passages answer them.

``corpus.jsonl`` holds ``_id``, ``title``, ``text`` and, where passages of one provision belong together,
``metadata.parent``; ``queries.jsonl`` holds ``_id`` and ``text``; ``qrels/test.tsv`` a query, a passage and a score a line.
Ranking is scored on parents.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.search.passages import Passage
from assistant.types import AssistantError, Language
from evals.cases import read_lines

_PARTS = ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv")


@dataclass(frozen=True)
class OutsideSet:
    """Passages filed under their parents, and queries with the parents that answer each."""

    name: str
    passages: list[Passage]
    queries: dict[str, str]
    gold: dict[str, list[str]]


def read_set(folder: Path) -> OutsideSet:
    """Read a set; queries without an answer in ``qrels`` are left out.

    Raises:
        AssistantError: a file is missing, or a line is not of the layout.
    """
    for part in _PARTS:
        if not (folder / part).is_file():
            raise AssistantError(f"{folder} has no {part}. A set in the BEIR layout has {', '.join(_PARTS)}.")
    passages = [_passage(folder, number, value) for number, value in read_lines(folder / _PARTS[0])]
    parents = {passage.id: passage.provision for passage in passages}
    queries = {
        _text(folder, _PARTS[1], n, one, "_id"): _text(folder, _PARTS[1], n, one, "text")
        for n, one in read_lines(folder / _PARTS[1])
    }
    gold = {query: found for query, found in _gold(folder / _PARTS[2], parents).items() if query in queries}
    if not gold:
        raise AssistantError(f"{folder / _PARTS[2]} answers no query of {_PARTS[1]}: nothing can be measured.")
    return OutsideSet(folder.resolve().name, passages, {query: queries[query] for query in gold}, gold)


def _passage(folder: Path, number: int, value: Any) -> Passage:
    identity = _text(folder, _PARTS[0], number, value, "_id")
    title, text = str(value.get("title") or ""), str(value.get("text") or "")
    whole = text if text.startswith(title) else f"{title}\n{text}"
    parent = str((value.get("metadata") or {}).get("parent") or identity)
    return Passage(identity, parent, Language.EN, whole.strip() or identity, date.min, None)


def _text(folder: Path, part: str, number: int, value: Any, key: str) -> str:
    if not isinstance(value, dict) or not isinstance(value.get(key), str):
        raise AssistantError(f"{folder / part}, line {number}: an object with the text '{key}' is expected.")
    return str(value[key])


def _gold(path: Path, parents: dict[str, str]) -> dict[str, list[str]]:
    """Return the parents that answer each query, in the order of the file, each once."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        for number, row in enumerate(rows, start=1):
            if number == 1 or not row:
                continue
            if len(row) != 3 or not row[2].lstrip("-").isdigit():
                raise AssistantError(f"{path}, line {number}: query, passage and a whole number are expected.")
            if row[1] not in parents:
                raise AssistantError(f"{path}, line {number}: the corpus has no passage '{row[1]}'.")
            if int(row[2]) > 0 and parents[row[1]] not in found.setdefault(row[0], []):
                found[row[0]].append(parents[row[1]])
    return {query: gold for query, gold in found.items() if gold}
