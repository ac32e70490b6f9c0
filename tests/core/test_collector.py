"""The cycle collector stands still exactly where it is meant to."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from rollbook import collector
from rollbook.desk import syncing

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """The collector runs before each test, and nothing stays frozen after it."""
    assert gc.isenabled()
    yield
    gc.unfreeze()
    gc.enable()


def test_nobody_collects_until_the_last_pause_is_over() -> None:
    with collector.paused():
        with collector.paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_a_pause() -> None:
    with pytest.raises(ValueError, match="out"), collector.paused():
        raise ValueError("out")
    assert gc.isenabled()


def test_pauses_of_threads_overlap() -> None:
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with collector.paused():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    with collector.paused():
        thread.start()
        assert inside.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join(10)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collector.paused(), collector.running():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_within_a_pause_it_can_run_again() -> None:
    with collector.paused():
        with collector.running():
            assert gc.isenabled()
            with collector.paused():
                assert not gc.isenabled()
            assert gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_start_up_made_is_set_aside_once() -> None:
    with collector.paused():
        with collector.running():
            first = gc.get_freeze_count()
        assert first
        later = [[number] for number in range(50_000)]
        with collector.running():
            assert gc.get_freeze_count() < first + len(later)


def test_a_sync_runs_without_it(scene: Scene) -> None:
    seen: list[bool] = []
    syncing.sync(scene.desk, NORTH, progress=lambda _: seen.append(gc.isenabled()))
    assert seen
    assert not any(seen)
    assert gc.isenabled()


def test_a_command_ends_without_looking_for_garbage(tmp_path: Path) -> None:
    script = (
        "import atexit, gc\n"
        "atexit.register(lambda: print('frozen' if gc.get_freeze_count() > 1000 else 'thawed'))\n"
        "from rollbook.cli import main\n"
        "raise SystemExit(main(['paths', '--json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT / "core"), "ROLLBOOK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "frozen"
