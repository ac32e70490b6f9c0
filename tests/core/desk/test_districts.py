"""Districts: adding one, how each stands, and whether everything is in order."""

from pathlib import Path

import pytest
from sqlalchemy import event

from core.scene import NORTH, Scene
from rollbook.desk import auditing, decisions, districts, doctor, history, syncing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.pausing import pause
from rollbook.desk.views import DistrictState, DistrictSummary, Kind, RunState
from rollbook.directory.tables import tallies
from rollbook.errors import Busy, ConfigInvalid, NotFound
from rollbook.runs.lock import district_lock


def standing(scene: Scene) -> DistrictSummary:
    return districts.district(scene.desk, NORTH).summary


def test_a_district_that_was_never_synced_is_new(empty_scene: Scene) -> None:
    summary = standing(empty_scene)
    assert summary.state is DistrictState.NEW
    assert (summary.students, summary.generation, summary.last_run) == (0, 0, None)


def test_a_settled_one_is_clean_with_its_counts(scene: Scene) -> None:
    detail = districts.district(scene.desk, NORTH)
    summary = detail.summary
    assert summary.state is DistrictState.CLEAN
    assert (summary.students, summary.schools, summary.generation) == (60, 2, 1)
    assert summary.timezone == "America/Chicago"
    assert summary.last_applied_at is not None
    assert detail.counts[Kind.USER] == 126
    assert [(i, name, kinds[Kind.USER]) for i, name, kinds in detail.schools] == [
        ("s1", "School 1", 63),
        ("s2", "School 2", 63),
    ]
    assert detail.thresholds["removal_percent"] == 10
    assert [run.id for run in detail.recent] == ["north.1"]
    assert len(detail.checklists) == 7


def test_a_held_one_says_how_much_waits_and_how_much_of_it_is_new(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sync()
    summary = standing(scene)
    assert summary.state is DistrictState.HELD
    assert (summary.open_holds, summary.held, summary.additions_waiting) == (1, 36, 0)
    assert "36 changes wait behind 1 hold" in summary.note
    scene.configure(thresholds={"removal_floor": 6})
    scene.sis.add_student("s2", "new")
    scene.sync()
    assert standing(scene).additions_waiting == 3
    assert "3 of them are additions" in standing(scene).note


def test_a_previewed_one_is_ready_and_an_expired_one_is_not_held(scene: Scene) -> None:
    scene.sis.add_student("s2", "new")
    scene.sync(preview=True)
    assert standing(scene).state is DistrictState.READY
    scene.sis.drop_students("s1", 6)
    scene.sync()
    scene.clock.forward(days=8)
    assert standing(scene).state is not DistrictState.HELD
    assert standing(scene).open_holds == 0


def test_a_paused_one_says_of_what(scene: Scene) -> None:
    pause(scene.desk, NORTH, kinds=[Kind.CLASS], reason="x")
    summary = standing(scene)
    assert (summary.state, summary.pauses) == (DistrictState.PAUSED, 1)
    assert "class" in summary.note


def test_a_rejected_changeset_leaves_it_clean(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    decisions.reject(scene.desk, scene.sync().holds[0].id, reason="no")
    assert standing(scene).state is DistrictState.CLEAN


def test_a_file_that_cannot_be_read_is_a_district_that_is_broken(scene: Scene) -> None:
    file = scene.desk.home.district_file("broken")
    file.write_text('name = "Broken"\n', encoding="utf-8")
    by_id = {summary.id: summary for summary in districts.districts(scene.desk)}
    assert by_id.keys() == {"broken", NORTH}
    assert by_id["broken"].state is DistrictState.BROKEN
    assert str(file) in by_id["broken"].note
    assert "source" in by_id["broken"].note
    with pytest.raises(ConfigInvalid, match="source"):
        districts.district(scene.desk, "broken")


def test_many_are_told_together_as_each_is_alone(scene: Scene, tmp_path: Path) -> None:
    for name in ("east", "south", "west"):
        districts.add_district(scene.desk, name, name=name, path=scene.drop)
        held = syncing.sync(scene.desk, name)
        if name != "west":
            decisions.approve(scene.desk, held.holds[0].id, confirm=held.holds[0].count, reason="x")
    districts.add_district(scene.desk, "new", name="New", path=tmp_path)
    pause(scene.desk, "south", school="s1", reason="x")
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s2", "new")
    scene.sync()
    syncing.sync(scene.desk, "south")
    together = districts.districts(scene.desk)
    assert together == tuple(districts.district(scene.desk, s.id).summary for s in together)
    by_id = {summary.id: summary for summary in together}
    assert [(s.id, s.state) for s in together] == [
        ("east", DistrictState.CLEAN),
        ("new", DistrictState.NEW),
        (NORTH, DistrictState.HELD),
        ("south", DistrictState.PAUSED),
        ("west", DistrictState.HELD),
    ]
    assert [by_id[i].students for i in ("east", "new", NORTH, "west")] == [60, 0, 61, 0]
    assert by_id["west"].additions_waiting == by_id["west"].held > 100
    assert by_id["south"].paused > 0 == by_id["south"].held
    for summary in together:
        newest = history.runs(scene.desk, summary.id, limit=1)
        assert summary.last_run == (newest[0] if newest else None)


def test_the_number_of_queries_does_not_grow_with_the_districts(
    scene: Scene, tmp_path: Path
) -> None:
    asked: list[str] = []
    event.listen(
        scene.desk.store.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )
    districts.districts(scene.desk)
    few = len(asked)
    for number in range(20):
        districts.add_district(scene.desk, f"d{number}", name="D", path=tmp_path)
    asked.clear()
    assert len(districts.districts(scene.desk)) == 21
    assert 0 < len(asked) <= few


def test_people_are_counted_where_no_tallies_are_kept_yet(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        connection.execute(tallies.delete())
    assert (standing(scene).students, standing(scene).schools) == (60, 2)


def test_adding_one_writes_its_file_and_the_trail(scene: Scene, tmp_path: Path) -> None:
    summary = districts.add_district(
        scene.desk, "south", name="South", timezone="America/Denver", path=tmp_path, version="1.2"
    )
    assert summary.state is DistrictState.NEW
    text = scene.desk.home.district_file("south").read_text(encoding="utf-8")
    assert f'path = "{tmp_path}"' in text
    assert 'version = "1.2"' in text
    [entry] = auditing.audit(scene.desk, limit=1)
    assert (entry.event, entry.district) == ("district.added", "south")


BREAKS = {
    "before the file": "rollbook.desk.districts.begin_district",
    "before the trail": "rollbook.desk.districts.audit.write",
    "before the file is in its place": "rollbook.desk.districts.finish_district",
}


def south(desk: Desk, path: Path, name: str = "South") -> DistrictSummary:
    return districts.add_district(desk, "south", name=name, path=path)


def added(desk: Desk) -> int:
    """How often the trail says that the district was added."""
    entries = auditing.audit(desk, "south")
    return sum(entry.event == "district.added" for entry in entries)


@pytest.mark.parametrize("step", BREAKS)
@pytest.mark.parametrize("ends", [KeyboardInterrupt, OSError])
def test_whatever_breaks_it_is_there_as_a_whole_or_not_at_all(
    scene: Scene,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    ends: type[BaseException],
) -> None:
    def breaks(*args: object, **given: object) -> None:
        raise ends

    with monkeypatch.context() as broken:
        broken.setattr(BREAKS[step], breaks)
        with pytest.raises(ends):
            south(scene.desk, tmp_path)
    desk = scene.at()
    whole = step == "before the file is in its place"
    assert ("south" in {view.id for view in districts.districts(desk)}) is whole
    assert added(desk) == whole
    if not whole:
        assert south(desk, tmp_path).state is DistrictState.NEW
    assert added(desk) == 1
    assert not list(desk.home.districts.glob("*.begun"))
    assert districts.district(desk, "south").summary.name == "South"


def broken_off(scene: Scene, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The district has been added, but its file is not in its place."""

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("rollbook.config.home.os.replace", full)
        with pytest.raises(ConfigInvalid, match=r"south\.toml: No space left on device"):
            south(scene.desk, path)


def test_adding_it_again_at_the_same_desk_finishes_it(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(scene, tmp_path, monkeypatch)
    assert south(scene.desk, tmp_path).state is DistrictState.NEW
    assert added(scene.desk) == 1
    with pytest.raises(ConfigInvalid, match="is there already"):
        south(scene.desk, tmp_path)


def test_adding_another_one_of_that_name_does_not_take_its_place(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(scene, tmp_path, monkeypatch)
    with pytest.raises(ConfigInvalid, match="is there already"):
        south(scene.desk, tmp_path, name="Another")
    assert districts.district(scene.desk, "south").summary.name == "South"


def test_a_file_that_was_written_by_hand_meanwhile_stays(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(scene, tmp_path, monkeypatch)
    file = scene.desk.home.district_file("south")
    file.write_text('name = "By hand"\n[source]\npath = "/srv"\n', encoding="utf-8")
    desk = scene.at()
    assert districts.district(desk, "south").summary.name == "By hand"
    assert not list(desk.home.districts.glob("*.begun"))


def test_what_the_disk_still_refuses_stops_nobody_from_opening_a_desk(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(scene, tmp_path, monkeypatch)

    def refuses(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr("rollbook.config.home.os.replace", refuses)
        desk = scene.at()
    assert {view.id for view in districts.districts(desk)} == {NORTH}
    assert {view.id for view in districts.districts(scene.at())} == {NORTH, "south"}


def test_what_somebody_is_about_to_add_is_left_alone(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(scene, tmp_path, monkeypatch)
    with district_lock(scene.desk.store, scene.desk.home.locks, "south"):
        assert {view.id for view in districts.districts(scene.at())} == {NORTH}
        with pytest.raises(Busy):
            south(scene.desk, tmp_path)


@pytest.mark.parametrize(
    ("district", "given", "match"),
    [
        ("North!", {}, "id: "),
        ("../up", {}, "id: "),
        ("", {}, "id: "),
        ("south", {"timezone": "Mars"}, "timezone: "),
        ("south", {"name": ""}, "name: "),
        ("south", {"version": "3"}, "version: "),
        ("south", {"source_type": "ftp"}, "type: "),
        (NORTH, {}, "is there already"),
    ],
)
def test_one_that_makes_no_sense_is_refused(
    scene: Scene, tmp_path: Path, district: str, given: dict[str, str], match: str
) -> None:
    before = sorted(scene.desk.home.districts.iterdir())
    with pytest.raises(ConfigInvalid, match=match):
        districts.add_district(
            scene.desk,
            district,
            **({"name": "South", "path": tmp_path} | given),  # type: ignore[arg-type]
        )
    assert sorted(scene.desk.home.districts.iterdir()) == before


def test_an_unknown_one_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="Districts here: north"):
        districts.district(scene.desk, "south")


def test_checking_reads_the_source_and_writes_nothing(scene: Scene) -> None:
    pulse = auditing.pulse(scene.desk)
    checks = {check.name: check for check in districts.check_district(scene.desk, NORTH)}
    assert all(check.ok for check in checks.values())
    assert "126 people" in checks["input"].detail
    (scene.drop / "users.csv").write_bytes(b"")
    [broken] = [c for c in districts.check_district(scene.desk, NORTH) if not c.ok]
    assert "users.csv" in broken.detail
    assert broken.hint
    assert auditing.pulse(scene.desk) == pulse


def test_runs_are_listed_newest_first(scene: Scene) -> None:
    for number in range(3):
        scene.sis.add_student("s1", f"new-{number}")
        scene.sync()
    assert [run.id for run in history.runs(scene.desk)] == [f"north.{n}" for n in (4, 3, 2, 1)]
    assert [run.id for run in history.runs(scene.desk, NORTH, limit=2)] == ["north.4", "north.3"]
    assert history.runs(scene.desk, "south") == ()
    with pytest.raises(NotFound, match="no run"):
        history.run(scene.desk, "north.9")
    assert scene.run("north.1").summary.state is RunState.APPLIED


def test_the_doctor_finds_nothing_wrong_and_then_does(scene: Scene) -> None:
    assert all(check.ok for check in doctor.doctor(scene.desk))
    scene.configure(source={"path": scene.drop / "nowhere"})
    (scene.desk.home.districts / "bad.toml").write_text("x", encoding="utf-8")
    scene.desk.home.root.chmod(0o755)
    wrong = {check.name: check for check in doctor.doctor(scene.desk) if not check.ok}
    assert wrong.keys() == {"home folder", "district file", "north source"}
    assert all(check.hint for check in wrong.values())
    assert [check.ok for check in doctor.validate_config(scene.desk)] == [True, False]
    store = scene.desk.store
    place = store.url if store.is_shared else scene.desk.home.store
    assert doctor.paths(scene.desk)["store"] == place


def test_the_pulse_grows_with_every_act(scene: Scene) -> None:
    pulses = [auditing.pulse(scene.desk)]
    for act in (
        lambda: scene.sync(),
        lambda: pause(scene.desk, NORTH, school="s1", reason="x"),
    ):
        act()
        pulses.append(auditing.pulse(scene.desk))
    assert pulses == sorted(set(pulses))


def test_a_desk_is_opened_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ROLLBOOK_STORE", f"sqlite:///{tmp_path}/elsewhere.db")
    desk = open_desk()
    assert desk.home.root == tmp_path / "home"
    assert (tmp_path / "elsewhere.db").exists()
    assert not desk.home.store.exists()
    assert desk.operator
    desk.close()
