"""Notices to chats, by Apprise, to a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from core.scene import Scene
from core.service.served import served
from rollbook.desk import noticing
from rollbook.desk.notice_views import NoticeState

pytest.importorskip("apprise")


class Chat(HTTPServer):
    """Keeps what was written to it; ``answer`` is its status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.written: list[dict[str, str]] = []
        self.answer = 200


class _Handler(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.written.append(json.loads(body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def chat() -> Iterator[Chat]:
    with Chat() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_hold_is_told_to_a_chat_too(
    scene: Scene, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT", f"json://127.0.0.1:{chat.server_address[1]}/canary-token")
    settings = scene.desk.home.root / "notices.toml"
    settings.write_text('from = "rollbook@x.org"\napprise = ["env:CHAT"]\n', encoding="utf-8")
    scene.configure(notices={})
    with served(scene) as it:
        scene.sis.drop_students("s1", 6)
        [hold] = scene.sync().holds
        chat.answer = 500
        it.at(scene.clock.now)
        assert it.faults == []
        [row] = noticing.notices(scene.desk)
        assert (row.channel, row.state) == ("chat", NoticeState.PENDING)
        assert row.message == "not every chat took it"
        chat.answer = 200
        assert row.next_at is not None
        it.at(row.next_at)
    [row] = noticing.notices(scene.desk)
    assert row.state is NoticeState.SENT
    assert hold.id in chat.written[-1]["title"]
    assert "6 of 30" in chat.written[-1]["message"]
    monkeypatch.setenv("CHAT", "nonsense")
    [check] = noticing.try_notices(scene.desk)
    assert check.detail == "Apprise does not know the address of chat 1"
    assert "canary" not in str(noticing.notices(scene.desk)) + "".join(it.said)
