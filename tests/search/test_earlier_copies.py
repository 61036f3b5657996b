"""Files that earlier builds kept beside the database go into it, wherever adding, deleting or moving them was interrupted."""

from datetime import date

import pytest
from filelock import FileLock

from assistant.search import earlier_copies
from assistant.search.shelf import Shelf
from assistant.store.documents import StoredDocument, StoredPassage
from assistant.types import AssistantError

ONE = StoredDocument("a" * 12, "Policy", "en", None, True, "policy.MD", "0" * 64, 6, None, 0, date(2026, 11, 27))


@pytest.fixture
def folder(settings):
    """Where an earlier build kept copies; its one document is in the database."""
    Shelf(settings).store.add(ONE, [StoredPassage(ONE.id, 0, None, "lenses")], [])
    folder = settings.data_dir / "documents"
    folder.mkdir()
    return folder


def _kept(settings):
    return b"".join(Shelf(settings).store.content(ONE.id))


@pytest.mark.parametrize("name", ["aaaaaaaaaaaa.md", "aaaaaaaaaaaa", ".pending-aaaaaaaaaaaa.md"])
def test_a_copy_goes_into_the_database_once(settings, folder, name):
    (folder / name).write_text("lenses")
    for _ in range(2):
        assert _kept(settings) == b"lenses"
        assert list(folder.iterdir()) == []


def test_a_process_killed_before_the_file_was_removed_is_carried_on(settings, folder):
    (folder / "aaaaaaaaaaaa.md").write_text("lenses")
    assert _kept(settings) == b"lenses"
    (folder / "aaaaaaaaaaaa.md").write_text("lenses")
    assert _kept(settings) == b"lenses"
    assert list(folder.iterdir()) == []


def test_what_was_left_of_a_document_that_is_gone_goes_and_files_of_others_stay(settings, folder):
    (folder / ".pending-bbbbbbbbbbbb.md").write_text("half")
    (folder / "cccccccccccc.md").write_text("of another database")
    assert _kept(settings) == b""
    assert [one.name for one in folder.iterdir()] == ["cccccccccccc.md"]


def test_two_that_start_at_once_wait_for_each_other(settings, folder, monkeypatch):
    monkeypatch.setattr(earlier_copies, "_LOCK_SECONDS", 0.1)
    database = settings.data_dir / "assistant.sqlite"
    with FileLock(f"{database}.documents.lock"), pytest.raises(AssistantError, match="Another process is changing"):
        Shelf(settings)
