"""The index on a Chroma server: built once, swapped as a whole, built again where it was lost, done without while away."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import chromadb
import httpx
import pytest
from chromadb.errors import InternalError
from pydantic import SecretStr

from assistant.answer.pipeline import Assistant
from assistant.doctor import examine
from assistant.search import served_index
from assistant.search.embedding import CachedEmbeddings, EmbedderError
from assistant.search.index import fill
from assistant.search.passages import passages_of
from assistant.search.served_index import UnreachableError, connect, open_served
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.marks import Marks
from assistant.store.vectors import VectorCache
from assistant.types import AssistantError
from assistant.web.watch import Watch

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


class Opening:
    """Opens the index of the small knowledge base for an installation with a database of its own."""

    def __init__(self, folder, address, passages, embedder):
        folder.mkdir(exist_ok=True)
        self.settings = Settings(data_dir=folder, chroma_url=address, lock_seconds=20)
        self.marks = Marks(open_database(f"sqlite:///{folder / 'db.sqlite'}"))
        self.passages, self.embedder = passages, embedder

    def __call__(self, held=None, *, rebuild=False, settings=None):
        return open_served(
            settings or self.settings, self.marks, "provisions", held or self.passages, self.embedder, "hashed", rebuild=rebuild
        )

    @property
    def on_the_server(self):
        return {one.name for one in connect(self.settings).list_collections()}


@pytest.fixture
def opening(small, hashed, address, tmp_path):
    return Opening(tmp_path / "one", address, passages_of(small), hashed)


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
    assert {new.state.folder, third.state.folder} <= opening.on_the_server
    assert old.state.folder not in opening.on_the_server


def test_installations_on_one_server_leave_each_other_alone(opening, hashed, tmp_path):
    other = Opening(tmp_path / "other", opening.settings.chroma_url, opening.passages, hashed)
    theirs = other()
    for count in range(1, 4):
        opening(opening.passages[:-count])
    assert theirs.nearest(opening.passages[0].text, 1)[0][0] == opening.passages[0].id
    assert other().state == theirs.state


def test_a_build_that_was_cut_off_is_removed_by_the_next(opening, monkeypatch):
    def killed(store, passages):
        fill(store, passages[:2])
        raise KeyboardInterrupt

    first, before = opening(), opening.on_the_server
    monkeypatch.setattr(served_index, "fill", killed)
    with pytest.raises(KeyboardInterrupt):
        opening(rebuild=True)
    monkeypatch.setattr(served_index, "fill", fill)
    (half,) = opening.on_the_server - before
    assert opening().state == first.state, "it was never in use"
    opening(rebuild=True)
    assert half not in opening.on_the_server
    assert first.state.folder in opening.on_the_server


def test_of_two_builds_at_once_one_gives_way(opening, monkeypatch):
    """A lock of the database goes with the connection that held it."""

    def overtaken(store, passages):
        fill(store, passages)
        monkeypatch.setattr(served_index, "fill", fill)
        winners.append(opening(rebuild=True))

    winners = []
    monkeypatch.setattr(opening.marks, "alone", lambda *_: nullcontext())
    monkeypatch.setattr(served_index, "fill", overtaken)
    with pytest.raises(AssistantError, match="at the same time. Try again"):
        opening(rebuild=True)
    assert opening().state == winners[0].state


def test_a_server_with_trouble_is_not_taken_for_one_without_the_index(opening, monkeypatch):
    first, before = opening(), opening.on_the_server

    def trouble(*_, **__):
        raise InternalError("busy")

    client = type(connect(opening.settings))
    with monkeypatch.context() as patched:
        patched.setattr(client, "get_collection", trouble)
        with pytest.raises(UnreachableError, match="does not open the index .InternalError"):
            opening()
    assert opening.on_the_server == before, "nothing was built"
    assert opening().state == first.state


def test_an_embedder_that_fails_is_not_blamed_on_the_server(opening, tmp_path, hashed):
    def away(texts):
        raise ConnectionError("no route")

    hashed.embed_documents = away
    opening.embedder = CachedEmbeddings(
        hashed, "far", VectorCache(open_database(f"sqlite:///{tmp_path / 'v.sqlite'}"), "far"), {}
    )
    with pytest.raises(EmbedderError, match="'far' did not answer"):
        opening()


def test_a_mark_of_another_form_means_that_nothing_is_known(opening):
    for text in ("{", "[]", '{"folder": "x"}', '{"state": {"folder": "x"}, "begun": []}'):
        opening.marks.set("index:provisions", text)
        assert opening().nearest(opening.passages[0].text, 1)[0][0] == opening.passages[0].id


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


def test_the_index_lies_where_the_settings_say_and_the_token_goes_along(opening):
    admin = chromadb.AdminClient(connect(opening.settings)._system.settings)
    admin.create_tenant("lamp")
    admin.create_database("law", "lamp")
    opening.settings = opening.settings.model_copy(
        update={"chroma_tenant": "lamp", "chroma_database": "law", "chroma_token": SecretStr("secret")}
    )
    state, client = opening().state, connect(opening.settings)
    assert opening.on_the_server == {state.folder}
    headers = client._server.get_request_headers()
    assert (headers["authorization"], headers["x-chroma-token"]) == ("Bearer secret", "secret")
    missing = opening.settings.model_copy(update={"chroma_database": "none"})
    with pytest.raises(UnreachableError):
        connect(missing)


def test_a_server_that_is_away_or_an_address_that_is_none_is_told(opening):
    away = opening.settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{free_port()}"})
    with pytest.raises(UnreachableError, match="ASSISTANT_CHROMA_URL"):
        opening(settings=away)
    for address in ("nonsense", "ftp://x", "http://"):
        with pytest.raises(AssistantError, match="no address"):
            opening(settings=opening.settings.model_copy(update={"chroma_url": address}))


def test_a_server_that_takes_connections_and_never_answers_holds_up_nothing(tmp_path, small_dir, monkeypatch):
    monkeypatch.setattr(served_index, "_SIGN_OF_LIFE", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = Settings(data_dir=tmp_path, knowledge_dir=small_dir, chroma_url=url)
        with pytest.raises(UnreachableError, match="ReadTimeout"):
            connect(settings)
        assert not Assistant.open(settings).has_vectors
        report = examine(settings)
        assert any("does not answer (ReadTimeout)" in problem for problem in report.problems)


def test_a_server_that_falls_silent_is_waited_for_only_so_long(opening, tmp_path, monkeypatch):
    monkeypatch.setattr(served_index, "_SECONDS", 0.5)
    with chroma_server(tmp_path / "chroma") as (address, process):
        index = Opening(tmp_path / "two", address, opening.passages, opening.embedder)()
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(httpx.ReadTimeout):
            index.nearest("which is near?", 3)
        process.send_signal(signal.SIGCONT)
        assert index.nearest("which is near?", 3)


def test_an_assistant_answers_by_words_while_the_server_is_away_and_takes_it_up_again(tmp_path, small_dir, monkeypatch):
    port = free_port()
    settings = Settings(data_dir=tmp_path, knowledge_dir=small_dir, chroma_url=f"http://127.0.0.1:{port}")
    watch, marks = Watch(settings), Marks(open_database(settings.effective_database_url))
    assistant, question = Assistant.open(settings), "What does the demo act say about lamps?"
    warned = assistant.ask(question).warnings
    assert any("by words" in one for one in warned), warned
    assert not assistant.has_vectors
    assert not watch.look(assistant, marks), "nothing is opened again while it is away"
    with chroma_server(tmp_path / "server", port):
        assert watch.look(assistant, marks)
        assert assistant.has_vectors
        assert not any("by words" in one for one in assistant.ask(question).warnings)
        assert not watch.look(assistant, marks), "and then there is nothing to do"
        other = Assistant.open(settings, rebuild=True)
        assert watch.look(assistant, marks), "another process built it anew"
        assert assistant.index.vectors.state == other.index.vectors.state
        assert not watch.look(assistant, marks)
    assistant.retriever.index.vectors._remembered.cache_clear()
    answer = assistant.ask("Who must keep the lamps?")
    assert any("by words" in one for one in answer.warnings), "the server was killed"
    with chroma_server(tmp_path / "empty", port):
        assert watch.look(assistant, marks), "it is back, and empty"
        assert assistant.has_vectors
