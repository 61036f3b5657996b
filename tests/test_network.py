"""No unasked outbound connection: indexing, asking and serving reach loopback and nothing else."""

import os
import subprocess
import sys

import pytest

# Runs in a child: every attempt to reach another host is recorded and refused, name look-ups included.
GUARD = """
import socket, sys, ipaddress
attempts = []
def loopback(address):
    if not isinstance(address, tuple):
        return True
    host = address[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")
def guarded(name):
    real = getattr(socket.socket, name)
    def call(self, address, *rest):
        if not loopback(address):
            attempts.append((name, address))
            raise OSError(f"blocked: {address}")
        return real(self, address, *rest)
    return call
for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, guarded(name))
real_lookup = socket.getaddrinfo
def lookup(host, *rest, **more):
    if host is not None and not loopback((host,)):
        attempts.append(("getaddrinfo", host))
        raise OSError(f"blocked: {host}")
    return real_lookup(host, *rest, **more)
socket.getaddrinfo = lookup
"""
EVERYTHING = """
import threading, time, urllib.request
from assistant.answer.pipeline import Assistant
from assistant.settings import load_settings
from assistant.web.app import create_app
import uvicorn
assistant = Assistant.open(load_settings())
assert assistant.has_vectors
assert not assistant.ask("What must keepers do about the lamp?").refused
server = uvicorn.Server(uvicorn.Config(create_app(assistant), port=0, log_level="error"))
thread = threading.Thread(target=server.run, daemon=True)
thread.start()
while not server.started:
    time.sleep(0.05)
port = server.servers[0].sockets[0].getsockname()[1]
for path in ("/", "/en/", "/ja/", "/health"):
    assert urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").status == 200
time.sleep(3)  # time for anything that calls home in the background
server.should_exit = True
thread.join(10)
print("attempts:", attempts)
sys.exit(1 if attempts else 0)
"""
CALL_HOME = """
try:
    socket.create_connection(("example.org", 80), timeout=1)
except OSError:
    pass
sys.exit(1 if attempts else 0)
"""


def _run(script, tmp_path, small_dir):
    settings = {"ASSISTANT_DATA_DIR": str(tmp_path / "data"), "ASSISTANT_KNOWLEDGE_DIR": str(small_dir)}
    return subprocess.run(
        [sys.executable, "-c", GUARD + script],
        capture_output=True, text=True, timeout=240, check=False, env={**os.environ, **settings},
    )  # fmt: skip


@pytest.mark.long
def test_index_ask_and_serve_call_nobody(tmp_path, small_dir):
    done = _run(EVERYTHING, tmp_path, small_dir)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_guard_would_notice(tmp_path, small_dir):
    assert _run(CALL_HOME, tmp_path, small_dir).returncode == 1


TELEMETRY = ("ANONYMIZED_TELEMETRY", "GRADIO_ANALYTICS_ENABLED", "LANGSMITH_TRACING")


@pytest.mark.parametrize("name", TELEMETRY)
def test_telemetry_is_off_even_where_the_environment_asks_for_it(name):
    script = f"import assistant, os; print(os.environ[{name!r}])"
    environment = {**os.environ, name: "yes please"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip().casefold() == "false"
