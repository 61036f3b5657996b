"""Lists the licence and the known advisories of every pinned library in docs/dependencies.md; run by ``make audit``.

Exit status 1 where a licence is not among those that were looked at. Advisories are asked for at the package registry that pip
is set up for; they do not fail the command, because what to do about each is written beside it by hand.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK, PAGE = HERE.parent / "requirements.lock", HERE / "dependencies.md"
# Permissive, or weak copyleft that asks nothing of a program that only uses the library as it is.
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla Public|PSF|Python Software Foundation|Unlicense|zlib|CC0|0BSD|HPND|LGPL|Lesser General|"
    r"OFL|Open Font|CNRI|Blue Oak|Public Domain|Artistic",
    re.IGNORECASE,
)


# Those whose metadata names no licence, and why they may stay.
LOOKED_AT = {"axe-playwright-python": "not named (a tool of the tests, not shipped)"}


def main() -> None:
    """Write the page and print what needs a look."""
    pinned = dict(line.strip().split("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line)
    licences = {_plain(one["Name"]): one["License"] for one in _json("piplicenses", "--format=json", "--from=mixed")}
    advisories = {_plain(one["name"]): one["vulns"] for one in _audited()["dependencies"] if one.get("vulns")}
    rows, odd = [], []
    for name, version in pinned.items():
        licence = LOOKED_AT.get(name) or " ".join(licences.get(_plain(name), "not installed here").split())
        if name not in LOOKED_AT and licence != "not installed here" and not ALLOWED.search(licence):
            odd.append(f"{name} {version}: {licence[:80]}")
        found = ", ".join(one["id"] for one in advisories.get(_plain(name), []))
        rows.append(f"| {name} | {version} | {licence[:60]} | {found or '–'} |")
    kept = PAGE.read_text(encoding="utf-8").partition("\n## Every library")[0] if PAGE.is_file() else "# Dependencies\n"
    table = "\n".join(["| library | version | licence | advisories |", "|---|---|---|---|", *rows])
    text = f"{kept.rstrip()}\n\n## Every library\n\nAs of {datetime.now(UTC):%Y-%m-%d}, {len(rows)} libraries.\n\n{table}\n"
    PAGE.write_text(text, encoding="utf-8")
    for name, several in advisories.items():
        for one in several:
            print(f"{name}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version yet'}")
    print("\n".join(f"Licence to look at: {one}" for one in odd) or "Every licence was looked at.")
    sys.exit(1 if odd else 0)


def _audited() -> dict[str, list[dict[str, object]]]:
    given = ["--format=json", "--no-deps", "--disable-pip", "-r", str(LOCK), "--progress-spinner=off"]
    return _json("pip_audit", *given)  # type: ignore[return-value]


def _json(module: str, *given: str) -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-m", module, *given], capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        sys.exit(f"{module} said nothing: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()


if __name__ == "__main__":
    main()
