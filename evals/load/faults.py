"""Faults of the database and of the process, each tried on a real server: what users are told, and whether anything is lost.

Run as ``python -m evals.load.faults [--postgresql URL]``; the user of that address must be allowed to create databases.
Target: nothing that was acknowledged is lost, and the application is well again by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from assistant.store.database import migrate, new_engine, open_database
from assistant.store.systems import SystemStore
from assistant.store.transactions import writing
from evals.load.figures import told
from evals.load.serving import COMMAND, serving

_API = "/api/v1/systems"
_WORKERS, _PAUSE = 10, 0.2
_SYSTEMS = 5000


@dataclass
class Seen:
    """What those who saved were told, by status, and the ids that were acknowledged."""

    statuses: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)

    def line(self, lost: int, seconds: float) -> str:
        """Return it in one line."""
        named = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{sum(self.statuses.values())} saves ({named}); lost {lost}; well again after {seconds:.1f} s"


@contextmanager
def saving(address: str) -> Iterator[Seen]:
    """Let ten users save new systems, over and over, until the block ends."""
    seen, ended = Seen(), threading.Event()

    def work() -> None:
        with httpx.Client(base_url=address, timeout=30) as client:
            while not ended.wait(_PAUSE):
                try:
                    answer = client.post(_API, json={"name": uuid.uuid4().hex})
                except httpx.HTTPError:
                    seen.statuses["no answer"] += 1
                    continue
                seen.statuses[str(answer.status_code)] += 1
                if answer.status_code == 201:
                    seen.kept.append(answer.json()["id"])

    workers = [threading.Thread(target=work) for _ in range(_WORKERS)]
    for worker in workers:
        worker.start()
    try:
        yield seen
    finally:
        ended.set()
        for worker in workers:
            worker.join()


def _well(address: str, seconds: float = 90) -> float:
    """Return after how many seconds the application is ready."""
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with suppress(httpx.HTTPError):
            if httpx.get(f"{address}/health/ready", timeout=10).status_code == 200:
                return time.monotonic() - started
        time.sleep(0.2)
    raise TimeoutError("the application is not well again")


def _lost(address: str, seen: Seen) -> int:
    there = {one["id"] for one in httpx.get(f"{address}{_API}", timeout=60).json()}
    return len(set(seen.kept) - there)


def locked(folder: Path, seconds: float) -> tuple[str, int]:
    """Hold the lock of an SQLite database from another process's side for some seconds."""
    with serving(folder, ASSISTANT_EMBEDDING="none") as (address, _):
        with saving(address) as seen:
            time.sleep(2)
            with closing(sqlite3.connect(folder / "assistant.sqlite", isolation_level=None)) as other:
                other.execute("PRAGMA busy_timeout=10000")
                other.execute("BEGIN IMMEDIATE")
                time.sleep(seconds)
                other.execute("ROLLBACK")
            healthy = _well(address)
            time.sleep(2)
        lost = _lost(address, seen)
    return seen.line(lost, healthy), lost


def killed(folder: Path) -> tuple[str, int]:
    """Kill the process while ten users save, and start it again."""
    with serving(folder, ASSISTANT_EMBEDDING="none") as (address, process), saving(address) as seen:
        time.sleep(4)
        process.kill()
    started = time.monotonic()
    with serving(folder, ASSISTANT_EMBEDDING="none") as (address, _):
        _well(address)
        lost = _lost(address, seen)
        return seen.line(lost, time.monotonic() - started), lost


def interrupted(folder: Path) -> tuple[str, int]:
    """Kill the process at several moments while it brings an earlier database with 5,000 systems to this release's form."""
    url = f"sqlite:///{folder / 'assistant.sqlite'}"
    engine = new_engine(url)
    with writing(engine) as connection:
        migrate(connection, "0002")
    engine.dispose()
    with closing(sqlite3.connect(folder / "assistant.sqlite")) as database:
        row = ("s", "o", "draft", 1, json.dumps({"facts": {}}), "2026-11-01 00:00:00", "2026-11-01 00:00:00")
        columns = "(id, name, owner, state, version, answers, created_at, updated_at)"
        rows = [(f"{n:012d}", *row) for n in range(_SYSTEMS)]
        database.executemany(f"INSERT INTO systems {columns} VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - constants
        database.commit()
    kills = 0
    for wait in (0.5, 1.0, 1.5, 2.0, 2.5):
        _start_and_kill(folder, wait)
        kills += 1
    engine = open_database(url)
    there = len(SystemStore(engine).all())
    engine.dispose()
    return f"{kills} starts killed after 0.5 to 2.5 s; systems afterwards {there} of {_SYSTEMS}", _SYSTEMS - there


def _start_and_kill(folder: Path, wait: float) -> None:
    """Start the application and kill it after some seconds, wherever it is then."""
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_EMBEDDING": "none"}
    with subprocess.Popen(COMMAND, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(wait)
        process.kill()
        process.wait(15)


def away(folder: Path, server: str, seconds: float) -> tuple[str, int]:
    """Let a PostgreSQL database take no connection for some seconds, and end those that there are; 0 is a restart."""
    name = f"faults_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        try:
            address_of = psycopg.conninfo.conninfo_to_dict(server)
            url = f"postgresql://{address_of['user']}:{address_of['password']}@{address_of['host']}:{address_of['port']}/{name}"
            with serving(folder, ASSISTANT_EMBEDDING="none", ASSISTANT_DATABASE_URL=url) as (address, _):
                with saving(address) as seen:
                    time.sleep(2)
                    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
                    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
                    time.sleep(seconds)
                    admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
                    healthy = _well(address)
                    time.sleep(2)
                lost = _lost(address, seen)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
    return seen.line(lost, healthy), lost


def main() -> None:
    """Print the figures; exit 1 where anything acknowledged was lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--postgresql", default="", help="address of a server on which databases may be created")
    given = options.parse_args()
    tries: dict[str, Callable[[Path], tuple[str, int]]] = {
        "SQLite locked by another process for 3 s": lambda folder: locked(folder, 3),
        "SQLite locked by another process for 30 s": lambda folder: locked(folder, 30),
        "process killed while ten users save": killed,
        "migration of 5,000 systems interrupted": interrupted,
    }
    if given.postgresql:
        tries["PostgreSQL restarted"] = lambda folder: away(folder, given.postgresql, 0)
        tries["PostgreSQL gone for 30 s"] = lambda folder: away(folder, given.postgresql, 30)
    else:
        print("No --postgresql was given: the faults of a server are not tried.", file=sys.stderr)
    figures, total = [], 0
    for name, attempt in tries.items():
        with tempfile.TemporaryDirectory() as folder:
            line, lost = attempt(Path(folder))
        figures.append((name, line))
        total += lost
    print(told("Faults", figures))
    sys.exit(1 if total else 0)


if __name__ == "__main__":
    main()
