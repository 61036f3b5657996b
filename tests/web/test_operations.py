"""What operators look at: figures that count right, health in each state, logs that hold nothing of what people write."""

import io
import json
import logging
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from browser.running import started
from fastapi.testclient import TestClient
from needs import ROOT
from web.conftest import Site, TeamSite
from web.serving import served

from assistant.answer.pipeline import Assistant
from assistant.settings import Settings
from assistant.store.database import file_of
from assistant.web.operations import logs
from assistant.web.operations.logs import without_content
from assistant.web.server import Server, is_loopback, serve

MARK = "zanzibarlighthouse"


@pytest.fixture
def site(small, tmp_path):
    return Site(small, tmp_path)


@pytest.fixture
def near(site):
    """A client on the same machine."""
    return TestClient(site.client.app, follow_redirects=False, client=("127.0.0.1", 50000))


def _figure(client, name, **labels):
    """Return one figure of the metrics."""
    text = client.get("/metrics").text
    for line in text.splitlines():
        if re.match(rf"{name}[{{ ]", line) and all(f'{key}="{value}"' in line for key, value in labels.items()):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


def test_requests_are_counted_by_template_and_status(near):
    for path in ("/en/systems", "/en/systems/abc", "/en/systems/def", "/nowhere"):
        near.get(path)
    assert _figure(near, "assistant_requests_total", method="GET", route="/systems", status="200") == 1
    assert _figure(near, "assistant_requests_total", route="/systems/{identity}", status="404") == 2
    assert _figure(near, "assistant_requests_total", route="other", status="404") == 1
    assert _figure(near, "assistant_request_seconds_count", route="/systems/{identity}") == 2


@pytest.mark.long
def test_odd_addresses_make_no_new_figures(near):
    before = near.get("/metrics").text.count("\n")
    for number in range(300):
        near.get(f"/odd/{number}")
        near.get(f"/en/systems/{number}")
        near.request(f"ODD{number}", "/en/systems")
    after = near.get("/metrics").text
    assert after.count("\n") < before + 100
    assert "odd" not in after


def test_answers_are_counted_by_outcome(near):
    near.post("/api/v1/ask", json={"question": "Demo Act Article 5(1)"})
    near.post("/api/v1/ask", json={"question": "Demo Act Article 999"})
    assert _figure(near, "assistant_answers_total", outcome="answered", worded="composed") == 1
    assert _figure(near, "assistant_answers_total", outcome="no_such_provision") == 1
    assert _figure(near, "assistant_answer_seconds_count") == 2


def test_figures_are_for_this_machine_or_whoever_has_the_token(small, tmp_path):
    site = Site(small, tmp_path)
    app = site.client.app
    far = TestClient(app, client=("192.0.2.7", 50000))
    assert far.get("/metrics").status_code == 404
    proxied = TestClient(app, client=("127.0.0.1", 50000), headers={"X-Forwarded-For": "192.0.2.7"})
    assert proxied.get("/metrics").status_code == 404
    for token in ("", "wrong"):
        assert far.get("/metrics", headers={"Authorization": f"Bearer {token}"}).status_code == 404, "no token is set"


def test_the_token_opens_the_figures_from_elsewhere(small, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_METRICS_TOKEN", "figures-please")
    far = TestClient(Site(small, tmp_path).client.app, client=("192.0.2.7", 50000))
    assert far.get("/metrics", headers={"Authorization": "Bearer figures-please"}).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer figures-pleasf"}).status_code == 404


def test_ready_says_what_is_lacking(site, monkeypatch):
    assert site.get("/health/live").json() == {"status": "ok"}
    assert site.get("/health/ready").json()["status"] == "ok"
    monkeypatch.setattr("assistant.web.operations.health.answers", lambda _: False)
    away = site.get("/health/ready")
    assert (away.status_code, away.json()["lacking"]) == (503, ["database"])
    monkeypatch.undo()
    site.client.app.state.closing.set()
    assert site.get("/health/ready").json()["lacking"] == ["open"]
    assert site.get("/health/live").status_code == 200
    assert site.get("/health").json()["version"]


def test_a_database_that_is_lost_is_lacking(site):
    """Of SQLite open connections outlive their file, and what they keep would be found by nobody."""
    file = file_of(site.desk.engine)
    file.rename(away := file.with_suffix(".away"))
    assert site.get("/health/ready").json()["lacking"] == ["database"]
    assert site.get("/health/live").status_code == 200
    away.rename(file)
    assert site.get("/health/ready").status_code == 200
    with site.desk.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert site.get("/health/ready").json()["lacking"] == ["database"], "a database without our tables is not ours"


def test_health_and_figures_are_told_while_every_thread_is_at_work(small, tmp_path, monkeypatch):
    """Else whoever watches would kill a process for being busy, and see nothing of why."""
    site, go_on, ask = TeamSite(small, tmp_path), threading.Event(), Assistant.ask
    monkeypatch.setattr(Assistant, "ask", lambda *given, **more: go_on.wait(20) and ask(*given, **more))
    with site.acting("reader"):
        token = {"Authorization": f"Bearer {site.team.tokens.make('test', 'read', 1)}"}
    with served(site.app) as address, ThreadPoolExecutor(45) as pool, httpx.Client(base_url=address, timeout=5) as client:
        asked = {"url": f"{address}/api/v1/ask", "json": {"question": "Demo Act Article 5(1)"}, "headers": token, "timeout": 60}
        answers = [pool.submit(httpx.post, **asked) for _ in range(45)]
        try:
            while site.desk.metrics.in_progress._value.get() < 45:
                time.sleep(0.02)
            assert [client.get(path).status_code for path in ("/health/live", "/health", "/metrics")] == [200] * 3
            assert _figure(client, "assistant_requests_total", route="/health/live", status="200") == 1
        finally:
            go_on.set()
        assert {answer.result().status_code for answer in answers} == {200}


def test_health_is_told_however_often_it_is_asked(small, tmp_path):
    """Probes come from the address of the proxy, as does whoever is not known behind it."""
    site = TeamSite(small, tmp_path, rate_per_minute=2)
    stranger = site.browser()
    assert [stranger.get("/en/sign-in").status_code for _ in range(3)] == [200, 200, 429]
    assert [stranger.get(path).status_code for path in ("/health/live", "/health/ready", "/health")] == [200] * 3


@pytest.fixture
def logged(monkeypatch):
    """What the log holds, in the form asked for; the loggers are put back afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level

    def begin(**settings):
        monkeypatch.setattr("sys.stderr", stream)
        logs.configure(Settings(**settings))
        return stream

    yield begin
    root.handlers, root.level = before, level


def test_a_request_leaves_one_line_with_an_id_that_the_answer_carries(site, logged):
    stream = logged(log_format="json")
    answer = site.get(f"/en/systems?words={MARK}", headers={"X-Request-ID": "trace-1234"})
    assert answer.headers["x-request-id"] == "trace-1234"
    own = site.get("/health", headers={"X-Request-ID": "bad id\x7f"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", own)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    told = next(line for line in lines if line.get("access", {}).get("request") == "trace-1234")
    assert told["level"] == "INFO"
    assert told["access"]["route"] == "/systems"
    assert told["access"]["status"] == 200
    assert MARK not in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_people_write_gets_into_the_log(site, logged, monkeypatch, form):
    """Not by a question, a form, a name, nor by a fault whose message quotes what was written."""
    stream = logged(log_format=form, log_level="debug")
    site.post("/api/v1/ask", json={"question": f"Demo Act {MARK}?"})
    site.post("/en/assess", data={"name": MARK, "description": MARK, "owner": MARK})
    site.get(f"/en/{MARK}?q={MARK}")
    site.post("/en/library/own", files={"file": (f"{MARK}.md", MARK.encode())})

    def fails(*_, **__):
        raise ValueError(f"cannot do {MARK}")

    monkeypatch.setattr(type(site.assistant), "ask", fails)
    client = TestClient(site.client.app, raise_server_exceptions=False)
    assert client.post("/api/v1/ask", json={"question": MARK}).status_code == 500
    monkeypatch.setattr(type(site.desk.systems), "all", fails)
    assert client.get("/en/systems").status_code == 500
    with pytest.raises(Exception, match="no such table"), site.desk.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO absent VALUES (?)", (MARK,))
    logging.getLogger("assistant").exception("A fault", exc_info=ValueError(MARK))
    assert "A fault" in stream.getvalue()
    assert MARK not in stream.getvalue()


def test_an_error_is_told_by_where_and_what_kind_it_and_its_causes_are():
    try:
        try:
            int(MARK)
        except ValueError as error:
            raise RuntimeError(MARK) from error
    except RuntimeError as error:
        told = without_content(error)
    assert "builtins.RuntimeError" in told
    assert "caused by" in told
    assert "builtins.ValueError" in told
    assert "test_operations.py" in told
    assert MARK not in told.replace("int(MARK)", "").replace("RuntimeError(MARK)", "")


def test_content_is_logged_where_the_settings_say_so(logged):
    stream = logged(log_content=True)
    logging.getLogger("assistant").exception("A fault", exc_info=ValueError(MARK))
    assert MARK in stream.getvalue()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_without_accounts_others_are_not_let_in(host, tmp_path):
    with pytest.raises(Exception, match="without an account") as refused:
        serve(Settings(data_dir=tmp_path, host=host))
    assert "--team" in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_loopback_has_several_names():
    near = ("127.0.0.1", "127.8.8.8", "::1", "localhost")
    assert all(map(is_loopback, near))
    assert not any(map(is_loopback, ("10.0.0.1", "0.0.0.0", "::", "example.com")))


def test_told_to_stop_it_waits_for_answers_being_made_so_that_they_are_stored(site, monkeypatch):
    talk, go_on, ask = site.client.app.state.talk, threading.Event(), type(site.assistant).ask

    def slowly(*given, **more):
        go_on.wait(20)
        return ask(*given, **more)

    monkeypatch.setattr(type(site.assistant), "ask", slowly)
    identity = talk.begin("en", "", "Demo Act Article 5(1)")
    assert not talk.finish(0.05)
    go_on.set()
    assert talk.finish(20)
    assert site.desk.conversations.turns(identity)[0].answer


@pytest.mark.long
@pytest.mark.parametrize(("seconds", "status"), [(20, 200), (0, 500)])
def test_told_to_stop_it_ends_the_request_at_work(site, monkeypatch, seconds, status):
    go_on, ask = threading.Event(), type(site.assistant).ask
    monkeypatch.setattr(type(site.assistant), "ask", lambda *given, **more: go_on.wait(20) and ask(*given, **more))
    server = Server(site.client.app, Settings(shutdown_seconds=seconds))
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(2) as pool:
        stopped = pool.submit(server.run, [listener])
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1/ask"
        answer = pool.submit(httpx.post, address, json={"question": "Demo Act Article 5(1)"}, timeout=30)
        while not site.desk.metrics.in_progress._value.get():
            time.sleep(0.02)
        server.should_exit = True
        time.sleep(3)  # longer than an open page is waited for
        go_on.set()
        assert answer.result(20).status_code == status
        stopped.result(20)


@pytest.mark.long
def test_a_server_told_to_stop_stops(tmp_path):
    settings = {"ASSISTANT_KNOWLEDGE_DIR": str(ROOT / "tests" / "small"), "ASSISTANT_EMBEDDING": "none"}
    with (
        started(tmp_path, **settings) as (address, process),
        httpx.Client() as client,
        client.stream("GET", f"{address}/en/gradio_api/heartbeat/abc"),  # an open page
    ):
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) in (0, -signal.SIGTERM)
