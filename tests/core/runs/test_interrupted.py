"""A sync that breaks off leaves the directory as it was, and the next one tidies up."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core.scene import NORTH, Scene
from rollbook.desk import auditing
from rollbook.desk.views import RunState
from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.errors import RollbookError
from rollbook.roster.states import RunKind

STEPS = [
    "rollbook.runs.sync.stage",
    "rollbook.runs.comparison.compare",
    "rollbook.runs.sync.compare_snapshot",
    "rollbook.runs.prepare.judge",
    "rollbook.runs.sync.keep",
    "rollbook.runs.release.apply_lanes",
    "rollbook.directory.fingerprints.follow",
    "rollbook.runs.release.holds.spend",
]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_breaks_nothing_is_half_done(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def breaks(*args: object, **given: object) -> None:
        raise error

    before = scene.held()
    scene.sis.add_student("s1", "new", classes=("c-s1-1",))
    with monkeypatch.context() as broken:
        broken.setattr(step, breaks)
        with pytest.raises(RollbookError if isinstance(error, OSError) else type(error)) as told:
            scene.sync()
    if isinstance(error, OSError):
        assert "broke off: No space left on device; nothing is half done" in str(told.value)
    assert scene.held() == before
    assert scene.generation() == 1
    assert scene.run("north.2").summary.state in (RunState.CANCELLED, RunState.READY)
    assert auditing.verify(scene.desk).ok
    assert not list((scene.desk.home.snapshots / NORTH).glob("staging-*"))
    assert scene.sync().summary.state is RunState.APPLIED
    assert "new" in scene.users()


def test_an_input_that_cannot_be_copied_is_a_fetch_that_failed(scene: Scene) -> None:
    folder = scene.desk.home.snapshots / NORTH
    shutil.rmtree(folder)
    folder.write_text("in the way", encoding="utf-8")
    scene.sis.add_student("s1", "new")
    view = scene.sync()
    assert view.summary.state is RunState.FETCH_FAILED
    assert f"could not be copied into {folder}: " in view.summary.message
    assert "Make room" in view.summary.message
    assert scene.generation() == 1
    folder.unlink()
    assert scene.sync().summary.state is RunState.APPLIED


def test_a_run_whose_process_was_killed_is_closed_by_the_next(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        actor = Actor("sam", scene.clock())
        killed = runs.create(connection, actor, NORTH, RunKind.SYNC)
        runs.move(connection, actor, runs.get(connection, killed), RunState.STAGED)
    left = scene.desk.home.snapshots / NORTH / f"staging-{killed}"
    left.mkdir()
    (left / "users.csv").write_text("secret", encoding="utf-8")
    scene.sis.add_student("s1", "new")
    assert scene.sync().summary.state is RunState.APPLIED
    view = scene.run(killed)
    assert view.summary.state is RunState.CANCELLED
    assert "its process ended" in view.summary.message
    assert not left.exists()


def test_what_a_saved_run_had_staged_is_gone_when_a_desk_is_opened(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process died after the changeset was saved: no run is under way, yet there is a copy."""

    def dies(*args: object) -> None:
        raise SystemExit

    scene.sis.add_student("s1", "new")
    with monkeypatch.context() as dying:
        dying.setattr("rollbook.runs.sync.keep", dies)
        dying.setattr("rollbook.runs.sync.drop", lambda folder: None)
        with pytest.raises(SystemExit):
            scene.sync()
    folder = scene.desk.home.snapshots / NORTH
    assert scene.run("north.2").summary.state is RunState.READY
    assert list(folder.glob("staging-*"))
    scene.at(read_only=True)
    assert list(folder.glob("staging-*"))
    scene.at()
    assert not list(folder.glob("staging-*"))


def test_ctrl_c_between_rows_leaves_the_store_unlocked(scene: Scene) -> None:
    """The statement is still alive then, and would keep what its transaction locked."""

    def pressed(*args: Any) -> None:
        if args[2].startswith("INSERT INTO lane_counts"):
            raise KeyboardInterrupt

    scene.sis.add_student("s1", "new")
    engine = scene.desk.store.engine
    event.listen(engine, "after_cursor_execute", pressed)
    try:
        with pytest.raises(KeyboardInterrupt):
            scene.sync()
    finally:
        event.remove(engine, "after_cursor_execute", pressed)
    assert scene.run("north.2").summary.state is RunState.CANCELLED
    assert scene.sync().summary.state is RunState.APPLIED


def test_runs_of_other_districts_are_left_alone(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        other = runs.create(connection, Actor("sam", scene.clock()), "south", RunKind.SYNC)
    scene.sync()
    with scene.desk.store.read() as connection:
        assert runs.get(connection, other).state == RunState.FETCHING


def test_a_snapshot_that_was_kept_is_the_input_that_was_compared(scene: Scene) -> None:
    scene.sis.add_student("s1", "new")
    view = scene.sync()
    kept = scene.desk.home.snapshots / NORTH / str(view.summary.snapshot)
    files = sorted(kept.glob("*.csv"))
    assert {file.name for file in files} == {file.name for file in scene.drop.iterdir()}
    for file in files:
        assert rows_of(file) == rows_of(scene.drop / file.name)


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text(encoding="utf-8").splitlines()))


def test_what_was_ready_when_a_sync_broke_off_goes_in_with_the_next_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: object) -> None:
        raise KeyboardInterrupt

    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s2", "new")
    with monkeypatch.context() as broken:
        broken.setattr("rollbook.runs.sync._apply", breaks)
        with pytest.raises(KeyboardInterrupt):
            scene.sync()
    assert "new" not in scene.users()
    view = scene.sync()
    assert "new" in scene.users()
    assert view.summary.state == "HELD"
    assert "s1-01" in scene.users()
    assert scene.sync().summary.id == view.summary.id
