"""The library keeps whole texts or none, finds the version of the day, and says what is wrong with a file."""

import json
from datetime import date

import pytest
from pages import CONSOLIDATED, OFFICIAL_JOURNAL

from assistant.texts import acquire, readers
from assistant.texts.diff import changes, marked
from assistant.texts.library import Library, find_unit
from assistant.texts.model import Line, OfficialText, UnreadableTextError
from assistant.texts.pdf import Limits
from assistant.texts.verification import verify
from assistant.texts.versions import two_versions
from assistant.types import AssistantError

FIRST, SECOND = "eu.demo@first.en", "eu.demo@second.en"


@pytest.fixture
def library(small, tmp_path):
    return Library(tmp_path / "texts", small)


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "demo-first.xhtml").write_text(OFFICIAL_JOURNAL, encoding="utf-8")
    (folder / "demo-second.xhtml").write_text(CONSOLIDATED, encoding="utf-8")
    return folder


@pytest.fixture
def installed(library, files):
    assert [outcome.state for outcome in acquire.import_files(library, [files], Limits(), 1 << 20)] == ["installed"] * 2
    return library


def test_an_installed_text_is_recorded_with_checksum_day_and_origin(installed):
    record = installed.record(FIRST)
    assert record.obtained_on == date.today()
    assert record.obtained_from == "file demo-first.xhtml"
    assert len(record.sha256) == 64
    assert installed.path_of(FIRST).read_text(encoding="utf-8") == OFFICIAL_JOURNAL
    assert list(installed.installed()) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("day", "wording"),
    [
        (date(2024, 12, 31), None),
        (date(2025, 1, 1), "Makers shall:"),
        (date(2026, 6, 30), "Makers shall:"),
        (date(2026, 7, 1), "Makers shall:"),
    ],
)
def test_the_version_of_the_day_is_quoted(installed, day, wording):
    found = installed.wording("eu.demo.art_1.par_1", day, ["en"])
    assert (found.lines[0].text if found else None) == wording
    if found:
        assert found.source.version == ("first" if day < date(2026, 7, 1) else "second")


def test_a_recital_comes_from_the_version_that_has_one(installed):
    found = installed.wording("eu.demo.recital_1", date(2026, 11, 1), ["en"])
    assert (found.source.version, found.text) == ("first", "(1) Why it was made.")


def test_what_a_version_does_not_have_is_not_replaced_by_its_neighbour(installed):
    assert installed.wording("eu.demo.art_1a", date(2026, 6, 30), ["en"]) is None
    assert installed.wording("eu.demo.art_1.par_7", date(2026, 11, 1), ["en"]) is None
    assert installed.wording("eu.demo.art_1a", date(2026, 11, 1), ["en"]).amended_by == ["32026R0002"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("art_1.par_3.point_a", "art_1.par_3.subpar_2.point_a"),
        ("art_1.par_3.subpar_2.point_a", "art_1.par_3.subpar_2.point_a"),
        ("art_1.par_3.subpar_1.point_a", None),
        ("art_2.par_1", "art_2"),
        ("art_3.point_a", None),  # two of them: which is meant is not guessed
        ("art_9", None),
    ],
)
def test_a_unit_is_found_as_people_cite_it_and_never_guessed(wanted, found):
    units = ["art_1.par_3.subpar_2.point_a", "art_2", "art_3.subpar_2.point_a", "art_3.subpar_3.point_a"]
    assert find_unit(OfficialText(tuple(Line(unit, "x") for unit in units)), wanted) == found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"<html><body>Service unavailable</body></html>", "'Demonstration Regulation' does not occur"),
        (OFFICIAL_JOURNAL.replace("Demonstration", "Other").encode(), "'Demonstration Regulation' does not occur"),
        (OFFICIAL_JOURNAL.replace('id="art_2"', 'id="x"').encode(), "1 articles instead of 2"),
    ],
)
def test_a_wrong_file_is_refused_and_the_installed_text_stays(installed, tmp_path, small, content, message):
    wrong = tmp_path / "wrong.xhtml"
    wrong.write_bytes(content)
    with pytest.raises(UnreadableTextError, match=message):
        installed.install(small.texts[FIRST], wrong, "file")
    assert installed.text(FIRST).at("art_1")
    assert sorted(path.name for path in installed.root.rglob("*") if path.is_file()).count("record.json") == 2
    assert not list(installed.root.rglob(".new-*"))


def test_the_rest_of_a_batch_goes_on(library, files):
    (files / "demo-first.xhtml").write_bytes(b"")
    (files / "notes.txt").write_text("mine", encoding="utf-8")
    outcomes = list(acquire.import_files(library, [files], Limits(), 1 << 20))
    assert [outcome.state for outcome in outcomes] == ["refused", "installed", "skipped"]
    assert "empty" in outcomes[0].message


def test_a_file_beyond_the_limit_is_refused_with_the_limit_named(library, files):
    outcome = next(acquire.import_files(library, [files / "demo-first.xhtml"], Limits(), 100))
    assert outcome.state == "refused"
    assert "ASSISTANT_MAX_FILE_MIB" in outcome.message


def test_an_unknown_file_can_be_said_to_be_a_text(library, files):
    renamed = files / "download (1).html"
    (files / "demo-first.xhtml").rename(renamed)
    assert next(acquire.import_files(library, [renamed], Limits(), 1 << 20)).state == "refused"
    assert next(acquire.import_files(library, [renamed], Limits(), 1 << 20, FIRST)).state == "installed"
    with pytest.raises(AssistantError, match="no text 'eu.nothing'"):
        next(acquire.import_files(library, [renamed], Limits(), 1 << 20, "eu.nothing"))


def test_a_missing_path_is_said(library, tmp_path):
    with pytest.raises(AssistantError, match="does not exist"):
        next(acquire.import_files(library, [tmp_path / "nowhere"], Limits(), 1))


def test_verify_finds_changed_files_and_provisions_that_are_not_there(installed):
    verdict = verify(installed, FIRST)
    assert verdict.faults == ()
    assert verdict.sought > 0
    assert "eu.demo.art_5.par_1" in verdict.missing
    installed.path_of(FIRST).write_text(OFFICIAL_JOURNAL.replace("Makers", "Fakers"), encoding="utf-8")
    faults = " ".join(verify(installed, FIRST).faults)
    assert "has changed" in faults
    assert "differs" in faults


def test_a_change_of_parsers_reads_the_file_again(installed, monkeypatch):
    monkeypatch.setattr(readers, "PARSERS", readers.PARSERS + 1)
    assert installed.text(FIRST).at("art_1")
    assert installed.record(FIRST).parsers == readers.PARSERS


def test_a_spoilt_record_counts_as_not_installed(installed):
    (installed.folder(FIRST) / "record.json").write_text("{", encoding="utf-8")
    assert list(installed.installed()) == [SECOND]
    with pytest.raises(AssistantError, match="not installed"):
        installed.text(FIRST)


def test_removing_leaves_nothing(installed):
    installed.remove(FIRST)
    assert not installed.folder(FIRST).exists()
    with pytest.raises(AssistantError, match="not installed"):
        installed.remove(FIRST)


def test_two_versions_are_compared_word_by_word(installed):
    older, newer = two_versions(installed, "eu.demo.art_1.par_1", None, None)
    assert (older.source.version, newer.source.version) == ("first", "second")
    told = marked(changes(older.text, newer.text))
    assert "keep [-records, such as:\n(i) lists;-]{+records;+}" in told
    assert told.endswith("They [-shall-]{+may+} do so in [-writing.-]{+any form.+}")
    rebuilt = [("".join(c.text for c in changes(older.text, newer.text) if c.kind != gone)) for gone in ("added", "deleted")]
    assert rebuilt == [older.text, newer.text]


@pytest.mark.parametrize(
    ("provision", "versions", "message"),
    [
        ("xx.none", (None, None), "belongs to no document"),
        ("eu.demo.art_1", ("third", None), "No text of version third"),
        ("eu.demo.art_1a", ("first", "second"), "has no eu.demo.art_1a"),
        ("eu.demo.art_1", ("first", "first"), "a comparison needs two"),
    ],
)
def test_what_cannot_be_compared_is_said(installed, provision, versions, message):
    with pytest.raises(AssistantError, match=message):
        two_versions(installed, provision, *versions)


def test_what_is_kept_is_data_only(installed):
    kept = json.loads((installed.folder(FIRST) / "read.json").read_text(encoding="utf-8"))
    assert set(kept) == {"lines", "headings", "notes", "pages", "empty_pages"}
