"""Is gold still what the law says? Each case keeps a hash of what its gold provisions worded when it was checked.

The hash is of the official wording where its text is installed, else of our summary with its days. Where the law, or the
summary that stands for it, has changed since, the case is to be read again.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assistant.law.knowledge import Knowledge
from assistant.texts.library import Library
from evals.cases import AS_OF, OWN, Case, read_lines

_OFFICIAL, _SUMMARY = "official:", "summary:"


def gold_of(case: Case) -> list[str]:
    """Return the provisions of law that a case names as gold."""
    return list(dict.fromkeys(one for group in case.gold for one in group if not one.startswith(OWN)))


def fingerprint(provision: str, day: date, knowledge: Knowledge, library: Library) -> str | None:
    """Return the hash of what a provision words on ``day``; nothing where neither its text nor an entry is here."""
    if official := library.wording(provision, day, knowledge.document_of(provision).languages):
        return _OFFICIAL + _hash(official.text)
    return _of_summary(provision, day, knowledge)


def stamped(case: Case, knowledge: Knowledge, library: Library) -> dict[str, str]:
    """Return the hashes to keep with a case."""
    found = {one: fingerprint(one, case.day or AS_OF, knowledge, library) for one in gold_of(case)}
    return {one: value for one, value in found.items() if value is not None}


def stale(case: Case, knowledge: Knowledge, library: Library) -> Iterator[str]:
    """Yield the gold provisions of a case that word something else now, as far as this machine can tell."""
    day = case.day or AS_OF
    for provision, kept in case.gold_hashes.items():
        now = (
            fingerprint(provision, day, knowledge, library)
            if kept.startswith(_OFFICIAL)
            else _of_summary(provision, day, knowledge)
        )
        if now is not None and now.split(":")[0] == kept.split(":")[0] and now != kept:
            yield provision


def stamp_file(path: Path, cases: list[Case], knowledge: Knowledge, library: Library) -> int:
    """Write the hashes of the gold as it words now into a file of cases; return how many cases changed."""
    hashes = {case.id: stamped(case, knowledge, library) for case in cases}
    lines, changed = [], 0
    for _, data in read_lines(path):
        changed += data.get("gold_hashes", {}) != hashes[data["id"]]
        data.pop("gold_hashes", None)
        lines.append(json.dumps(data | ({"gold_hashes": hashes[data["id"]]} if hashes[data["id"]] else {}), ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changed


def _of_summary(provision: str, day: date, knowledge: Knowledge) -> str | None:
    entry = knowledge.resolve(provision)
    if entry is None:
        return None
    wording = entry.wording_on(day) or entry.wording[-1]
    days = " ".join(f"{line.from_} {line.to}" for line in entry.application_on(day))
    return _SUMMARY + _hash(f"{wording.summary.en} {days}")


def _hash(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return hashlib.sha256("".join(one for one in plain if one.isalnum()).encode()).hexdigest()[:12]
