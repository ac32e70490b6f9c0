"""The service as a process: it works, stops when told to, and loses nothing when it is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
import requests

from cli.program import ROOT
from core.small_sis import small_sis
from rollbook.desk.desk import open_desk
from rollbook.desk.history import runs
from rollbook.desk.schedules import schedules
from rollbook.desk.services import services, serving
from rollbook.desk.views import RunState
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn

DISTRICT = """
name = "North"
timezone = "America/Chicago"
[schedule]
cron = ["0 * * * *"]
[source]
"""
FILES = DISTRICT + 'path = "{drop}"\n'
NEVER_ANSWERS = DISTRICT + (
    'type = "oneroster-rest"\nurl = "http://127.0.0.1:9/ims"\n'
    'http = {{ plain_http = "allowed" }}\n'
    'auth = {{ type = "bearer", token = "cmd:sleep 60" }}\n'
)


@dataclass
class Running:
    """A service in a process of its own, and what it says."""

    process: subprocess.Popen[str]
    said: SimpleQueue[str]

    def wait_for(self, words: str, seconds: float = 30) -> str:
        """The next line with some words in it."""
        until = time.monotonic() + seconds
        heard = []
        while time.monotonic() < until:
            try:
                heard.append(self.said.get(timeout=0.2))
            except Empty:
                continue
            if words in heard[-1]:
                return heard[-1]
        pytest.fail(f"no {words!r} in {heard}")

    def end(self, number: signal.Signals) -> int:
        """Tell it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


@contextmanager
def serve(home: Path) -> Iterator[Running]:
    """``rollbook serve`` for the block."""
    path = os.pathsep.join(str(ROOT / folder) for folder in ("core", "tui"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ROLLBOOK_")}
    process = subprocess.Popen(
        [
            *(sys.executable, "-W", "error", "-m", "rollbook", "--home", str(home), "serve"),
            *("--listen", "127.0.0.1:0"),
        ],
        env={**environment, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    running = Running(process, SimpleQueue())

    def listen() -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                running.said.put(line.rstrip())

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield running
    finally:
        process.kill()
        process.wait()
        listener.join()


@pytest.fixture
def due(tmp_path: Path) -> Callable[[str], Path]:
    """A home with a district that should have been read an hour ago; takes its file."""
    drop = small_sis(1, 5).write(tmp_path / "drop")
    home = tmp_path / "home"

    def make(text: str) -> Path:
        (home / "districts").mkdir(parents=True, exist_ok=True)
        (home / "districts" / "north.toml").write_text(text.format(drop=drop), encoding="utf-8")
        return home

    make(FILES)
    desk = open_desk(home, clock=lambda: datetime.now(UTC) - timedelta(hours=2))
    with serving(desk, host="before", pid=1) as service:
        tick(Service(desk, service, InTurn()))
    desk.close()
    return make


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_it_catches_up_answers_and_stops_when_it_is_told(
    due: Callable[[str], Path],
) -> None:
    home = due(FILES)
    with serve(home) as service:
        address = service.wait_for("health and metrics").rpartition(" ")[2]
        assert re.search(
            r"north: .* for \d missed before it: north\.1 HELD", service.wait_for("done")
        )
        assert requests.get(f"{address}/healthz", timeout=5).text == "ok\n"
        metrics = requests.get(f"{address}/metrics", timeout=5).text
        assert 'rollbook_runs_total{state="held"} 1.0' in metrics
        assert "rollbook_open_holds 1.0" in metrics
        assert "north" not in metrics.lower()
        assert str(home) not in metrics
        assert requests.get(f"{address}/", timeout=5).status_code == 404
        desk = open_desk(home, read_only=True)
        assert [view.pid for view in services(desk)] == [service.process.pid]
        [district] = schedules(desk)
        assert district.newest[0].run_state is RunState.HELD
        assert service.end(signal.SIGTERM) == 0
        service.wait_for("stops")
    assert services(desk) == ()
    assert [run.created_by for run in runs(desk)] == ["service"]
    desk.close()


def test_a_run_that_is_cut_off_or_killed_is_taken_up_by_the_next(
    due: Callable[[str], Path],
) -> None:
    home = due(NEVER_ANSWERS)
    desk = open_desk(home, read_only=True)

    def tries() -> int:
        [view] = schedules(desk)
        return view.newest[0].tries if view.newest else 0

    with serve(home) as service:
        wait_until(lambda: tries() == 1)
        time.sleep(0.5)
        begun = time.monotonic()
        assert service.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 15
        service.wait_for("cut off: north")
    with serve(home) as service:
        wait_until(lambda: tries() == 2)
        time.sleep(0.5)
        service.end(signal.SIGKILL)
    due(FILES)
    with serve(home) as service:
        assert "north.3 HELD" in service.wait_for("done")
        assert service.end(signal.SIGINT) == 0
    [view] = schedules(desk)
    assert [(slot.tries, slot.run) for slot in view.newest] == [(3, "north.3")]
    assert [run.state for run in runs(desk)] == ["HELD", "CANCELLED", "CANCELLED"]
    desk.close()
