"""The index on a Chroma server: built once, swapped as a whole, built again where it was lost, done without while away."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assistant.search.passages import passages_of
from assistant.search.served_index import UnreachableError, connect, open_served
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.marks import Marks
from assistant.types import AssistantError

pytestmark = pytest.mark.long


@contextmanager
def chroma_server(folder, port=0):
    """Yield (address, process) of a Chroma server on loopback."""
    port = port or free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "ANONYMIZED_TELEMETRY": "False"}
    ) as process:
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(10)


def free_port():
    """Return a port of loopback that nothing listens on."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _await(port):
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the Chroma server did not start")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with chroma_server(tmp_path_factory.mktemp("chroma")) as (address, _):
        yield address


@pytest.fixture
def opening(small, hashed, address, tmp_path):
    """What opens the index of the small knowledge base, with a database of its own."""
    settings = Settings(data_dir=tmp_path, chroma_url=address, lock_seconds=20)
    marks = Marks(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"))
    passages = passages_of(small)

    def opened(held=None, *, rebuild=False, settings=settings):
        return open_served(settings, marks, "provisions", held or passages, hashed, "hashed", rebuild=rebuild)

    opened.marks, opened.settings, opened.passages = marks, settings, passages
    return opened


def test_an_index_is_built_once_and_found_by_the_next_process(opening, hashed):
    first = opening()
    built = hashed.count
    assert built >= len(opening.passages)
    best = opening.passages[3]
    assert first.nearest(best.text, 1)[0][0] == best.id
    again = opening()
    assert hashed.count == built + 0, "nothing was embedded anew"
    assert again.state == first.state


def test_of_processes_that_start_at_once_one_builds(opening):
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: opening().state, range(4)))
    assert len({state.folder for state in states}) == 1


def test_a_new_corpus_is_swapped_in_while_the_old_one_is_read(opening):
    old = opening()
    new = opening(opening.passages[:-1])
    assert new.state.folder != old.state.folder
    assert old.nearest(opening.passages[0].text, 1), "who has it open goes on"
    third = opening(opening.passages[:-2])
    names = {one.name for one in connect(opening.settings).list_collections()}
    assert {new.state.folder, third.state.folder} <= names
    assert old.state.folder not in names


def test_a_server_that_lost_its_data_is_filled_again(opening):
    first = opening()
    connect(opening.settings).delete_collection(first.state.folder)
    second = opening()
    assert second.state.folder != first.state.folder
    assert second.nearest(opening.passages[0].text, 1)[0][0] == opening.passages[0].id


def test_an_incomplete_index_is_built_again(opening):
    first = opening()
    connect(opening.settings).get_collection(first.state.folder).delete(ids=[opening.passages[0].id])
    assert opening().state.folder != first.state.folder


def test_a_server_that_is_away_or_an_address_that_is_none_is_told(opening):
    away = opening.settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(UnreachableError, match="ASSISTANT_CHROMA_URL"):
        opening(settings=away)
    for address in ("nonsense", "ftp://x", "http://"):
        with pytest.raises(AssistantError, match="no address"):
            opening(settings=opening.settings.model_copy(update={"chroma_url": address}))


def test_an_assistant_answers_by_words_while_the_server_is_away_and_takes_it_up_again(tmp_path, small_dir, monkeypatch):
    from assistant.answer.pipeline import Assistant
    from assistant.web.watch import Watch

    port = free_port()
    settings = Settings(data_dir=tmp_path, knowledge_dir=small_dir, chroma_url=f"http://127.0.0.1:{port}")
    assistant, question = Assistant.open(settings), "What does the demo act say about lamps?"
    watch = Watch(assistant)
    warned = assistant.ask(question).warnings
    assert any("by words" in one for one in warned), warned
    assert not assistant.has_vectors
    with chroma_server(tmp_path / "server", port):
        assert watch.look()
        assert assistant.has_vectors
        assert not any("by words" in one for one in assistant.ask(question).warnings)
        assert not watch.look(), "and then there is nothing to do"
    assistant.retriever.index.vectors._remembered.cache_clear()
    answer = assistant.ask("Who must keep the lamps?")
    assert any("by words" in one for one in answer.warnings), "the server was killed"
    with chroma_server(tmp_path / "empty", port):
        assert watch.look(), "it is back, and empty"
        assert assistant.has_vectors
