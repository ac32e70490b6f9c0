"""A district is worked on by one process at a time, whatever becomes of the process."""

import errno
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from core.scene import NORTH, Scene
from rollbook.desk.desk import Desk
from rollbook.errors import Busy
from rollbook.runs.lock import district_lock, is_running

HOLD_IT = """
import sys
from pathlib import Path
from rollbook.directory.store import open_store
from rollbook.runs.lock import district_lock

url, folder, district = sys.argv[1:]
with district_lock(open_store(url), Path(folder), district):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(scene: Scene) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the district's lock, with a connection of its own."""
    arguments = [scene.desk.store.url, str(scene.desk.home.locks), NORTH]
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_IT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def runs_now(desk: Desk, district: str = NORTH) -> bool:
    with desk.store.read() as connection:
        return is_running(connection, desk.home.locks, district)


def take(desk: Desk, district: str = NORTH) -> None:
    with district_lock(desk.store, desk.home.locks, district):
        pass


def test_a_second_process_is_told_that_a_run_is_under_way(
    scene: Scene, holder: subprocess.Popen[str]
) -> None:
    assert runs_now(scene.desk)
    with pytest.raises(Busy, match=f"a run of {NORTH} is under way"):
        scene.sync()
    assert scene.generation() == 1


def test_who_is_locked_out_is_told_where_the_other_process_is(
    scene: Scene, holder: subprocess.Popen[str]
) -> None:
    where = f"process {holder.pid} on {socket.gethostname()}"
    with pytest.raises(Busy, match=re.escape(f"a run of {NORTH} is under way: {where}.")):
        take(scene.desk)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_who_only_looks_is_in_nobodys_way(scene: Scene) -> None:
    """Neither of another who looks, nor of a run that is to begin."""
    take(scene.desk)
    with (scene.desk.home.locks / f"{NORTH}.lock").open("rb") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not runs_now(scene.desk)
        gone = threading.Timer(0.03, fcntl.flock, (looking, fcntl.LOCK_UN))
        gone.start()
        take(scene.desk)
        gone.join()


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_a_lock_that_cannot_be_signed_is_a_lock(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    desk = scene.desk
    with district_lock(desk.store, desk.home.locks, NORTH), pytest.raises(Busy):
        take(desk)


def test_the_lock_of_a_killed_process_is_free(scene: Scene, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    for _ in range(600):  # a server notices in its own time that nobody is there any more
        if not runs_now(scene.desk):
            break
        time.sleep(0.05)
    take(scene.desk)


def test_it_is_held_for_the_block_and_no_longer(scene: Scene) -> None:
    desk, other = scene.desk, scene.at()
    assert not runs_now(desk)
    with district_lock(desk.store, desk.home.locks, NORTH):
        assert runs_now(desk)
        assert runs_now(other)
        with pytest.raises(Busy):
            take(other)
        with pytest.raises(Busy):
            take(desk)
    take(other)
    assert not runs_now(other)


def test_other_districts_are_not_locked(scene: Scene) -> None:
    desk = scene.desk
    with district_lock(desk.store, desk.home.locks, NORTH):
        assert not runs_now(desk, "south")
        take(desk, "south")


def test_looking_makes_no_lock_file(scene: Scene) -> None:
    assert not runs_now(scene.desk, "south")
    assert not (scene.desk.home.locks / "south.lock").exists()


def test_an_error_gives_the_lock_back(scene: Scene) -> None:
    def fail() -> None:
        with district_lock(scene.desk.store, scene.desk.home.locks, NORTH):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    take(scene.desk)


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_machines_with_homes_of_their_own_share_the_lock_of_a_shared_store(
    scene: Scene, tmp_path: Path
) -> None:
    desk, elsewhere = scene.desk, tmp_path / "locks"
    with (
        district_lock(desk.store, desk.home.locks, NORTH),
        pytest.raises(Busy),
        district_lock(scene.at().store, elsewhere, NORTH),
    ):
        pass


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
def test_it_is_given_back_before_its_connection_closes(scene: Scene) -> None:
    """A server notices a closed connection in its own time, and the next one would be busy."""
    desk, held = scene.desk, []

    def closes(*args: object) -> None:
        held.append(runs_now(desk))

    event.listen(desk.store.engine, "close_detached", closes)
    try:
        take(desk)
    finally:
        event.remove(desk.store.engine, "close_detached", closes)
    assert held == [False]
