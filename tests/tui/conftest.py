"""The demonstration's districts, seeded once, and a terminal that is the same everywhere."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual.widgets import Input

import rollbook_tui.dialogs.dialog
from rollbook.demo import seed
from rollbook.desk.desk import Desk, open_desk
from rollbook_tui.work import under_way
from tui.shared_homes import shared_home

TODAY = date(2026, 8, 17)
NOW = datetime(2026, 8, 17, 11, 40, tzinfo=UTC)
"""Ten past the last simulated act, in UTC."""

FRAME = 1 / 50
"""Seconds; no less than Textual takes between two drawings."""


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demonstration in it; not to be written to."""
    return shared_home(tmp_path_factory, "seeded", lambda home: seed(home, seed=7, today=TODAY))


def _copied(source: str, target: str) -> object:
    """Copy what is written to, link what is only read."""
    copy = shutil.copy2 if Path(source).suffix in {".db", ".toml"} else os.link
    return copy(source, target)


@pytest.fixture
def demo_home(seeded: Path, tmp_path: Path) -> Path:
    """A home of the test's own with the demonstration in it."""
    return Path(shutil.copytree(seeded, tmp_path / "demo", copy_function=_copied))


@pytest.fixture
def desk(demo_home: Path) -> Iterator[Desk]:
    """A desk in that home, on the last simulated morning."""
    desk = open_desk(demo_home, operator="dana.kim", clock=lambda: NOW)
    yield desk
    desk.close()


@pytest.fixture
def read_only_desk(demo_home: Path) -> Iterator[Desk]:
    """The same desk, which may not write."""
    desk = open_desk(demo_home, operator="dana.kim", clock=lambda: NOW, read_only=True)
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def _same_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(autouse=True)
def _steady_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks makes two pictures of one screen."""

    def stay(self: Any) -> None:
        self._cursor_visible = True

    monkeypatch.setattr(Input, "_toggle_cursor", stay)


async def _wait_for_rest(*_: float) -> None:
    """Wait for a frame, and then until the loop has nothing left that could run at once.

    Textual takes a process that used no CPU time for one that is done; on a busy machine it may
    only not have had its turn, and a key is still on its way.
    """
    await asyncio.sleep(FRAME)
    loop = asyncio.get_running_loop()
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0)
        quiet = 0 if loop._ready else quiet + 1  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _keys_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (textual.pilot, textual.app):
        monkeypatch.setattr(module, "wait_for_idle", _wait_for_rest)


@pytest.fixture(autouse=True)
def _questions_answer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "DEAF_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def freezes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each ``gc.freeze``, which would keep the rubbish of every test for ever."""
    freezes: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: freezes.append("frozen"))
    return freezes


@pytest.fixture(autouse=True)
def _every_call_comes_back() -> Iterator[None]:
    """A call that is still at work when a test ends would work on the next one's store."""
    yield
    for thread in under_way():
        thread.join(20)
        assert not thread.is_alive()
