"""The chat where there are accounts: every handler acts for whoever asked, and tells nobody else; what Gradio adds is shut."""

import json
import time

import httpx
import pytest
from fastapi.testclient import TestClient
from web.chat_calls import call, call_at_once, handlers
from web.conftest import TeamSite
from web.serving import served

from assistant.types import Language
from assistant.web.app import create_app
from assistant.web.ask_page import AskPage
from assistant.web.i18n import texts
from assistant.web.talk import Talk

pytestmark = pytest.mark.long
CANARY, SAID = "zanzibar-lighthouse", "porcelain-weathervane"  # in the name of the system, in the conversation


@pytest.fixture(scope="module")
def site(knowledge, tmp_path_factory):
    """The whole application, with the chat."""
    site = TeamSite(knowledge, tmp_path_factory.mktemp("chat"))
    with served(create_app(site.assistant, desk=site.desk)) as address:

        def browser(name=None):
            client = httpx.Client(base_url=address, headers={"Origin": address}, timeout=20)
            if name:
                client.cookies.set("session", site.team.sessions.open(site.people[name]))
            return client

        site.browser = browser
        yield site


@pytest.fixture(scope="module")
def theirs(site):
    """A system and a conversation of the first organisation's assessor."""
    with site.acting("assessor"):
        system = site.desk.systems.create({"questionnaire": site.desk.knowledge.questionnaire, "facts": {}}, name=CANARY).id
        talk = site.desk.conversations.start("en", system=system, question=SAID).id
        told = site.assistant.ask("What is an AI system?").model_dump(mode="json")
        site.desk.conversations.answered(talk, 1, {**told, "question": SAID, "answer": SAID, "system": None}, SAID)
    return {"system": system, "talk": talk}


def test_a_handler_acts_for_whoever_asked(site, theirs):
    browser = site.browser("assessor")
    address = f"?conversation={theirs['talk']}"
    told = [call(browser, number, [address] * len(inputs), f"mine{number}").text for number, inputs in handlers(browser)]
    assert any(SAID in one for one in told)


@pytest.mark.parametrize("name", ["rival", "second"])
def test_no_handler_tells_or_changes_what_is_of_others(site, theirs, name):
    """Every handler is given the foreign ids in every place, as text and as an address."""
    browser = site.browser(name)
    every, before = handlers(browser), _kept(site, theirs)
    assert len(every) > 15
    given = (
        theirs["talk"],
        f"?conversation={theirs['talk']}",
        *([f"?system={theirs['system']}", theirs["system"]] if name == "rival" else []),
    )
    for number, inputs in every:
        for value in given:
            for way in (call, call_at_once):
                answer = way(browser, number, [value] * len(inputs), f"{name}{number}")
                assert SAID not in answer.text, (number, inputs, value)
                assert name == "second" or CANARY not in answer.text, (number, inputs, value)
    assert _kept(site, theirs) == before


def _kept(site, theirs):
    with site.acting("assessor"):
        talk = theirs["talk"]
        return site.desk.conversations.turns(talk), site.desk.feedback.of(talk), site.desk.conversations.get(talk)


def test_the_key_of_a_page_is_of_whoever_used_it_first(site, theirs):
    mine, rival = site.browser("assessor"), site.browser("rival")
    number, inputs = handlers(mine)[0]
    assert call(mine, number, [theirs["talk"]] * len(inputs), "shared").status_code == 200
    assert rival.get("/en/gradio_api/queue/data?session_hash=shared").status_code == 404
    assert rival.get("/ja/gradio_api/heartbeat/shared").status_code == 404
    for path in ("queue/join", "run/predict", "reset", "cancel"):
        sent = {"data": [], "fn_index": number, "session_hash": "shared", "event_id": "x"}
        assert rival.post(f"/en/gradio_api/{path}", json=sent).status_code == 404, path


@pytest.mark.parametrize("kind", ["Application/JSON", "application/json; charset=utf-8", "application/anything+json"])
def test_no_name_of_the_form_of_what_is_sent_leads_around_that(site, kind):
    mine, rival = site.browser("assessor"), site.browser("rival")
    assert mine.post("/en/gradio_api/reset", json={"event_id": "x", "session_hash": kind}).status_code == 200
    sent = json.dumps({"data": [], "fn_index": 0, "session_hash": kind, "event_id": "x"})
    for path in ("queue/join", "run/predict", "reset", "cancel"):
        answer = rival.post(f"/en/gradio_api/{path}", content=sent, headers={"Content-Type": kind})
        assert answer.status_code == 404, (path, answer.text)


def test_what_the_page_sends_has_a_limit_however_it_is_sent(site):
    """Without a length told beforehand as well: all of it is held in memory to see whose page it is about."""
    parts = (b" " * (1 << 18) for _ in range(5))
    answer = site.browser("reader").post("/en/gradio_api/queue/join", content=parts, headers={"Content-Type": "application/json"})
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", "config", "gradio_api/info", "systems"])
def test_a_page_of_another_site_may_not_read_what_the_chat_is_told(site, path):
    """One on a neighbouring name of the same site: the browser sends the cookie along, and Gradio would let it read."""
    headers = {"Origin": "https://wiki.lamp.example", "Host": "ai.lamp.example", "Sec-Fetch-Site": "same-site"}
    asked = {**headers, "Access-Control-Request-Method": "POST"}
    for method, sent in (("GET", headers), ("OPTIONS", asked)):
        answer = site.browser("reader").request(method, f"/en/{path}", headers=sent)
        assert not [name for name in answer.headers if name.startswith("access-control")], method


def test_a_stranger_reaches_no_handler(site):
    stranger = site.browser()
    for path in ("config", "", "gradio_api/info", "gradio_api/queue/data?session_hash=x"):
        assert stranger.get(f"/en/{path}").status_code in (303, 401), path
    assert stranger.post("/en/gradio_api/queue/join", json={"data": [], "fn_index": 0, "session_hash": "x"}).status_code == 401


def test_no_handler_is_an_address_that_programs_maycall(site):
    info = site.browser("reader").get("/en/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}


SHUT = (
    "runs app_id user token deep_link vibe-code openapi.json file=/etc/passwd proxy=http://127.0.0.1:1 queue/status call/x/y "
    "stream/a/1/1/playlist.m3u8 upload_progress dev/reload component_server run/x api/x"
).split()


@pytest.mark.parametrize("path", SHUT)
def test_what_gradio_adds_and_the_chat_does_not_use_is_shut(site, path):
    browser = site.browser("admin")
    assert browser.get(f"/en/gradio_api/{path}").status_code == 404
    assert browser.post(f"/ja/gradio_api/{path}", json={}).status_code == 404


@pytest.mark.parametrize("path", ["monitoring", "monitoring/summary", "logout", "login", "openapi.json"])
def test_neither_is_what_it_adds_beside(site, path):
    assert site.browser("admin").get(f"/en/{path}").status_code == 404


def test_a_reader_asks_but_answers_no_questionnaire_in_the_chat(site, theirs):
    reader = site.browser("reader")
    with site.acting("reader"):
        talk = site.desk.conversations.start("en", system=theirs["system"]).id
    every = {tuple(inputs): number for number, inputs in handlers(reader)}
    begin = next(number for inputs, number in every.items() if inputs[:2] == ("interview", "question"))
    asked = call(reader, begin, ["Next question about this system", "", talk, theirs["system"]], "r1")
    assert asked.status_code == 200
    with site.acting("reader"):
        option = _settled(site, talk, 1)["options"][0]
    call(reader, begin, [option, "", talk, theirs["system"]], "r1")
    with site.acting("reader"):
        told = _settled(site, talk, 2)
        assert texts(Language.EN)("only_assess") in told["answer"]
        assert site.desk.systems.get(theirs["system"]).answers["facts"] == {}, "nothing was answered"


@pytest.mark.parametrize(("name", "shown"), [("reader", False), ("reviewer", False), ("assessor", True), ("admin", True)])
def test_the_chat_offers_the_questionnaire_to_whoever_may_answer_it(site, theirs, name, shown):
    page = AskPage(site.desk, Talk(site.desk), texts(Language.EN))
    with site.acting(name):
        assert page.view(None, theirs["system"])["interview"]["visible"] is shown


def _settled(site, talk, place):
    for _ in range(200):
        turns = site.desk.conversations.turns(talk)
        if len(turns) >= place and turns[place - 1].answer:
            return turns[place - 1].answer
        time.sleep(0.05)
    return None


def test_under_a_foreign_name_nothing_is_answered(demo):
    app = create_app(demo, hosts=frozenset({"127.0.0.1", "localhost"}))
    for host, status in (("127.0.0.1:7860", 200), ("localhost", 200), ("evil.example", 421), ("", 421), ("[::1]:7860", 421)):
        assert TestClient(app).get("/static/app.js", headers={"Host": host}).status_code == status, host
        assert TestClient(app).get("/health/live", headers={"Host": host}).status_code == 200, host
