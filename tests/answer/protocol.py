"""A server on loopback that speaks the OpenAI protocol for chats, and misbehaves on request."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Scene:
    """What the server does with each request in turn, the last for all that follow, and what it was sent."""

    def __init__(self, *acts):
        self.acts = list(acts)
        self.requests = []
        self.keys = []


@contextmanager
def serving(*acts):
    """Yield the address of a server that plays these acts, and its scene.

    An act is a text to stream, a status to refuse with, or one of "hang", "drip", "garbage", "cut".
    """
    scene = Scene(*acts)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            scene.requests.append(json.loads(body))
            scene.keys.append(self.headers.get("authorization"))
            act = scene.acts[min(len(scene.requests), len(scene.acts)) - 1]
            if isinstance(act, int):
                self._refuse(act)
            elif act == "hang":
                time.sleep(5)
            else:
                self._stream(act)

        def _refuse(self, status):
            body = json.dumps({"error": {"message": "the key sk-secret is wrong", "type": "x"}}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, act):
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            if act == "garbage":
                self.wfile.write(b"data: {nonsense\n\n\x00\xff data: 7\n\n")
                return
            text = {"drip": "x" * 200, "cut": '{"claims": [{"text": "You mu'}.get(act, act)
            for at in range(0, len(text), 9):
                self._chunk({"content": text[at : at + 9]})
                if act == "drip":
                    time.sleep(0.2)
            if act == "cut":
                self.connection.close()
                return
            self._chunk({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

        def _chunk(self, delta, finish=None):
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", scene
    finally:
        server.shutdown()
        server.server_close()
