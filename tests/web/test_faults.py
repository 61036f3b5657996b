"""What goes wrong is told in the language of the page, and leaves nothing half done: a full disk, odd addresses, what is gone."""

import ast
import errno
import json
import re
from contextlib import contextmanager
from html import unescape

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import event, select
from web.conftest import Site
from web.talking import Chat
from web.test_assess_pages import answer, start
from web.test_register_exchange import confirm, download
from web.test_register_exchange import plan as planned

from assistant.store.columns import metadata
from assistant.store.rows import ConflictError, missing, new_id
from assistant.store.transactions import NotSavedError, StoreError
from assistant.types import Language
from assistant.web import conversations, faults
from assistant.web.app import _AREAS
from assistant.web.i18n import texts
from assistant.web.pages import Pages
from assistant.web.talk import Talk

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
    """Return everything that is kept."""
    with engines(site)[0].connect() as connection:
        return {table.name: connection.execute(select(table)).fetchall() for table in metadata.sorted_tables}


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
    return site.post(f"/{language}/systems/{lamp}/duties/EU-01/files", files={"file": ("a.txt", b"x" * 99_000)})


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
    content = download(site, "json").replace(lamp.encode(), new_id().encode())  # a system that is not here yet
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


ODD = {
    "up": "../../../../etc/passwd",
    "dots": "..",
    "encoded dots": "%2e%2e",
    "encoded up": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "twice encoded": "%252e%252e%252f",
    "backslash": "..%5c..%5cwindows",
    "nul": "%00",
    "nul at its end": "x%00.png",
    "long": "x" * 10_000,
    "emoji": "%F0%9F%98%80",
    "no utf-8": "%ff%fe",
    "half a character": "%ed%a0%80",
    "line end": "x%0d%0aSet-Cookie:%20a=b",
    "wildcard": "%25",
    "sql": "%27%20OR%201=1--",
    "template": "%7B%7B7*7%7D%7D",
    "number": "99999999999999999999999999",
    "negative": "-1",
    "digits": "%C2%B2%EF%BC%91",
    "white space": "%20",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
}
PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def addresses(site, language):
    """Yield (methods, address) for every route of ours."""
    pages = Pages(site.desk, Language(language))
    areas = [area.router(pages) for area in _AREAS] + [conversations.router(pages, Talk(site.desk))]
    for router in [site.client.app, *areas]:
        for route in router.routes:
            if isinstance(route, APIRoute) and "gradio_api" not in route.path:  # that one is of programs, never a page
                yield route.methods, route.path if router is site.client.app else f"/{language}{route.path}"


def with_parameters(site, language):
    return [(methods, path) for methods, path in addresses(site, language) if "{" in path]


def filled(path, odd, known):
    """Yield the address once for each parameter that is odd, where all the others are right."""
    for name in PARAMETER.findall(path):
        yield PARAMETER.sub(lambda found, name=name: odd if found[1] == name else known.get(found[1], "x"), path)


@pytest.mark.long
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_addresses_are_refused_and_never_fail(site, lamp, odd):
    known = {"identity": lamp, "fact": FACT, "duty": "EU-01", "form": "json", "kind": "json", "place": "1"}
    wrong = []
    for methods, path in with_parameters(site, "en"):
        for method in methods:
            for address in filled(path, odd, known):
                response = site.client.request(method, address, headers={"accept": "text/html"})
                if response.status_code >= 500:
                    wrong.append((method, address[:200], response.status_code))
                if response.status_code >= 400:
                    assert response.headers["content-type"].startswith("text/html"), address
                assert "root:" not in response.text
                assert "<script>alert(1)" not in response.text
                assert "set-cookie" not in response.headers
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_method_that_does_not_fit_is_told_on_a_page(site, lamp, language):
    every = list(addresses(site, language))
    read = {path for methods, path in every if "GET" in methods}
    only_posted = sorted({path for methods, path in every if "POST" in methods} - read)
    assert only_posted
    for path in only_posted:
        response = site.get(PARAMETER.sub("x", path), headers={"accept": "text/html"})
        assert response.status_code == 405, path
        assert texts(Language(language))("wrong_method") in unescape(response.text), path
    assert site.client.request("DELETE", f"/en/systems/{lamp}").status_code == 405
    assert site.desk.systems.get(lamp)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_deleted_is_told_wherever_its_links_lead(site, language):
    system = start(site, "Gone")
    answer(site, system, FACT, "true")
    site.desk.duties.add_evidence(system, "EU-01", "a.txt", b"x")
    file = site.desk.duties.evidence(system)[0].id
    conversation = site.desk.conversations.start(language, question="Q").id
    site.post("/en/library/own", files={"file": ("gone.md", f"# gone {language}\n\nLenses.".encode())})
    document = next(one.id for one in site.assistant.shelf.all() if one.title == f"gone {language}")
    site.desk.systems.delete(system)
    site.desk.conversations.delete(conversation)
    site.assistant.shelf.remove(document)
    gone = {"systems": system, "conversations": conversation, "own": document}
    rest = {"fact": FACT, "duty": "EU-01", "file": file, "form": "json", "kind": "json", "place": "1", "one": "1"}
    seen = 0
    for methods, path in with_parameters(site, language):
        area = re.match(rf"/{language}/(?:library/)?(\w+)/\{{identity\}}", path)
        if "GET" in methods and area and area[1] in gone:
            response = site.get(PARAMETER.sub(lambda found, area=area: rest.get(found[1], gone[area[1]]), path))
            assert response.status_code == 404, path
            assert texts(Language(language))("not_found") in unescape(response.text), path
            seen += 1
    assert seen > 15
