"""What goes wrong is told in the language of the page, and leaves nothing half done: a full disk, odd addresses, what is gone."""

import ast
import errno
import json
from contextlib import contextmanager
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from web.conftest import Site
from web.talking import Chat
from web.test_assess_pages import answer, start
from web.test_register_exchange import confirm, download
from web.test_register_exchange import plan as planned

from assistant.store.database import NotSavedError, StoreError, metadata
from assistant.store.rows import ConflictError, missing
from assistant.types import Language
from assistant.web import faults
from assistant.web.i18n import texts

FACT = "demo.has_lamp"
LONG = "灯" * 3_900  # three pages of a database: they find no room in those that are there
LANGUAGES = ["en", "ja"]


def engines(site):
    return [site.desk.systems._engine, site.assistant.shelf.store._engine]


@contextmanager
def full_disk(site):
    """Let no database of the application grow, as on a full disk."""

    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages if full else 1 << 30}")

    full = True
    with engines(site)[0].connect() as connection:
        connection.connection.driver_connection.execute("VACUUM")  # so that no page is free
    for engine in engines(site):
        event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        full = False
        for engine in engines(site):
            for connection in [engine.connect() for _ in range(engine.pool.checkedin())]:
                connection.close()
            event.remove(engine, "checkout", limit)


def rows(site):
    """Return everything that is kept, and the files beside it."""
    with engines(site)[0].connect() as connection:
        found = {table.name: connection.execute(select(table)).fetchall() for table in metadata.sorted_tables}
    folder = site.assistant.settings.data_dir / "documents"
    return found, sorted(one.name for one in folder.glob("*"))


@pytest.fixture(scope="module")
def site(small, tmp_path_factory):
    site = Site(small, tmp_path_factory.mktemp("data"))
    site.client = TestClient(site.client.app, follow_redirects=False, raise_server_exceptions=False)
    site.get, site.post = site.client.get, site.client.post
    return site


@pytest.fixture(scope="module")
def lamp(site):
    """A finished system with a duty."""
    system = start(site)
    answer(site, system, FACT, "true")
    return system


def _answer(site, lamp, language):
    return answer(site, lamp, FACT, "true", language=language, note=LONG[:1990] + language)


def _duty(site, lamp, language):
    tracked = site.desk.duties.all(lamp).get("EU-01")
    data = {"version": tracked.version if tracked else 0, "state": "doing", "notes": LONG + language}
    return site.post(f"/{language}/systems/{lamp}/duties/EU-01", data=data)


def _comment(site, lamp, language):
    return site.post(f"/{language}/systems/{lamp}/comments", data={"text": LONG})


def _evidence(site, lamp, language):
    return site.post(f"/{language}/systems/{lamp}/duties/EU-01/files", files={"file": ("a.bin", b"x" * 99_000)})


def _review(site, lamp, language):
    state = "draft" if site.desk.systems.get(lamp).state == "reviewed" else "reviewed"
    data = {"version": site.desk.systems.get(lamp).version, "state": state, "person": "Ken", "note": LONG}
    return site.post(f"/{language}/systems/{lamp}/review", data=data)


def _begin(site, _lamp, language):
    return site.post(f"/{language}/assess", data={"name": "灯" * 200, "owner": "台" * 200, "description": LONG[:2000]})


def _answers_file(site, _lamp, language):
    content = json.dumps(
        {"questionnaire": site.desk.knowledge.questionnaire, "facts": {FACT: True}, "notes": {FACT: LONG[:2000]}}
    )
    return site.post(f"/{language}/assess/file", files={"file": ("answers.json", content.encode())})


def _upload(site, _lamp, language):
    return site.post(f"/{language}/library/own", files={"file": ("policy.md", f"# {language}\n\n{LONG}".encode())})


SAVES = [_answer, _duty, _comment, _evidence, _review, _begin, _answers_file, _upload]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("save", SAVES)
def test_a_full_disk_is_told_nothing_is_half_saved_and_once_there_is_room_it_is_saved(site, lamp, save, language):
    before = rows(site)
    with full_disk(site):
        response = save(site, lamp, language)
    assert response.status_code == 507, unescape(response.text)
    assert texts(Language(language))("store_full") in unescape(response.text)
    assert rows(site) == before
    assert save(site, lamp, language).status_code == 303


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_register_that_finds_no_room_is_not_taken_in(site, lamp, language):
    content = download(site, "json").replace(
        lamp.encode(), lamp[::-1].encode() if language == "en" else lamp[:0:-1].encode() + b"0"
    )
    place, page = planned(site, content, language)
    before = rows(site)
    with full_disk(site):
        response = confirm(site, place, page)
    assert (response.status_code, rows(site)) == (507, before)
    assert texts(Language(language))("store_full") in unescape(response.text)
    assert confirm(site, place, page).status_code == 303, "the upload still waits"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("where", "path", "field"),
    [
        ("assistant.search.copies.shutil.copyfile", "library/own", "file"),
        ("assistant.web.library.acquiring.shutil.copyfileobj", "library/own", "file"),
        ("assistant.web.library.acquiring.shutil.copyfileobj", "library/texts/import", "file"),
        ("assistant.texts.library.shutil.copyfile", "library/texts/import", "file"),
    ],
)
def test_a_disk_full_of_files_is_told(site, monkeypatch, where, path, field, language):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    from texts.pages import OFFICIAL_JOURNAL

    before = rows(site)
    monkeypatch.setattr(where, full)
    response = site.post(f"/{language}/{path}", files={field: ("demo-first.xhtml", OFFICIAL_JOURNAL.encode())})
    assert response.status_code == 507
    assert texts(Language(language))("store_full") in unescape(response.text)
    assert rows(site) == before
    assert not site.assistant.library.installed()


@pytest.fixture
def chat(demo):
    return Chat(demo, Language.JA)


class _Kept:
    """What ``full_disk`` wants of an application, for a chat."""

    def __init__(self, chat):
        self.desk, self.assistant = chat.desk, chat.desk.assistant


def test_the_chat_says_that_a_question_was_not_kept_and_leaves_it_in_its_box(chat):
    site = _Kept(chat)
    before = rows(site)
    with full_disk(site):
        shown = chat.page.begin(LONG, LONG, "", "")
    assert texts(Language.JA)("store_full") in shown["told"]
    assert "question" not in shown
    assert rows(site) == before, "nor an empty conversation"
    assert "question" in chat.page.begin(LONG, LONG, "", "")


def test_the_chat_says_that_an_answer_was_not_kept_and_answers_again(chat, monkeypatch):
    def full(*_):
        raise NotSavedError("x", "full")

    with monkeypatch.context() as patched:
        patched.setattr(chat.desk.conversations, "answered", full)
        conversation = chat.talk.begin("ja", "", "Demo Act Article 5(1)")
        *_, last = chat.talk.follow(conversation)
    assert last.last.state == "failed"
    assert texts(Language.JA)("store_full") in chat.contents([chat.page.view(last)])[-1]
    chat.talk.again(conversation)
    *_, last = chat.talk.follow(conversation)
    assert last.last.state == "answered"


def test_the_reasons_of_the_stores_have_a_text_in_both_languages():
    from needs import ROOT

    raised = set()
    for file in (ROOT / "assistant" / "store").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("StoreError", "NotSavedError"):
                raised.add(node.args[1].value)
    assert raised >= {"full", "busy", "unwritable", "too_long", "empty"}
    for language in Language:
        for reason in raised:
            assert f"store_{reason}" in texts(language)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotSavedError("x", "full"), 507),
        (NotSavedError("x", "busy"), 503),
        (NotSavedError("x", "unwritable"), 500),
        (StoreError("x", "too_long", length=5, limit=4), 400),
        (missing("system", "x"), 404),
        (ConflictError(None, []), 409),
        (OSError(errno.ENOSPC, "x"), 507),
        (OSError(errno.EACCES, "x"), 500),
        (ValueError("x"), 500),
    ],
    ids=str,
)
def test_each_fault_has_its_status_and_a_sentence(error, status):
    assert faults.status(error) == status
    assert faults.told(error, texts(Language.JA)).endswith("。")
