"""Lists the licence and the known advisories of every pinned library in docs/dependencies.md; run by ``make audit``.

Needs every library of requirements.lock installed, and the extra ``audit``. Exit status 1 where a licence is not among those of
docs/licences.yaml, where an advisory is not written about in the page, or where advisories could not be looked up: what was
not checked must never look like what was found to be sound.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
LOCK, PAGE = HERE.parent / "requirements.lock", HERE / "dependencies.md"
LOOKED_AT = yaml.safe_load((HERE / "licences.yaml").read_text(encoding="utf-8"))
_SPELT = {
    spelling: name for name, one in LOOKED_AT["licences"].items() for spelling in (name, *one.get("also", []))
}  # each way to write a licence → its name


class Library(NamedTuple):
    """A pinned library; ``licence`` and ``advisories`` are nothing where they are not known."""

    name: str
    version: str
    licence: str | None
    advisories: list[dict[str, Any]] | None


def main() -> None:
    """Write the page and print what needs a look."""
    libraries = list(_libraries())
    head = PAGE.read_text(encoding="utf-8").partition("\n## Every library")[0].rstrip()
    PAGE.write_text(f"{head}\n\n{table(libraries)}", encoding="utf-8")
    for one in libraries:
        print(f"{one.name} {one.version}: {one.licence}")
    found = list(faults(libraries, head))
    print("\n".join(found) or "Every licence and every advisory was looked at.")
    sys.exit(1 if found else 0)


def accepted(name: str, licence: str) -> str | None:
    """Return a library's licence as we call it, or nothing where it is none of those looked at."""
    own = LOOKED_AT["libraries"].get(plain(name))
    if own is not None:
        same = licence == own["says"] if "says" in own else licence.startswith(own["begins"])
        return str(own["licence"]) if same else None
    if licence in _SPELT:
        return _SPELT[licence]
    # Splitting at AND before OR asks for at least as much as the expression does, so its brackets need not be read.
    parts = [part.split(" OR ") for part in re.split(r"; | AND ", licence.strip("()").replace(" (", " ").replace(") ", " "))]
    return licence if all(any(choice in _SPELT for choice in part) for part in parts) else None


def table(libraries: list[Library]) -> str:
    """Return the generated part of the page."""
    unchecked = sum(one.advisories is None for one in libraries)
    rows = [f"| {one.name} | {one.version} | {one.licence or 'to look at'} | {_told(one)} |" for one in libraries]
    checked = f"Advisories were looked up for {len(libraries) - unchecked} of them."
    return "\n".join(
        ["## Every library", "", f"As of {datetime.now(UTC):%Y-%m-%d}, {len(libraries)} libraries. {checked}", ""]
        + ["| library | version | licence | advisories |", "|---|---|---|---|", *rows, ""]
    )


def faults(libraries: list[Library], head: str) -> Iterator[str]:
    """Yield what needs a look, each with what to do; an advisory that the head of the page names was looked at."""
    for one in libraries:
        if one.licence is None:
            yield f"{one.name} {one.version} has no licence that was looked at; decide, and write it into docs/licences.yaml."
        for advisory in one.advisories or []:
            if advisory["id"] not in head:
                mended = ", ".join(advisory["fix_versions"]) or "no version yet"
                yield (
                    f"{one.name} {one.version}: {advisory['id']}, mended in {mended}; "
                    "write at the top of docs/dependencies.md what it means."
                )
    if unchecked := sum(one.advisories is None for one in libraries):
        yield (
            f"Advisories could not be looked up for {unchecked} of {len(libraries)} libraries: pip-audit does not find "
            "them from here. Run 'make audit' where the public package registry can be reached."
        )


def plain(name: str) -> str:
    """Return a library's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def _libraries() -> Iterator[Library]:
    installed = {(plain(one["Name"]), one["Version"]): one["License"] for one in _json("piplicenses", "--from=mixed")}
    given = ["--no-deps", "--disable-pip", "--progress-spinner=off", "-r", str(LOCK)]
    # A library that was skipped has no "vulns": it was not looked up.
    audited = {plain(one["name"]): one.get("vulns") for one in _json("pip_audit", *given)["dependencies"]}
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        licence = " ".join(installed.get((plain(name), version), "not installed").split())
        yield Library(name, version, accepted(name, licence), audited.get(plain(name)))


def _told(library: Library) -> str:
    if library.advisories is None:
        return "not looked up"
    return ", ".join(one["id"] for one in library.advisories) or "none known"


def _json(module: str, *given: str) -> Any:
    command = [sys.executable, "-m", module, "--format=json", *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(f"{module} said nothing: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
