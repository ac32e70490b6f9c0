"""Input that is not whole: refused or held, the directory as it was, the trail whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from core.small_sis import small_sis
from rollbook.demo import damage
from rollbook.desk import auditing, decisions, districts, syncing
from rollbook.desk.views import DistrictState, RunState, Severity


def another_district(folder: Path) -> None:
    sis = small_sis()
    for table in ("users", "demographics"):
        sis.tables[table] = {f"x{key}": row for key, row in sis.tables[table].items()}
    for row in sis.enrollments.values():
        row["userSourcedId"] = f"x{row['userSourcedId']}"
    sis.tables["enrollments"] = {f"x{key}": row for key, row in sis.enrollments.items()}
    for row in sis.users.values():
        row["agents"] = ",".join(f"x{agent}" for agent in row["agents"].split(",") if agent)
    sis.write(folder)


def missing(folder: Path) -> None:
    (folder / "enrollments.csv").unlink()


def short(folder: Path) -> None:
    """Cut on a row's end, as no reader can notice: 60 of 126 people."""
    path = folder / "users.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:61]))


REFUSED: list[tuple[Callable[[Path], object], str, str]] = [
    (damage.empty, "empty-file", "users.csv"),
    (damage.header_only, "header-only", "users.csv"),
    (damage.cut_in_half, "truncated", "users.csv"),
    (damage.wrong_delimiter, "delimiter", "users.csv"),
    (damage.misspell_header, "missing-header", "users.csv"),
    (missing, "missing-file", "enrollments.csv"),
    (short, "R8-shrunk", "users.csv"),
]


@pytest.mark.parametrize(("harm", "code", "file"), REFUSED, ids=[code for _, code, _ in REFUSED])
def test_it_is_refused_with_what_where_and_what_to_do(
    scene: Scene, harm: Callable[[Path], object], code: str, file: str
) -> None:
    before, generation = scene.held(), scene.generation()
    scene.sis.write(scene.drop)
    harm(scene.drop)
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.INPUT_REFUSED
    [finding] = [f for f in view.findings if f.code == code]
    assert (finding.severity, finding.file) == (Severity.ERROR, file)
    assert finding.remedy
    assert file in view.summary.message
    assert view.digest is None
    assert scene.held() == before
    assert scene.generation() == generation
    assert auditing.verify(scene.desk).ok
    summary = districts.district(scene.desk, NORTH).summary
    assert (summary.state, summary.note) == (DistrictState.REFUSED, view.summary.message)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_between_two_years_a_short_file_may_just_be_early(scene: Scene) -> None:
    for days, advice in ((0, "Ask for a whole export"), (100, "a SIS that is rolling up")):
        scene.clock.forward(days=days)
        scene.sis.write(scene.drop)
        short(scene.drop)
        view = syncing.sync(scene.desk, NORTH)
        assert advice in view.findings[-1].remedy
        assert view.summary.state is RunState.INPUT_REFUSED


def test_another_districts_file_is_held_as_a_whole(scene: Scene) -> None:
    before = scene.held()
    another_district(scene.drop)
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.HELD
    assert any(hold.whole_run for hold in view.holds)
    assert any("another district's file" in hold.cause for hold in view.holds)
    assert scene.held() == before
    decisions.reject(scene.desk, view.holds[0].id, reason="not ours")
    assert scene.held() == before
    scene.sis.write(scene.drop)
    assert scene.sync().summary.state is RunState.NOOP


def test_a_source_that_is_not_there_is_a_run_that_failed(scene: Scene) -> None:
    scene.configure(source={"path": scene.drop / "nowhere"})
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.FETCH_FAILED
    assert "nowhere" in view.summary.message
    assert districts.district(scene.desk, NORTH).summary.state is DistrictState.FAILED


def test_after_a_refused_file_the_earlier_hold_can_still_be_decided(scene: Scene) -> None:
    gone = scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    damage.empty(scene.drop)
    assert syncing.sync(scene.desk, NORTH).summary.state is RunState.INPUT_REFUSED
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert not set(gone) & scene.users().keys()


def test_a_row_set_aside_keeps_its_person_and_all_that_is_theirs(scene: Scene) -> None:
    scene.configure(thresholds={"rejected_percent": 5})
    before = scene.held()
    scene.sis.users["s1-05"]["role"] = "wizard"
    view = scene.sync_through()
    assert view.summary.findings_error == 1
    assert view.findings[0].record_id == "s1-05"
    assert scene.held() == before


def test_too_many_rows_set_aside_refuse_the_file_and_name_the_rows(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:3]:
        scene.sis.users[student]["role"] = "wizard"
    before = scene.held()
    view = scene.sync()
    assert view.summary.state is RunState.INPUT_REFUSED
    codes = [finding.code for finding in view.findings]
    assert codes.count("bad-value") == 3
    assert "R8-rejected-rows" in codes
    assert view.findings_error == 4
    assert scene.held() == before


def test_a_refused_file_is_not_kept(scene: Scene) -> None:
    kept = {folder.name for folder in (scene.desk.home.snapshots / NORTH).iterdir()}
    scene.sis.write(scene.drop)
    damage.cut_in_half(scene.drop)
    syncing.sync(scene.desk, NORTH)
    assert {folder.name for folder in (scene.desk.home.snapshots / NORTH).iterdir()} == kept


def test_a_file_that_shrinks_step_by_step_is_measured_by_what_is_usual(scene: Scene) -> None:
    """The median of the last five accepted files is the measure, not the last one alone."""
    for _ in range(2):
        scene.sis.users["s1-01"]["phone"] = scene.clock.now.isoformat()
        assert scene.sync().summary.state is RunState.APPLIED
    for _ in range(2):
        scene.sis.drop_students("s1", 8)
        assert scene.sync_through().summary.state is RunState.APPLIED
    scene.sis.drop_students("s1", 4)
    view = scene.sync()
    assert view.summary.state is RunState.INPUT_REFUSED
    assert "86 rows where 126 are usual" in view.summary.message
