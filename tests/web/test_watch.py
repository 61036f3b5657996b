"""What changes elsewhere is taken up while questions go on: texts, an index built anew, an embedder or index that was away."""

from itertools import pairwise

import pytest

from assistant.answer.pipeline import Assistant
from assistant.cli import index
from assistant.search import embedding, shelf
from assistant.search.embedding import CachedEmbeddings
from assistant.search.index import open_index, read_state
from assistant.search.passages import passages_of
from assistant.types import AssistantError
from assistant.web.watch import Watch


def _of_a_service(monkeypatch, embedder):
    """Let the settings' embedding be a service of that name."""
    for module in (embedding, shelf):
        monkeypatch.setattr(module, "load_embedder", lambda settings: (embedder, "far:away"))


def test_an_embedder_that_does_not_answer_is_named_and_questions_are_answered_by_words(monkeypatch, settings, hashed, caplog):
    far, question = settings.model_copy(update={"embedding": "far:away"}), "Demo Act Article 5"
    _of_a_service(monkeypatch, hashed)
    asked, hashed.embed_query = hashed.embed_query, _away
    assistant = Assistant.open(far)
    assert assistant.retriever.lost
    assert "'far:away' did not answer (ConnectionError)" in caplog.text
    assert any("by words" in one for one in assistant.ask(question).warnings)
    hashed.embed_query = asked
    assert Watch(far).look(assistant, None) is True, "it is opened again"
    assert assistant.has_vectors
    hashed.embed_query = _away
    assert any("by words" in one for one in assistant.ask("Who keeps the lamps?").warnings)
    assert not assistant.retriever.lost, "the index is well: there is nothing to open again"
    assert Watch(far).look(assistant, None) is False


def _away(text):
    raise ConnectionError("no route")


def test_own_documents_are_found_by_words_while_the_embedder_is_away(monkeypatch, settings, hashed, tmp_path):
    far, asked = settings.model_copy(update={"embedding": "far:away"}), hashed.embed_query
    _of_a_service(monkeypatch, hashed)
    policy = tmp_path / "policy.md"
    policy.write_text("# Lens policy\n\nEvery Thursday the keeper polishes the brass lens with vinegar.")
    hashed.embed_query = _away
    assistant = Assistant.open(far)
    with pytest.raises(AssistantError, match="'far:away' did not answer"):
        assistant.shelf.add(policy, local_only=False)
    assert assistant.shelf.all() == [], "nothing half done"
    hashed.embed_query = asked
    assistant.shelf.add(policy, local_only=False)
    assert assistant.shelf.search("When does the keeper polish the brass lens?")
    hashed.embed_query = _away
    assert assistant.shelf.search("Is it on Thursday that the keeper polishes the lens?")
    monkeypatch.setattr(shelf.VectorCache, "get", lambda *_: {})
    anew = shelf.Shelf(far)
    assert anew.search("Is it on Thursday that the keeper polishes the lens?")
    hashed.embed_query, before = asked, hashed.count
    assert anew.search("When does the keeper polish the brass lens?")
    assert hashed.count > before, "vectors are made as soon as they can be"


def test_the_index_command_fails_where_no_index_was_made(monkeypatch, settings, hashed):
    monkeypatch.setattr("assistant.settings.load_settings", lambda: settings.model_copy(update={"embedding": "far:away"}))
    _of_a_service(monkeypatch, hashed)
    asked, hashed.embed_query = hashed.embed_query, _away
    with pytest.raises(AssistantError, match="neither built nor opened"):
        index()
    hashed.embed_query = asked
    index()


def test_an_index_built_anew_elsewhere_is_taken_up_but_not_that_of_another_release(monkeypatch, settings, hashed):
    here = settings.model_copy(update={"embedding": "far:away"})
    _of_a_service(monkeypatch, hashed)
    assistant = Assistant.open(here)
    watch = Watch(here)
    assert not watch.look(assistant, None)
    other = Assistant.open(here, rebuild=True)
    assert watch.look(assistant, None)
    assert assistant.index.vectors.state == other.index.vectors.state
    assert not watch.look(assistant, None)
    first, *rest = passages_of(assistant.knowledge)
    open_index(here.index_dir, rest, CachedEmbeddings(hashed, "far:away", _Nothing(), {}), "far:away", 1)
    assert read_state(here.index_dir).folder != assistant.index.vectors.state.folder
    assert not watch.look(assistant, None), f"without {first.id} it is not ours"


class _Nothing:
    """A cache that keeps nothing."""

    def get(self, contents):
        return {}

    def put(self, vectors):
        pass


def test_a_text_installed_while_the_assistant_is_opened_is_not_missed(settings, monkeypatch):
    watch, told = Watch(settings), []
    assistant = Assistant.open(settings)
    (settings.texts_dir / "demo").mkdir(parents=True)
    (settings.texts_dir / "demo" / "record.json").write_text("{}")
    monkeypatch.setattr(assistant, "refresh", lambda: told.append("opened"))
    assert watch.look(assistant, None)
    assert not watch.look(assistant, None)
    assert told == ["opened"]
    (settings.texts_dir / ".new-x").mkdir()
    (settings.texts_dir / ".new-x" / "half").write_text("{")
    assert not watch.look(assistant, None), "what is not whole yet"


def test_attempts_that_fail_come_at_longer_and_longer_distances(settings, monkeypatch):
    now, attempts, assistant, watch = [1000.0], [], Assistant.open(settings), Watch(settings)
    monkeypatch.setattr("assistant.web.watch.time.monotonic", lambda: now[0])
    assistant.index.lost = True
    monkeypatch.setattr(assistant, "refresh", lambda: attempts.append(now[0]))
    for _ in range(60):
        watch.look(assistant, None)
        now[0] += 5
    assert [int(later - earlier) for earlier, later in pairwise(attempts)] == [5, 10, 20, 40, 60, 60, 60]
