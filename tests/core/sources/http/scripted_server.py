"""A web server that answers as it was told, well or badly, over real connections."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: str


def raw(status: int, body: bytes, **headers: str) -> bytes:
    """A whole response, with a length unless one is given."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if "Transfer-Encoding" not in given:
        given = {"Content-Length": str(len(body)), **given}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer(document: Any, status: int = 200, **headers: str) -> bytes:
    """A response of JSON."""
    body = json.dumps(document).encode()
    return raw(status, body, **{"Content_Type": "application/json", **headers})


@dataclass
class Script:
    """What the server answers, one after the other; the last one again and again."""

    url: str
    answers: list[bytes] = field(default_factory=lambda: [answer({})])
    seen: list[Seen] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    refuse: str = ""

    def next(self, authorization: str | None) -> bytes:
        """The answer that is due; 401 to the header that is refused."""
        if self.refuse and authorization == self.refuse:
            return answer({}, 401)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running_server(tls: ssl.SSLContext | None = None) -> Iterator[Script]:
    """A server on a free port of this machine; with ``tls`` it speaks HTTPS."""
    script = Script("")
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with lock:
                script.seen.append(Seen(self.command, self.path, dict(self.headers.items()), body))
                script.connections.add(self.client_address)
                due = script.next(self.headers.get("Authorization"))
            self.wfile.write(due)
            # Whoever breaks a promise about the length also hangs up.
            self.close_connection = b"\r\nConnection: close" in due

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    script.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
