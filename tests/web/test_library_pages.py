"""The library: documents and provisions read and compared, texts fetched and added, the user's documents kept and deleted."""

import io
import re
import time
from html import unescape

import pytest
from fastapi.testclient import TestClient
from pages import CONSOLIDATED, OFFICIAL_JOURNAL
from PIL import Image
from test_fetch import publisher  # noqa: F401 - a fixture
from test_pdf import _page, make_pdf
from web.conftest import plain_app

from assistant.answer.pipeline import Assistant
from assistant.types import Language
from assistant.web.desk import Desk
from assistant.web.i18n import texts

EN, JA = texts(Language.EN), texts(Language.JA)


@pytest.fixture
def assistant(settings):
    return Assistant.open(settings)


@pytest.fixture
def client(assistant):
    return TestClient(plain_app(assistant), follow_redirects=False)


@pytest.fixture
def uploads():
    return {
        "demo-first.xhtml": OFFICIAL_JOURNAL.encode(),
        "broken.pdf": b"%PDF-1.4 broken",
        "policy.md": b"# Lamp <b>policy</b>\n\nThe keeper polishes the brass lens.",
        "handbook.pdf": make_pdf([_page(1, "Nothing here."), _page(2, "Polish the brass lens on Thursday.")]),
    }


def upload(client, uploads, *names, path="/en/library/own"):
    return client.post(path, files=[("file", (name, uploads[name])) for name in names])


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_document_of_the_catalogue_and_each_of_their_pages_opens(real_site, knowledge, language):
    page = unescape(real_site.get(f"/{language}/library").text)
    for document in knowledge.documents.values():
        assert document.title.in_language(Language(language)) in page
    for identity in list(knowledge.documents)[::6]:
        assert real_site.get(f"/{language}/library/{identity}").status_code == 200, identity
        assert real_site.get(f"/{language}/library/{identity}/changes").status_code == 200, identity


def test_the_catalogue_is_searched_and_filtered(real_site):
    found = unescape(real_site.get("/en/library?words=2024%2F1689").text)
    assert "/library/eu.ai_act" in found
    assert "/library/jp.appi" not in found
    assert "/library/eu.ai_act" not in real_site.get("/en/library?jurisdiction=jp").text
    assert JA("library_none") in real_site.get("/ja/library?words=zzzz").text


def test_the_contents_hold_every_provision_in_the_order_of_the_law(real_site, knowledge):
    page = real_site.get("/en/library/eu.ai_act").text
    shown = re.findall(r'href="/en/provision/([^"]+)"', page)
    mine = [one for one in knowledge.provisions if knowledge.document_of(one).id == "eu.ai_act"]
    assert set(mine) <= set(shown)
    articles = [int(one[1]) for one in map(re.compile(r"eu\.ai_act\.art_(\d+)").match, shown) if one]
    assert articles == sorted(articles)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_sample_of_provisions_opens_with_summary_and_cross_references(real_site, knowledge, language):
    for identity in list(knowledge.provisions)[::40]:
        entry = knowledge.provisions[identity]
        page = real_site.get(f"/{language}/provision/{identity}")
        assert page.status_code == 200, identity
        assert entry.heading.in_language(Language(language)) in unescape(page.text)
        for target in entry.see:
            assert f"/{language}/provision/{target}" in page.text
        for duty in knowledge.duties_of.get(identity, []):
            assert duty.title.in_language(Language(language)) in unescape(page.text)


@pytest.mark.parametrize(("day", "minutes"), [("2026-06-30", "30 minutes"), ("2026-07-01", "20 minutes")])
def test_a_provision_is_read_as_of_a_day(client, day, minutes):
    page = unescape(client.get(f"/en/provision/eu.demo.art_5.par_1?day={day}").text)
    assert f"within {minutes}" in page
    assert EN("library_today") in page


def test_what_changed_is_told_with_its_day(client):
    page = client.get("/en/provision/eu.demo.art_5.par_1").text
    assert "The time was 30 minutes before." in page
    assert "?day=2026-07-01" in page
    assert "The time was 30 minutes before." in client.get("/en/library/eu.demo/changes").text


def test_a_day_that_is_none_is_told_and_today_is_shown(client):
    page = client.get("/ja/provision/eu.demo.art_5.par_1?day=2026-02-30")
    assert page.status_code == 400
    assert JA("library_bad_day") in page.text
    assert "20分以内" in page.text


def test_a_level_without_an_entry_shows_what_stands_below(client):
    page = client.get("/en/provision/eu.demo.art_5")
    assert page.status_code == 200
    assert "/en/provision/eu.demo.art_5.par_2" in page.text


def test_an_invented_provision_is_not_found_and_the_nearest_is_named(client):
    page = client.get("/en/provision/eu.demo.art_5.par_1.point_z")
    assert page.status_code == 404
    assert '/en/provision/eu.demo.art_5.par_1"' in page.text
    assert client.get("/en/provision/eu.demo.art_77").status_code == 404
    assert client.get("/en/provision/xx.nothing").status_code == 404
    assert client.get("/en/library/xx").status_code == 404


def test_the_topics_lead_to_both_sides(real_site, knowledge):
    page = real_site.get("/ja/library/compare").text
    for identity, topic in list(knowledge.parallels.items())[::5]:
        assert f"/ja/library/compare/{identity}" in page
        one = unescape(real_site.get(f"/ja/library/compare/{identity}").text)
        for statement in (*topic.eu, *topic.japan):
            assert statement.text.ja in one
    assert real_site.get("/ja/library/compare/nothing").status_code == 404


def test_official_wording_is_shown_verified_once_the_text_is_added(client, assistant, uploads):
    assert EN("library_no_text") in client.get("/en/provision/eu.demo.art_5.par_1").text
    assert client.get("/en/provision/eu.demo.art_1.par_2?day=2026-01-01").status_code == 404
    assert upload(client, uploads, "demo-first.xhtml", path="/en/library/texts/import").status_code == 303
    page = client.get("/en/provision/eu.demo.art_1.par_2?day=2026-01-01").text
    assert EN("verified") in page
    assert "Users may ask." in page
    client.post("/en/library/texts/remove", data={"text": "eu.demo@first.en"})
    assert assistant.library.installed() == {}


def test_two_versions_are_compared_word_by_word(client, uploads):
    client.post(
        "/en/library/texts/import",
        files=[("file", ("demo-first.xhtml", OFFICIAL_JOURNAL)), ("file", ("demo-second.xhtml", CONSOLIDATED))],
    )
    page = client.get("/en/library/eu.demo/changes").text
    unit = re.search(r"unit=(art_\d+)#official", page)[1]
    detail = client.get(f"/en/library/eu.demo/changes?unit={unit}").text
    assert "<ins>" in detail
    assert "<del>" in detail


def test_a_file_that_is_no_official_text_is_refused_with_the_reason(client, uploads, assistant):
    page = client.post("/ja/library/texts/import", files=[("file", ("demo-first.xhtml", b"<html>other</html>"))])
    assert page.status_code == 400
    assert "demo-first.xhtml: " in page.text
    assert assistant.library.installed() == {}


def test_a_failed_download_is_told_for_each_text_and_a_second_one_waits(settings):
    unreachable = {"https://publisher.example": "http://127.0.0.1:9"}
    assistant = Assistant.open(settings.model_copy(update={"mirrors": unreachable, "fetch_pause_seconds": 0}))
    desk = Desk.open(assistant)
    client = TestClient(plain_app(assistant, desk), follow_redirects=False)
    first = client.post("/en/library/texts/fetch").headers["location"]
    second = client.post("/en/library/texts/fetch").headers["location"]
    assert first.endswith("told=fetching")
    assert second.endswith("told=fetching_already")
    for _ in range(600):
        if not desk.downloads.running:
            break
        time.sleep(0.05)
    page = client.get("/ja/library/texts").text
    assert page.count(JA("arrival_refused")) == 2
    assert JA("texts_finished") in page


@pytest.mark.parametrize(
    ("name", "as_", "key"), [("other.xhtml", "", "texts_reason_unknown_name"), ("a.xhtml", "eu.demo@first.en", None)]
)
def test_a_file_by_another_name_is_taken_where_it_is_said_which_text_it_is(client, assistant, name, as_, key):
    done = client.post("/ja/library/texts/import", files=[("file", (name, OFFICIAL_JOURNAL))], data={"as": as_})
    assert done.status_code == (400 if key else 303)
    assert not key or JA(key) in done.text
    assert list(assistant.library.installed()) == ([] if key else ["eu.demo@first.en"])


def test_two_files_cannot_be_one_text(client, assistant):
    files = [("file", (name, OFFICIAL_JOURNAL)) for name in ("a.xhtml", "b.xhtml")]
    page = client.post("/en/library/texts/import", files=files, data={"as": "eu.demo@first.en"})
    assert EN("texts_one_file") in page.text
    assert assistant.library.installed() == {}


def test_texts_that_changed_since_are_named(client, assistant, uploads):
    upload(client, uploads, "demo-first.xhtml", path="/en/library/texts/import")
    path = assistant.library.path_of("eu.demo@first.en")
    path.write_text(path.read_text(encoding="utf-8").replace("Users may ask", "Users must ask"), encoding="utf-8")
    page = client.get(client.post("/en/library/texts/verify").headers["location"])
    assert EN("texts_faulty", texts="eu.demo@first.en") in page.text


def test_a_text_arrives_from_its_publisher_and_an_unknown_one_is_not_asked_for(settings, publisher):  # noqa: F811
    publisher.script = [lambda handler: handler.reply(body=OFFICIAL_JOURNAL.encode())]
    mirrors = {"https://publisher.example": publisher.address}
    assistant = Assistant.open(settings.model_copy(update={"mirrors": mirrors, "fetch_pause_seconds": 0}))
    desk = Desk.open(assistant)
    client = TestClient(plain_app(assistant, desk), follow_redirects=False)
    assert client.post("/en/library/texts/fetch", data={"text": "eu.nothing"}).status_code == 404
    client.post("/en/library/texts/fetch", data={"text": "eu.demo@first.en"})
    for _ in range(600):
        if not desk.downloads.running:
            break
        time.sleep(0.05)
    assert EN("arrival_installed") in client.get("/en/library/texts").text
    assert "Users may ask." in client.get("/en/provision/eu.demo.art_1.par_2?day=2026-01-01").text


def test_uploads_are_told_one_by_one_and_a_bad_one_stops_nothing(client, assistant, uploads):
    page = upload(client, uploads, "broken.pdf", "policy.md", "handbook.pdf", path="/ja/library/own")
    assert page.status_code == 400
    assert f"broken.pdf: {JA('unreadable_broken')}" in page.text
    assert "<b>policy</b>" not in page.text
    assert sorted(one.title for one in assistant.shelf.all()) == ["Lamp <b>policy</b>", "handbook"]


def test_a_document_is_read_described_and_deleted(client, assistant, uploads):
    upload(client, uploads, "policy.md")
    (one,) = assistant.shelf.all()
    page = client.get(f"/en/library/own/{one.id}").text
    assert "polishes the brass lens" in page
    assert "&lt;b&gt;policy" in page
    values = {"title": "Lens rules", "language": "ja", "jurisdiction": "jp"}
    assert client.post(f"/en/library/own/{one.id}", data=values).status_code == 303
    changed = assistant.shelf.get(one.id)
    assert (changed.title, changed.language, changed.jurisdiction, changed.local_only) == ("Lens rules", "ja", "jp", False)
    assert client.post(f"/en/library/own/{one.id}", data={**values, "title": " "}).status_code == 400
    assert client.post(f"/en/library/own/{one.id}", data={**values, "language": "xx"}).status_code == 400
    assert assistant.shelf.get(one.id).title == "Lens rules"
    assert client.get(f"/en/library/own/{one.id}/delete").status_code == 200
    client.post(f"/en/library/own/{one.id}/delete")
    assert assistant.shelf.all() == []
    assert client.get(f"/en/library/own/{one.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.txt", b"", "unreadable_empty"),
        ("archive.zip", b"PK\x03\x04\x00\x00", None),
        ("../../etc/passwd", b"\xff\xfe\xfa", None),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "unreadable_kind"),
    ],
)
def test_what_cannot_be_read_is_told_in_the_language_of_the_page(client, assistant, name, content, key):
    page = client.post("/ja/library/own", files=[("file", (name, content))])
    assert page.status_code == 400
    assert JA("own_not_taken") in page.text
    if key:
        assert JA(key) in page.text
    assert assistant.shelf.all() == []


def test_no_file_chosen_is_told(client):
    assert EN("own_choose_file") in client.post("/en/library/own", data={}).text


def test_a_page_is_drawn_with_the_passage_highlighted(client, assistant, uploads):
    upload(client, uploads, "handbook.pdf")
    (document,) = assistant.shelf.all()
    answer = client.get(f"/documents/{document.id}/1.png")
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content)).convert("RGB")
    yellow = sum(count for count, (r, g, b) in picture.getcolors(1 << 20) if r > 200 and g > 180 and b < 190)
    assert yellow > 200


@pytest.mark.parametrize("path", ["none/0.png", "{id}/99.png", "{id}/-1.png", "..%2f..%2fetc/0.png"])
def test_other_pictures_do_not_exist(client, assistant, uploads, path):
    upload(client, uploads, "policy.md")
    (document,) = assistant.shelf.all()
    assert client.get(f"/documents/{document.id}/0.png").status_code == 404, "a document without pages has no picture"
    assert client.get(f"/documents/{path.format(id=document.id)}").status_code in (404, 422)
