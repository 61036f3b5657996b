"""The index is a cache: damaged, half-written or outdated it is rebuilt, and nothing is lost."""

import shutil
from datetime import date

import numpy as np
import pytest
from filelock import FileLock

from assistant.search.index import fingerprint, open_index, read_state
from assistant.search.passages import Passage, passages_of
from assistant.types import AssistantError, Language


@pytest.fixture
def passages(small):
    return passages_of(small)


def _open(root, passages, hashed, **options):
    return open_index(root, passages, hashed, "hashed", 0.3, **options)


def test_a_passage_is_nearest_to_its_own_text(tmp_path, passages, hashed):
    index = _open(tmp_path, passages, hashed)
    identity, similarity = index.nearest(passages[3].text, 1)[0]
    assert identity == passages[3].id
    assert similarity == pytest.approx(1.0, abs=1e-4)


def test_a_question_asked_of_an_index_twice_is_searched_for_once(tmp_path, passages, hashed, monkeypatch):
    index = _open(tmp_path, passages, hashed)
    found = index.nearest("which is near?", 3)
    monkeypatch.setattr(hashed, "embed_query", None)
    assert index.nearest("which is near?", 3) == found
    with pytest.raises(TypeError):
        index.nearest("which is near?", 2)


def test_nothing_near_is_missed_so_that_every_build_finds_the_same(tmp_path, hashed):
    many = [Passage(f"p{n}", "x", Language.EN, f"text {n}", date(2025, 1, 1), None) for n in range(2500)]
    vectors = np.asarray(hashed.embed_documents([one.text for one in many]))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = _open(tmp_path, many, hashed)
    for question in ("which is near?", "and which is far?", "何が近いですか"):
        exact = np.argsort(-(vectors @ np.asarray(hashed.embed_query(question))))[:200]
        assert {identity for identity, _ in index.nearest(question, 200)} == {many[place].id for place in exact}


def test_an_index_up_to_date_is_opened_without_embedding(tmp_path, passages, hashed):
    _open(tmp_path, passages, hashed)
    before = hashed.count
    _open(tmp_path, passages, hashed)
    assert hashed.count == before


def test_a_changed_passage_makes_a_new_index_and_the_old_folder_goes_in_the_end(tmp_path, passages, hashed):
    _open(tmp_path, passages, hashed)
    for text in ("first change", "second change"):
        changed = [Passage("x", passages[0].provision, Language.EN, text, date(2025, 1, 1), None), *passages[1:]]
        index = _open(tmp_path, changed, hashed)
        assert index.nearest(text, 1)[0][0] == "x"
    assert len(list(tmp_path.glob("build-*"))) == 2


@pytest.mark.parametrize("spoil", ["delete folder", "truncate database", "garbage in database", "no pointer", "garbage pointer"])
def test_a_damaged_index_is_rebuilt(tmp_path, passages, hashed, spoil):
    _open(tmp_path, passages, hashed)
    folder = tmp_path / read_state(tmp_path).folder
    database = folder / "chroma.sqlite3"
    # A fresh folder name keeps this process's open client away from the file that is spoilt.
    moved = folder.with_name("build-spoilt")
    shutil.copytree(folder, moved)
    pointer = tmp_path / "current.json"
    pointer.write_text(pointer.read_text().replace(folder.name, moved.name))
    database = moved / "chroma.sqlite3"
    if spoil == "delete folder":
        shutil.rmtree(moved)
    elif spoil == "truncate database":
        database.write_bytes(database.read_bytes()[:5000])
    elif spoil == "garbage in database":
        database.write_bytes(b"not a database" * 1000)
    elif spoil == "no pointer":
        pointer.unlink()
    else:
        pointer.write_text("{")
    index = _open(tmp_path, passages, hashed)
    assert index.nearest(passages[0].text, 1)[0][0] == passages[0].id
    assert index.state.folder != moved.name


def test_an_index_with_rows_missing_is_rebuilt(tmp_path, passages, hashed):
    index = _open(tmp_path, passages, hashed)
    index._collection.delete(ids=[passages[0].id])
    assert _open(tmp_path, passages, hashed).state.folder != index.state.folder


def test_a_half_written_build_is_never_read_and_is_swept_away(tmp_path, passages, hashed):
    (tmp_path / "build-halfway").mkdir()
    (tmp_path / "build-halfway" / "chroma.sqlite3").write_bytes(b"half")
    _open(tmp_path, passages, hashed)
    assert not (tmp_path / "build-halfway").exists()


def test_a_failure_while_building_leaves_the_old_index_in_use(tmp_path, passages, hashed):
    before = _open(tmp_path, passages, hashed).state

    def fail(texts):
        raise RuntimeError("power cut")

    hashed.embed_documents = fail
    with pytest.raises(RuntimeError):
        _open(tmp_path, passages[1:], hashed)
    assert read_state(tmp_path) == before


def test_another_builder_is_waited_for_and_then_named(tmp_path, passages, hashed):
    with FileLock(tmp_path / "build.lock"), pytest.raises(AssistantError, match="Another process has been building"):
        _open(tmp_path, passages, hashed)


def test_a_reader_needs_no_lock(tmp_path, passages, hashed):
    _open(tmp_path, passages, hashed)
    with FileLock(tmp_path / "build.lock"):
        _open(tmp_path, passages, hashed)


def test_rebuild_builds_although_nothing_changed(tmp_path, passages, hashed):
    first = _open(tmp_path, passages, hashed).state
    assert _open(tmp_path, passages, hashed, rebuild=True).state.folder != first.folder


def test_the_fingerprint_depends_on_model_and_content_not_on_order(passages):
    assert fingerprint(passages, "a") == fingerprint(passages[::-1], "a")
    assert fingerprint(passages, "a") != fingerprint(passages, "b")
    assert fingerprint(passages, "a") != fingerprint(passages[1:], "a")
