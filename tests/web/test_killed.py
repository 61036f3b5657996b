"""A server killed at any moment, and two servers on one data folder: nothing acknowledged is lost, nothing is half there."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest
from browser.running import started
from needs import ROOT
from texts.test_pdf import make_pdf

pytestmark = pytest.mark.long
PAGES = 400
PLAIN = {"ASSISTANT_EMBEDDING": "none"}  # by words alone, which starts in a moment


@pytest.fixture(scope="module")
def handbook():
    """A PDF of many pages, each with words of its own."""
    lines = [[(700 - 20 * line, 11, f"Keeper {n} polishes lens {line} before dusk.") for line in range(20)] for n in range(PAGES)]
    return make_pdf(lines)


def client(address):
    return httpx.Client(base_url=address, timeout=60)


def post_until_dead(address, *given, **more):
    """Send a request that a kill may interrupt; return the status, or nothing."""
    try:
        with client(address) as one:
            return one.post(*given, **more).status_code
    except httpx.HTTPError:
        return None


def looked_after(folder):
    """Open the application anew over a data folder; whatever was killed there, all of it agrees."""
    with started(folder, **PLAIN) as (address, _), client(address) as one:
        assert one.get("/health").json()["status"] == "ok"
        page = one.get("/en/library/own").text
        documents = dict.fromkeys(re.findall(r"/library/own/([0-9a-f]{12})", page))
        for document in documents:
            assert one.get(f"/en/library/own/{document}").status_code == 200
    with closing(sqlite3.connect(folder / "assistant.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = dict(database.execute("SELECT id, (SELECT count(*) FROM document_passages WHERE document = id) FROM documents"))
        sizes = dict(database.execute("SELECT id, size FROM documents"))
        kept = dict(database.execute("SELECT document, sum(length(content)) FROM document_contents GROUP BY document"))
    assert sorted(rows) == sorted(documents)
    assert kept == sizes, "each with the whole of its file, and no file without a document"
    assert all(rows.values()), "no document without its passages"
    return documents


@pytest.mark.parametrize("moment", [0.05, 0.4, 0.8, 1.2, 1.6, 2.0])
def test_killed_while_a_document_comes_in(tmp_path, handbook, moment):
    with started(tmp_path, **PLAIN) as (address, process):
        done = []
        sending = threading.Thread(
            target=lambda: done.append(post_until_dead(address, "/en/library/own", files={"file": ("handbook.pdf", handbook)}))
        )
        sending.start()
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        sending.join()
    documents = looked_after(tmp_path)
    assert len(documents) == 1 or done == [None], "what was acknowledged is there"


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        ("documents.pieces = lambda file: iter([b'The', die()]); shelf.add(path)", 0),
        ("add = shelf.store.add; shelf.store.add = lambda *given: die(add(*given)); shelf.add(path)", 1),
        ("one = shelf.add(path); shelf.store._note = die; shelf.remove(one.id)", 1),
    ],
    ids=["half of the file kept", "all kept, not told", "half removed"],
)
def test_killed_between_a_file_and_its_row(tmp_path, stage, left):
    code = f"""
import os, signal
from pathlib import Path
from assistant.search import shelf as documents
from assistant.settings import load_settings
shelf, path = documents.Shelf(load_settings()), Path(os.environ["ASSISTANT_DATA_DIR"], "a.md")
path.write_text("The keeper polishes the brass lens.")
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
{stage}
"""
    settings = {**os.environ, **PLAIN, "ASSISTANT_DATA_DIR": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=settings, check=False).returncode == -signal.SIGKILL
    assert len(looked_after(tmp_path)) == left


def begun(one):
    """Begin a system and return its id with the first question that it is asked."""
    system = one.post("/en/assess", data={"name": "Lamp"}).headers["location"].split("/")[3]
    return system, one.get(f"/en/systems/{system}/next").headers["location"]


def test_killed_while_answers_are_saved(tmp_path):
    kept = {}
    for round_ in range(3):
        with started(tmp_path, **PLAIN) as (address, process), client(address) as one:
            system, place = begun(one)
            killer = threading.Timer(0.3 + round_ / 2, process.send_signal, [signal.SIGKILL])
            killer.start()
            number = 0
            try:
                while True:
                    version = re.search(r'name="version" value="(\d+)"', one.get(place).text)[1]
                    data = {"action": "unknown", "note": f"note {number + 1}", "version": version}
                    assert one.post(place, data=data).status_code == 303
                    number += 1
            except httpx.HTTPError:
                process.wait(10)
            kept[system, place] = number
    looked_after(tmp_path)
    assert sum(kept.values()) > 5
    with started(tmp_path, **PLAIN) as (address, _), client(address) as one:
        for (system, place), number in kept.items():
            told = re.search(r"note (\d+)", one.get(place).text)
            found = int(told[1]) if told else 0  # a server killed early kept none
            assert found in (number, number + 1), "the last may have been kept without being acknowledged"
            history = one.get(f"/en/systems/{system}/history")
            assert history.status_code == 200


@pytest.mark.parametrize("moment", [1.5, 3.0, 4.5, 6.0])
@pytest.mark.parametrize("command", [["-m", "assistant.cli", "index", "--rebuild"], ["ui.py"]], ids=["rebuild", "first start"])
def test_killed_while_the_index_is_built(tmp_path_factory, command, moment):
    folder = tmp_path_factory.mktemp("data")
    settings = {**os.environ, "ASSISTANT_DATA_DIR": str(folder), "ASSISTANT_PORT": "0"}
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
    with started(folder) as (address, _), client(address) as one:
        assert one.get("/health").json()["status"] == "ok"
    for index in (folder / "index", folder / "index" / "asked"):
        builds = list(index.glob("build-*"))
        assert (index / "current.json").exists()
        assert len(builds) == 1, "what was half built is gone"
    looked_after(folder)


def test_two_servers_on_one_data_folder(tmp_path):
    servers = (started(tmp_path, **PLAIN) for _ in range(2))
    with next(servers) as (first, _), next(servers) as (second, _), client(first) as one, client(second) as two:
        system, place = begun(one)
        assert system in two.get("/en/systems").text

        def comments(here, name):
            return [
                here.post(f"/en/systems/{system}/comments", data={"text": f"{name} {n}", "person": name}).status_code
                for n in range(25)
            ]

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(comments, (one, two), ("Aiko", "Ben")))
        assert said == [[303] * 25] * 2
        for here in (one, two):
            page = here.get(f"/en/systems/{system}/review").text
            assert all(f"{name} {n}<" in page for name in ("Aiko", "Ben") for n in range(25))
        version = re.search(r'name="version" value="(\d+)"', one.get(place).text)[1]
        data = {"action": "unknown", "version": version}
        assert one.post(place, data={**data, "note": "by one"}).status_code == 303
        assert two.post(place, data={**data, "note": "by two", "action": "answer", "answer": "x"}).status_code in (400, 409)
        assert "by one" in two.get(place).text
        for here, name in ((one, "a.md"), (two, "b.md")):
            file = (name, f"# {name}\n\nThe keeper polishes the brass lens of {name}.".encode())
            assert here.post("/en/library/own", files={"file": file}).status_code == 303
        assert all(name in here.get("/en/library/own").text for here in (one, two) for name in ("a.md", "b.md"))
    assert len(looked_after(tmp_path)) == 2
