"""``/healthz`` and ``/metrics``, for whoever watches over the service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rollbook.errors import RollbookError
from rollbook.service.health import Health
from rollbook.service.metrics import CONTENT_TYPE, Metrics


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen; port 0 is any that is free."""

    host: str = "127.0.0.1"
    port: int = 9464


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up in the middle is nothing to tell."""


@contextmanager
def listening(listen: Listen, health: Health, metrics: Metrics) -> Iterator[str]:
    """Answer for the block; yields ``host:port``. Raises ``RollbookError`` where that is taken."""
    try:
        server = _Server((listen.host, listen.port), _handler(health, metrics))
    except OSError as error:
        raise RollbookError(
            f"nobody can listen at {listen.host}:{listen.port}: {error.strerror}.",
            remedy="Name another place with --listen, or --listen off.",
        ) from None
    thread = threading.Thread(target=server.serve_forever, name="listening", daemon=True)
    thread.start()
    try:
        yield f"{listen.host}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(health: Health, metrics: Metrics) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5.0
        server_version = "rollbook"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/healthz":
                well, words = health.verdict()
                self._answer(200 if well else 503, "text/plain; charset=utf-8", f"{words}\n")
            elif self.path == "/metrics":
                self._answer(200, CONTENT_TYPE, metrics.text())
            else:
                self._answer(404, "text/plain; charset=utf-8", "/healthz and /metrics\n")

        def _answer(self, code: int, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Who asks how the service is, is nothing to keep."""

    return Handler
