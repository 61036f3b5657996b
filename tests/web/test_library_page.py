"""The library page: texts and documents added, told, changed and deleted; pages drawn with their highlight."""

import io

import pytest
from fastapi.testclient import TestClient
from pages import OFFICIAL_JOURNAL
from PIL import Image
from test_pdf import _page, make_pdf

from assistant.answer.pipeline import Assistant
from assistant.types import Language
from assistant.web.app import create_app
from assistant.web.i18n import texts
from assistant.web.library import LibraryPage


@pytest.fixture
def assistant(settings):
    return Assistant.open(settings)


@pytest.fixture(params=list(Language))
def page(request, assistant):
    return LibraryPage(assistant, texts(request.param))


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / "demo-first.xhtml").write_text(OFFICIAL_JOURNAL, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "policy.md").write_text("# Lamp <b>policy</b>\n\nThe keeper polishes the brass lens.", encoding="utf-8")
    (folder / "handbook.pdf").write_bytes(make_pdf([_page(1, "Nothing here."), _page(2, "Polish the brass lens on Thursday.")]))
    return folder


def test_uploads_are_told_one_by_one_and_a_bad_one_stops_nothing(page, assistant, uploads):
    told, table, _ = page.add([str(path) for path in sorted(uploads.iterdir())])
    lines = told.splitlines()
    assert [line[2] for line in lines] == ["⚠", "✓", "✓", "✓"]
    assert "broken.pdf" in lines[0]
    assert "✓" in table
    assert "<b>" not in told
    assert sorted(title for title, _ in page.choices()) == ["Lamp <b>policy</b>", "handbook"]
    assert list(assistant.library.installed()) == ["eu.demo@first.en"]


def test_a_document_is_changed_and_deleted(page, assistant, uploads):
    page.add([str(uploads / "policy.md")])
    identity = page.choices()[0][1]
    assert page.details(identity)[0] == "Lamp <b>policy</b>"
    told, _ = page.save(identity, "Lens rules", "ja", "jp", False)
    assert told == page._t("saved")
    assert page.details(identity) == ("Lens rules", "ja", "jp", False)
    assert "⚠" in page.save(identity, "  ", "ja", "", True)[0]
    assert page.remove(identity)[0] == page._t("deleted")
    assert assistant.shelf.all() == []


def test_without_a_choice_the_buttons_say_so(page):
    assert page.remove(None)[0] == page.save(None, "x", None, None, True)[0] == page._t("own_choose_first")
    assert page.details(None) == ("", None, "", True)


def test_a_failed_download_is_told_for_each_text(settings):
    unreachable = {"https://publisher.example": "http://127.0.0.1:9"}
    assistant = Assistant.open(settings.model_copy(update={"mirrors": unreachable, "fetch_pause_seconds": 0}))
    *_, (told, table) = LibraryPage(assistant, texts(Language.EN)).fetch()
    assert told.count("⚠") == 2
    assert "✓" not in table


def test_a_page_is_drawn_with_the_passage_highlighted(assistant, uploads):
    document = assistant.shelf.add(uploads / "handbook.pdf")
    client = TestClient(create_app(assistant))
    answer = client.get(f"/documents/{document.id}/1.png")
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    yellow = sum(count for count, (r, g, b) in picture.getcolors(1 << 20) if r > 200 and g > 180 and b < 190)
    assert yellow > 200


@pytest.mark.parametrize("path", ["none/0.png", "{id}/99.png", "{id}/-1.png", "..%2f..%2fetc/0.png"])
def test_other_pages_do_not_exist(assistant, uploads, path):
    document = assistant.shelf.add(uploads / "handbook.pdf")
    answer = TestClient(create_app(assistant)).get(f"/documents/{path.format(id=document.id)}")
    assert answer.status_code in (404, 422)


def test_a_document_without_pages_has_no_picture(assistant, uploads):
    document = assistant.shelf.add(uploads / "policy.md")
    assert TestClient(create_app(assistant)).get(f"/documents/{document.id}/0.png").status_code == 404
