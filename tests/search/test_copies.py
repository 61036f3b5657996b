"""Copies of files and their rows agree, wherever adding or deleting was interrupted."""

from datetime import date

import pytest

from assistant.search.copies import Copies
from assistant.store.documents import StoredDocument

ONE = StoredDocument("a" * 12, "Policy", "en", None, True, "policy.MD", "0" * 64, 6, None, 0, date(2026, 11, 27))


@pytest.fixture
def copies(tmp_path):
    return Copies(tmp_path)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "policy.MD"
    path.write_text("lenses")
    return path


def files(tmp_path):
    folder = tmp_path / "documents"
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def test_a_file_is_there_once_its_row_is(copies, file, tmp_path):
    with copies.adding(file, ONE):
        assert not copies.path_of(ONE).exists()
    assert copies.path_of(ONE).read_text() == "lenses"
    with copies.removing(ONE):
        assert not copies.path_of(ONE).exists()
    assert files(tmp_path) == []


def test_an_error_leaves_things_as_they_were(copies, file, tmp_path):
    with pytest.raises(RuntimeError), copies.adding(file, ONE):
        raise RuntimeError
    assert files(tmp_path) == []
    with copies.adding(file, ONE):
        pass
    with pytest.raises(RuntimeError), copies.removing(ONE):
        raise RuntimeError
    assert copies.path_of(ONE).read_text() == "lenses"


def test_a_file_that_is_gone_already_does_not_keep_its_row(copies, tmp_path):
    with copies.removing(ONE):
        pass
    assert files(tmp_path) == []


@pytest.mark.parametrize(("rows", "left"), [([ONE], ["aaaaaaaaaaaa.md"]), ([], [])])
def test_what_a_crash_left_is_settled_by_the_rows(copies, file, tmp_path, rows, left):
    (tmp_path / "documents").mkdir()
    file.rename(tmp_path / "documents" / ".pending-aaaaaaaaaaaa.md")
    copies.settle(lambda: rows)
    assert files(tmp_path) == left


def test_files_of_another_database_over_the_same_folder_stay(copies, file, tmp_path):
    with copies.adding(file, ONE):
        pass
    copies.settle(list)
    assert files(tmp_path) == ["aaaaaaaaaaaa.md"]
