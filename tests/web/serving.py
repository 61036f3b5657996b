"""An application of this process on a real port of loopback, for what needs one event loop."""

import threading
import time
from contextlib import contextmanager

import uvicorn


@contextmanager
def served(app):
    """Yield the address of an application that a thread serves."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
