"""How a service says that it is well: to systemd, and to whoever asks."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import requests

from core.scene import Scene
from rollbook.errors import RollbookError
from rollbook.service.health import SILENT_AFTER, Health
from rollbook.service.listening import Listen, listening
from rollbook.service.metrics import Metrics
from rollbook.service.process import Alarm
from rollbook.service.supervisor import Supervisor
from rollbook.service.workers import InTurn


def test_systemd_hears_what_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(place))
        monkeypatch.setenv("NOTIFY_SOCKET", str(place))
        Supervisor.from_environment().say("READY=1")
        assert listener.recv(100) == b"READY=1"
    Supervisor.from_environment().say("nobody listens any more")
    monkeypatch.delenv("NOTIFY_SOCKET")
    Supervisor.from_environment().say("and nobody wants to")


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_who_asks_hears_when_it_does_not_look_any_more(scene: Scene) -> None:
    seconds = 0.0
    health = Health(lambda: seconds)
    metrics = Metrics(scene.desk, InTurn())
    with listening(Listen(port=0), health, metrics) as address:

        def asked() -> tuple[int, str]:
            answer = requests.get(f"http://{address}/healthz", timeout=5)
            return answer.status_code, answer.text

        assert asked() == (200, "ok\n")
        seconds = SILENT_AFTER + 1
        assert asked() == (503, "no look for 121 seconds\n")
        health.note_look()
        assert asked() == (200, "ok\n")
        health.note_trouble("the disk of /srv/north is full")
        assert asked() == (503, "the store cannot be used\n")
        host, _, port = address.rpartition(":")
        with (
            pytest.raises(RollbookError, match="nobody can listen at"),
            listening(Listen(host, int(port)), health, metrics),
        ):
            pass


def test_who_rings_wakes_and_nobody_sleeps_longer_than_told() -> None:
    alarm = Alarm()
    alarm.sleep(0.01)
    alarm.ring()
    alarm.ring()
    alarm.sleep(60)
    assert not alarm.stopping
    alarm.stop()
    alarm.sleep(60)
    assert alarm.stopping
