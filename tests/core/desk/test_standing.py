"""How districts and runs are spoken of: truly, also after an interruption or a preview."""

from __future__ import annotations

from datetime import timedelta

from core.scene import NORTH, Scene
from rollbook.desk import decisions, districts
from rollbook.desk.districts import districts as all_districts
from rollbook.desk.views import DistrictState, RunState
from rollbook.directory import runs
from rollbook.roster.states import RunKind
from rollbook.runs.lock import district_lock


def staged_run(scene: Scene) -> str:
    with scene.desk.store.write() as connection:
        run = runs.create(connection, scene.desk.actor(), NORTH, RunKind.SYNC)
        runs.move(connection, scene.desk.actor(), runs.get(connection, run), RunState.STAGED)
    left = scene.desk.home.snapshots / NORTH / f"staging-{run}"
    left.mkdir(parents=True)
    (left / "users.csv").write_text("password", encoding="utf-8")
    return run


def test_a_run_without_a_process_is_not_under_way(scene: Scene) -> None:
    staged_run(scene)
    (summary,) = all_districts(scene.desk)
    assert summary.state is DistrictState.FAILED
    assert summary.note == "The last run was interrupted: sync again."
    with district_lock(scene.desk.store, scene.desk.home.locks, NORTH):
        (summary,) = all_districts(scene.desk)
    assert summary.state is DistrictState.SYNCING


def test_opening_a_desk_closes_what_was_interrupted(scene: Scene) -> None:
    run = staged_run(scene)
    with district_lock(scene.desk.store, scene.desk.home.locks, NORTH):
        scene.at()
    assert scene.run(run).summary.state is RunState.STAGED
    scene.at(read_only=True)
    assert scene.run(run).summary.state is RunState.STAGED
    scene.at()
    assert scene.run(run).summary.state is RunState.CANCELLED
    assert not list((scene.desk.home.snapshots / NORTH).glob("staging-*"))


def test_last_applied_is_when_something_went_in(scene: Scene) -> None:
    before = districts.district(scene.desk, NORTH).summary.last_applied_at
    scene.sis.drop_students("s1", 10)
    scene.clock.now += timedelta(hours=1)
    assert scene.sync().summary.state is RunState.HELD
    scene.clock.now += timedelta(hours=1)
    scene.sync(preview=True)
    after = districts.district(scene.desk, NORTH).summary.last_applied_at
    assert before is not None
    assert after == before


def test_a_run_says_what_became_of_all_of_it(scene: Scene) -> None:
    scene.sis.drop_students("s1", 10)
    scene.sis.add_student("s2", "new")
    run = scene.sync()
    went_in = sum(sum(verbs.values()) for verbs in run.applied.values())
    assert went_in
    assert run.summary.message.startswith(f"{went_in} changes applied. ")
    assert run.summary.message.endswith(" wait behind 1 hold.")
    rejected = decisions.reject(scene.desk, run.holds[0].id, reason="they are still here")
    assert rejected.summary.state is RunState.APPLIED
    assert rejected.summary.message.startswith(f"{went_in} changes applied. ")
    assert rejected.summary.message.endswith(" were turned down.")


def test_rejecting_all_of_a_preview_leaves_nothing_to_apply(scene: Scene) -> None:
    scene.sis.drop_students("s1", 10)
    run = scene.sync(preview=True)
    rejected = decisions.reject(scene.desk, run.holds[0].id, reason="they are still here")
    assert rejected.summary.state is RunState.REJECTED
