"""Downloads, from a server on this machine that plays the publisher and misbehaves in every way we know."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pages import OFFICIAL_JOURNAL

from assistant.texts import acquire
from assistant.texts.fetch import Fetcher, FetchError
from assistant.texts.library import Library
from assistant.texts.pdf import Limits

FIRST = "eu.demo@first.en"
CONTENT = OFFICIAL_JOURNAL.encode()


class Publisher(BaseHTTPRequestHandler):
    """Answers by the behaviours in ``script``, one a request; the last one repeats."""

    script: list
    seen: list

    def do_GET(self):
        cls = type(self)
        cls.seen.append((time.monotonic(), self.path, dict(self.headers)))
        behave = cls.script.pop(0) if len(cls.script) > 1 else cls.script[0]
        behave(self)

    def log_message(self, *args):
        pass

    def reply(self, status=200, body=CONTENT, headers=(), promise=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if promise is None else promise))
        self.end_headers()
        self.wfile.write(body)


def whole(handler):
    handler.reply()


def half(handler):
    """Breaks off in the middle."""
    handler.reply(body=CONTENT[: len(CONTENT) // 2], promise=len(CONTENT))
    handler.wfile.flush()
    handler.connection.close()


def rest(handler):
    """Continues where the client says it stopped."""
    start = int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))
    handler.reply(206, CONTENT[start:], [("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")])


def status(code, *headers):
    return lambda handler: handler.reply(code, b"error page", headers)


def silent(handler):
    time.sleep(1.5)
    whole(handler)


def drip(handler):
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.fixture
def publisher(monkeypatch):
    """Start a publisher with a script; yields the function that sets it and the requests seen."""
    handler = type("Scripted", (Publisher,), {"script": [whole], "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handler.address = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(publisher):
    return Fetcher(pause=0.01, timeout=0.5, attempts=3, mirrors={"https://publisher.example": publisher.address})


@pytest.fixture
def library(small, tmp_path):
    return Library(tmp_path / "texts", small)


@pytest.fixture
def source(small):
    return small.texts[FIRST]


def test_a_text_is_negotiated_downloaded_and_installed(publisher, fetcher, library, source):
    told = []
    outcome = acquire.fetch(library, fetcher, source, Limits(), lambda done, total: told.append((done, total)))
    assert outcome.state == "installed"
    assert library.record(FIRST).obtained_from == f"{publisher.address}/demo-first"
    headers = publisher.seen[0][2]
    assert headers["Accept"] == "application/xhtml+xml"
    assert headers["Accept-Language"] == "eng"
    assert headers["User-Agent"].startswith("governance-assistant/")
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert list((library.root / "downloads").iterdir()) == []


def test_a_broken_download_is_continued_where_it_stopped(publisher, fetcher, library, source):
    publisher.script = [half, rest]
    assert acquire.fetch(library, fetcher, source, Limits()).state == "installed"
    assert publisher.seen[1][2]["Range"] == f"bytes={len(CONTENT) // 2}-"
    assert library.path_of(FIRST).read_bytes() == CONTENT


def test_a_part_that_was_kept_is_continued_by_a_later_run(publisher, fetcher, tmp_path, source):
    publisher.script = [half]
    with pytest.raises(FetchError, match="kept and continued"):
        fetcher.fetch(source, tmp_path)
    publisher.script = [rest]
    file, _ = fetcher.fetch(source, tmp_path)
    assert file.read_bytes() == CONTENT


def test_a_server_that_ignores_the_range_starts_anew(publisher, fetcher, tmp_path, source):
    publisher.script = [half, whole]
    file, _ = fetcher.fetch(source, tmp_path)
    assert file.read_bytes() == CONTENT


def test_a_kept_part_that_no_longer_fits_is_thrown_away(publisher, fetcher, tmp_path, source):
    publisher.script = [half, status(416), whole]
    file, _ = fetcher.fetch(source, tmp_path)
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize("passing", [status(503), status(429), silent])
def test_what_may_pass_is_tried_again(publisher, fetcher, library, source, passing):
    publisher.script = [passing, whole]
    assert acquire.fetch(library, fetcher, source, Limits()).state == "installed"
    assert len(publisher.seen) == 2


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ([status(404)], "does not have it at this address (status 404)"),
        ([status(403)], "refuses the download (status 403); save the file and import it"),
        ([status(503)], "the publisher is busy (status 503). Try again later"),
        ([silent], "did not answer within 0.5 seconds"),
        ([status(302, ("Location", "https://elsewhere.example/file"))], "redirects to another host (elsewhere.example)"),
        ([status(302, ("Location", "/again"))], "redirects in a circle"),
        ([lambda h: h.reply(body=b"<html><body>Down for maintenance</body></html>")], "what the publisher sent was not accepted"),
        ([lambda h: h.reply(body=CONTENT.replace(b"Demonstration", b"Another"))], "not eu.demo, version first"),
        ([lambda h: h.reply(promise=200 << 20)], "200 MiB; the limit is 1 MiB"),
    ],
)
def test_what_does_not_pass_is_said_and_nothing_is_installed(publisher, fetcher, library, source, script, message):
    publisher.script = script
    fetcher.max_bytes = 1 << 20
    outcome = acquire.fetch(library, fetcher, source, Limits())
    assert outcome.state == "refused"
    assert message in outcome.message
    assert library.installed() == {}


def test_a_redirect_on_the_same_host_is_followed(publisher, fetcher, library, source):
    publisher.script = [status(303, ("Location", "/celex/demo")), whole]
    assert acquire.fetch(library, fetcher, source, Limits()).state == "installed"
    assert [path for _, path, _ in publisher.seen] == ["/demo-first", "/celex/demo"]


def test_an_endless_trickle_is_given_up(publisher, fetcher, tmp_path, source):
    publisher.script = [drip]
    fetcher.longest, fetcher.attempts = 0.3, 1
    with pytest.raises(FetchError, match="took longer than 0.3 seconds"):
        fetcher.fetch(source, tmp_path)


def test_more_than_was_promised_is_cut_off(publisher, fetcher, tmp_path, source):
    def lying(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * (2 << 20))

    publisher.script = [lying]
    fetcher.max_bytes = 1 << 20
    with pytest.raises(FetchError, match="larger than the limit"):
        fetcher.fetch(source, tmp_path)


def test_there_is_a_pause_between_requests(publisher, fetcher, library, small):
    fetcher.pause = 0.2
    for identity in (FIRST, "eu.demo@second.en"):
        acquire.fetch(library, fetcher, small.texts[identity], Limits())
    first, second = (moment for moment, _, _ in publisher.seen)
    assert second - first >= 0.19


def test_without_a_network_the_reason_is_told(source, tmp_path):
    fetcher = Fetcher(pause=0.01, attempts=2, mirrors={"https://publisher.example": "http://127.0.0.1:9"})
    with pytest.raises(FetchError, match="the connection failed"):
        fetcher.fetch(source, tmp_path)


def test_a_text_without_an_address_says_how_to_get_it(source, tmp_path):
    with pytest.raises(FetchError, match="save the file as 'demo-first.xhtml' and run 'sources import'"):
        Fetcher().fetch(source.model_copy(update={"request": None}), tmp_path)
