"""Marks are one for every process, and what one process does alone waits for no dead one."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.store.marks import Marks, moved
from assistant.store.transactions import writing


def test_a_mark_is_set_moved_and_read(engine):
    marks = Marks(engine)
    assert marks.get("index") == ""
    marks.set("index", "one")
    marks.set("index", "two")
    assert Marks(engine).get("index") == "two"
    with writing(engine) as connection:
        moved(connection, "index")
    assert len(marks.get("index")) == 32


def test_a_mark_is_swapped_only_where_it_is_what_was_seen(engine):
    marks = Marks(engine)
    assert not marks.swap("index", "one", "two"), "there is none"
    assert marks.swap("index", "", "one")
    assert not marks.swap("index", "", "other"), "there is one by now"
    assert not marks.swap("index", "two", "three")
    assert marks.get("index") == "one"
    assert marks.swap("index", "one", "two")
    assert marks.get("index") == "two"


def test_a_mark_moves_with_what_changed_or_not_at_all(engine):
    marks = Marks(engine)
    marks.set("documents", "before")

    def half_done():
        with writing(engine) as connection:
            moved(connection, "documents")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    assert marks.get("documents") == "before"


def test_one_at_a_time_does_what_is_done_alone(engine):
    marks, inside, most = Marks(engine), [], []

    def work(_):
        with marks.alone("build", 10):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert most == [1] * 4


def test_who_waits_too_long_is_told(engine):
    marks = Marks(engine)
    with marks.alone("build", 1), ThreadPoolExecutor(1) as pool, pytest.raises(TimeoutError):
        pool.submit(lambda: marks.alone("build", 0.2).__enter__()).result()
