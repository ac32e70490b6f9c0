"""How a district's source is: read when, how much came, and what was wrong last."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import districts, syncing
from rollbook.desk.source_health import OVERDUE_LEAST, shown_place
from rollbook.desk.views import RunState, SourceHealth, SourceState

TICKS = timedelta(minutes=10)
"""More than the clock goes on by itself."""


def health(scene: Scene) -> SourceHealth:
    (summary,) = districts.districts(scene.desk)
    assert summary.source is not None
    assert summary.source == districts.district(scene.desk, NORTH).summary.source
    return summary.source


def test_a_source_that_was_read_says_when_and_how_much(scene: Scene) -> None:
    found = health(scene)
    assert (found.type, found.where) == ("oneroster-csv", str(scene.drop))
    assert found.state is SourceState.GOOD
    (run,) = districts.district(scene.desk, NORTH).recent[-1:]
    assert found.pulled_at == found.tried_at == run.created_at
    assert found.new_at is not None
    assert run.created_at < found.new_at < run.created_at + TICKS
    assert found.rows == sum(
        len(path.read_text(encoding="utf-8").splitlines()) - 1
        for path in scene.drop.glob("*.csv")
        if path.name != "manifest.csv"
    )
    assert found.seconds is not None
    assert found.seconds > 0
    assert not found.overdue
    assert not found.failure


def test_the_same_files_again_were_read_now_and_are_as_old_as_before(scene: Scene) -> None:
    before = health(scene)
    scene.clock.forward(hours=5)
    assert scene.sync().summary.state is RunState.NOOP
    after = health(scene)
    assert before.pulled_at is not None
    assert after.pulled_at is not None
    assert timedelta(hours=5) <= after.pulled_at - before.pulled_at < timedelta(hours=5) + TICKS
    assert after.new_at == before.new_at
    assert after.rows == before.rows


def test_a_refused_input_leaves_the_last_pull_and_says_what_to_do(scene: Scene) -> None:
    before = health(scene)
    scene.clock.forward(hours=1)
    (scene.drop / "users.csv").unlink()
    view = syncing.sync(scene.desk, NORTH)
    found = health(scene)
    assert found.state is SourceState.REFUSED
    assert found.failure == view.summary.message
    assert view.findings[-1].remedy in found.failure
    assert found.pulled_at == before.pulled_at
    assert found.tried_at == view.summary.created_at


def test_an_unreachable_source_and_one_that_comes_back(scene: Scene, tmp_path: Path) -> None:
    shutil.move(scene.drop, tmp_path / "away")
    syncing.sync(scene.desk, NORTH)
    assert health(scene).state is SourceState.UNREACHABLE
    shutil.move(tmp_path / "away", scene.drop)
    syncing.sync(scene.desk, NORTH)
    assert health(scene).state is SourceState.GOOD


def test_one_that_was_never_read(scene: Scene, tmp_path: Path) -> None:
    districts.add_district(scene.desk, "new", name="New", path=tmp_path)
    new = districts.district(scene.desk, "new").summary.source
    assert new is not None
    assert new.state is SourceState.NEVER
    assert (new.pulled_at, new.rows, new.overdue) == (None, None, False)


@pytest.mark.parametrize(("every", "silent"), [(1, OVERDUE_LEAST), (4, timedelta(days=8))])
def test_it_is_overdue_after_twice_its_usual_gap(
    scene: Scene, every: int, silent: timedelta
) -> None:
    for days in (every, 70, every, every):
        scene.clock.forward(days=days)
        scene.sync()
    scene.clock.now += silent - TICKS
    assert not health(scene).overdue
    scene.clock.now += 2 * TICKS
    assert health(scene).overdue
    scene.sync()
    assert not health(scene).overdue


def test_a_failed_attempt_does_not_keep_it_from_being_overdue(scene: Scene) -> None:
    scene.clock.now += OVERDUE_LEAST + TICKS
    (scene.drop / "users.csv").unlink()
    syncing.sync(scene.desk, NORTH)
    found = health(scene)
    assert found.overdue
    assert found.state is SourceState.REFUSED


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("/srv/a:b@c", "/srv/a:b@c"),
        ("sftp://sis@files.example.org:2222/out", "sftp://sis@files.example.org:2222/out"),
        ("sftp://sis:a:b@c@files.example.org/out", "sftp://sis@files.example.org/out"),
        ("https://sis.example.org/v1?key=abc#x", "https://sis.example.org/v1"),
    ],
)
def test_places_are_shown_without_secrets(place: str, shown: str) -> None:
    assert shown_place(place) == shown


def test_it_says_when_it_is_read_next(scene: Scene) -> None:
    assert health(scene).next_at is None
    blackout = {"begins": "11:00", "ends": "13:00"}
    scene.configure(schedule={"times": ("12:00", "15:00"), "blackouts": (blackout,)})
    assert health(scene).next_at == datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    scene.clock.forward(hours=20)
    assert health(scene).next_at == datetime(2026, 3, 3, 21, 0, tzinfo=UTC)
    scene.configure(schedule={"times": (), "on_arrival": True})
    assert health(scene).next_at is None
