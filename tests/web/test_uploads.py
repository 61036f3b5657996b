"""A gigabyte sent to any address that takes files: refused with a sentence, without filling memory or disk."""

import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser.running import started

pytestmark = pytest.mark.long
MIB = 1 << 20
SENT, MOST = 1024, 100  # MiB: what is sent, and by how much the process may grow
HEAD = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\n'


@pytest.fixture(scope="module")
def temporary(tmp_path_factory):
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def server(tmp_path_factory, temporary):
    """A server that the test can look into, with its address and a system."""
    with started(tmp_path_factory.mktemp("data"), ASSISTANT_EMBEDDING="none", TMPDIR=str(temporary)) as (address, process):
        status, place = send(address, "/en/assess", b"name=Lamp", "application/x-www-form-urlencoded")
        assert status == 303
        yield address, process, place.split("/")[3]


def send(address, path, body, kind, size=None):
    """Send a request, in pieces where the body is several; return the status and what was said or where it leads."""
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=120)
    connection.request("POST", path, body, {"Content-Type": kind, "Content-Length": str(size or len(body))})
    response = connection.getresponse()
    said = response.headers.get("location") or response.read().decode()
    connection.close()
    return response.status, said


def memory(process, name):
    """Return a figure of a process in MiB."""
    return int(re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells how much memory was used at most")
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/en/library/own", "file"),
        ("/ja/library/texts/import", "file"),
        ("/en/systems/{system}/duties/EU-01/files", "file"),
        ("/ja/assess/file", "file"),
        ("/en/systems/import", "file"),
        ("/en/gradio_api/upload", "files"),
        ("/en/systems/{system}/comments", "text"),
    ],
)
def test_a_gigabyte_is_refused_without_filling_memory_or_disk(server, temporary, path, field):
    address, process, system = server
    head, piece = HEAD % field.encode(), bytes(MIB)
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")  # the highest use counts from here
    before = memory(process, "VmRSS")
    body = (head, *(piece for _ in range(SENT)))
    status, said = send(
        address, path.format(system=system), iter(body), "multipart/form-data; boundary=x", len(head) + SENT * MIB
    )
    assert status == 413
    assert "larger than 100 MiB" in said
    assert "100 MiBを超えている" in said
    assert memory(process, "VmHWM") - before < MOST
    assert [one for one in temporary.rglob("*") if one.is_file() and one.stat().st_size] == [], "nothing is left lying about"


def test_after_that_everything_goes_on(server):
    address, _, system = server
    status, _ = send(address, f"/en/systems/{system}/comments", b"text=still+here", "application/x-www-form-urlencoded")
    assert status == 303
