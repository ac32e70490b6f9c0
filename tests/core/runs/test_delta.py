"""Sets in delta mode: as good as the bulk set, and never taking away what they do not name."""

from datetime import timedelta
from pathlib import Path
from unicodedata import normalize

import pytest

from core.deltas import read_rows, write_delta, write_rows
from core.scene import NORTH, Scene, configure_quietly
from core.small_sis import SmallSis, Version
from rollbook.desk import syncing
from rollbook.desk.views import RunState, RunView
from rollbook.roster.kinds import Kind

SUNDAY, MONDAY = "2026-03-01T18:00:00.000Z", "2026-03-02T06:00:00.000Z"


def edited(sis: SmallSis) -> SmallSis:
    """A new student, two that change, one that moves, one that leaves with a guardian."""
    after = sis.copy()
    after.add_student("s1", "new-1", classes=("c-s1-1",), agents="g-s1-03")
    after.users["s1-03"]["email"] = "other, and more@north.example.org"
    after.users["t-s1-1"]["givenName"] = 'Ann "Nan"'
    after.move_student("s1-05", "s2", ("c-s2-1",))
    after.drop_user("s1-04")
    after.drop_user("g-s1-04")
    return after


def delta(scene: Scene, after: SmallSis, stamp: str = SUNDAY, version: Version = "1.1") -> RunView:
    """What has changed since the last time comes as a delta, and is synced."""
    write_delta(scene.sis, after, scene.drop, stamp, version)
    scene.sis = after
    return syncing.sync(scene.desk, NORTH)


def again(scene: Scene) -> RunView:
    return syncing.sync(scene.desk, NORTH)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_delta_is_as_good_as_the_bulk_set(empty_scene: Scene, version: Version) -> None:
    scene = empty_scene
    scene.sync_through(version=version)
    after = edited(scene.sis)
    view = delta(scene, after, version=version)
    assert view.summary.state is RunState.APPLIED
    by_delta = scene.held()
    assert {"new-1", "s1-05"} <= by_delta[Kind.USER].keys()
    assert "s1-04" not in by_delta[Kind.USER]
    in_bulk = scene.sync(version=version)
    assert in_bulk.summary.state is RunState.NOOP
    assert scene.held() == by_delta


def test_the_next_delta_goes_into_what_the_last_one_made(scene: Scene) -> None:
    delta(scene, edited(scene.sis))
    after = scene.sis.copy()
    after.users["new-1"]["givenName"] = "Newer"
    after.drop_user("s2-01")
    assert delta(scene, after, MONDAY).summary.state is RunState.APPLIED
    held = scene.users()
    assert held["new-1"]["given_name"] == "Newer"
    assert "s2-01" not in held
    assert held["s1-03"]["email"] == "other, and more@north.example.org"
    assert scene.sync().summary.state is RunState.NOOP


def test_given_twice_it_changes_nothing(scene: Scene) -> None:
    after = edited(scene.sis)
    delta(scene, after)
    generation = scene.generation()
    assert again(scene).summary.state is RunState.NOOP
    (scene.drop / "notes.csv").write_text("not,of,the,set\n")
    assert again(scene).summary.state is RunState.NOOP
    assert scene.generation() == generation


def test_without_a_set_before_it_is_refused(empty_scene: Scene) -> None:
    view = delta(empty_scene, edited(empty_scene.sis))
    assert view.summary.state is RunState.INPUT_REFUSED
    assert view.findings[0].code == "delta-without-base"
    assert "bulk" in view.findings[0].remedy


def test_a_file_that_never_came_whole_is_refused(empty_scene: Scene) -> None:
    empty_scene.sis.demographics.clear()
    empty_scene.sync_through()
    after = empty_scene.sis.copy()
    after.demographics["s1-01"] = {"birthDate": "2016-01-01"}
    view = delta(empty_scene, after)
    assert (view.findings[0].code, view.findings[0].file) == (
        "delta-without-base",
        "demographics.csv",
    )


def test_out_of_order_is_refused(scene: Scene) -> None:
    first = edited(scene.sis)
    delta(scene, first, MONDAY)
    late = first.copy()
    late.users["new-1"]["givenName"] = "Older"
    view = delta(scene, late, SUNDAY)
    assert view.summary.state is RunState.INPUT_REFUSED
    assert view.findings[0].code == "delta-out-of-order"
    assert scene.users()["new-1"]["given_name"] != "Older"


def test_what_it_does_not_name_stays(scene: Scene) -> None:
    """A delta that was cut short on a row's end takes nobody away."""
    before = scene.users().keys()
    write_delta(scene.sis, edited(scene.sis), scene.drop, SUNDAY)
    write_rows(scene.drop / "users.csv", read_rows(scene.drop / "users.csv")[:1])
    again(scene)
    assert before <= scene.users().keys()


def test_many_that_it_takes_away_are_held(scene: Scene) -> None:
    after = scene.sis.copy()
    after.drop_students("s1", 12)
    view = delta(scene, after)
    assert [hold.rule for hold in view.holds] == ["R1"]
    assert "s1-01" in scene.users()


def test_a_row_that_says_too_little_is_set_aside_and_its_record_stays(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    after = scene.sis.copy()
    for student in ("s1-01", "s1-02", "s1-03", "s1-04"):
        after.users[student]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    rows = read_rows(scene.drop / "users.csv")
    rows[0]["status"] = ""
    rows[1]["dateLastModified"] = "yesterday"
    rows.append(rows[2] | {"givenName": "Otherwise"})
    write_rows(scene.drop / "users.csv", rows)
    view = again(scene)
    held = scene.users()
    names = [held[s]["given_name"] for s in ("s1-01", "s1-02", "s1-03", "s1-04")]
    assert names == ["Givens1-01", "Givens1-02", "Givens1-03", "Changed"]
    told = {f.line: f.file for f in view.findings if f.code == "delta-row"}
    assert told == {2: "users.csv", 3: "users.csv", 4: "users.csv"}


def test_of_two_changes_of_a_record_the_later_one_counts(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-01"]["givenName"] = "Later"
    write_delta(scene.sis, after, scene.drop, MONDAY)
    [row] = read_rows(scene.drop / "users.csv")
    older = row | {"givenName": "Earlier", "dateLastModified": SUNDAY}
    for rows in ([older, row], [row, older]):
        write_rows(scene.drop / "users.csv", rows)
        again(scene)
        assert scene.users()["s1-01"]["given_name"] == "Later"


def test_what_is_wrong_with_a_row_is_told_by_the_line_of_the_delta(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-02"]["givenName"] = "Fine"
    after.users["s1-03"]["enabledUser"] = "perhaps"
    view = delta(scene, after)
    [finding] = [f for f in view.findings if f.severity == "error"]
    assert (finding.file, finding.line) == ("users.csv (delta)", 3)
    assert scene.users()["s1-03"]["given_name"] == "Givens1-03"


def test_other_columns_are_refused(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-01"]["metadata.bus"] = "7"
    view = delta(scene, after)
    assert view.findings[0].code == "delta-columns"
    assert "metadata.bus" in view.findings[0].message


def test_another_version_is_refused(scene: Scene) -> None:
    view = delta(scene, edited(scene.sis), version="1.2")
    assert view.findings[0].code == "delta-version"


def test_a_file_without_the_columns_of_a_delta_is_refused(scene: Scene) -> None:
    write_delta(scene.sis, edited(scene.sis), scene.drop, SUNDAY)
    rows = [
        {name: cell for name, cell in row.items() if name != "dateLastModified"}
        for row in read_rows(scene.drop / "users.csv")
    ]
    write_rows(scene.drop / "users.csv", rows)
    view = again(scene)
    assert (view.findings[0].code, view.findings[0].field) == (
        "missing-header",
        "dateLastModified",
    )


def test_a_header_alone_says_that_nothing_has_changed(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-02"]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    classes = scene.drop / "classes.csv"
    scene.sis.write(scene.drop.parent / "whole")
    header = (scene.drop.parent / "whole" / "classes.csv").read_text().splitlines()[0]
    classes.write_text(header + "\n")
    manifest = scene.drop / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("file.classes,absent", "file.classes,delta"))
    view = again(scene)
    assert view.summary.state is RunState.APPLIED
    assert scene.users()["s1-02"]["given_name"] == "Changed"
    assert any(f.code == "header-only" and f.file == "classes.csv" for f in view.findings)


def test_a_bulk_file_may_come_with_deltas_of_others(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-02"]["givenName"] = "Changed"
    after.tables["orgs"]["s1"]["name"] = "Renamed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    whole = after.write(scene.drop.parent / "whole")
    (whole / "orgs.csv").rename(scene.drop / "orgs.csv")
    manifest = scene.drop / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("file.orgs,delta", "file.orgs,bulk"))
    again(scene)
    held = scene.held()
    assert held[Kind.ORG]["s1"]["name"] == "Renamed"
    assert held[Kind.USER]["s1-02"]["given_name"] == "Changed"


def leave_seats(scene: Scene, people: int) -> RunView:
    """Some students leave by a delta that says nothing of their seats."""
    after = scene.sis.copy()
    leaving = [i for i in sorted(after.students()) if i.startswith("s1-")][:people]
    for student in leaving:
        del after.users[student]
    view = delta(scene, after)
    for hold in view.holds:
        view = scene.approve(hold)
    return view


def test_the_seats_of_who_has_left_may_stay_in_the_set(scene: Scene) -> None:
    assert leave_seats(scene, 2).summary.state is RunState.APPLIED
    after = scene.sis.copy()
    after.users["s2-03"]["givenName"] = "Newer"
    view = delta(scene, after, MONDAY)
    assert view.summary.state is RunState.APPLIED
    assert {f.record_id for f in view.findings if f.code == "dangling-reference"}
    assert scene.users()["s2-03"]["given_name"] == "Newer"


def test_seats_of_who_has_left_that_are_many_are_refused(scene: Scene) -> None:
    leave_seats(scene, 12)
    after = scene.sis.copy()
    after.users["s2-03"]["givenName"] = "Newer"
    assert delta(scene, after, MONDAY).summary.state is RunState.INPUT_REFUSED


def test_whole_files_that_lose_a_few_people_each_night_and_keep_their_seats_are_refused(
    scene: Scene,
) -> None:
    """No limit of removals is reached: all there is to see is that the files do not agree."""
    states = []
    for night in (("s1-01", "s1-02"), ("s1-11", "s1-12")):
        for student in night:
            del scene.sis.users[student]
            del scene.sis.demographics[student]
        states.append(scene.sync().summary.state)
    assert states == [RunState.APPLIED, RunState.INPUT_REFUSED]
    assert "s1-11" in scene.users()


def test_seats_of_who_never_was_there_are_refused_however_few(scene: Scene) -> None:
    after = scene.sis.copy()
    for seat in sorted(after.enrollments)[:2]:
        after.enrollments[seat]["userSourcedId"] = "nobody"
    assert delta(scene, after).summary.state is RunState.INPUT_REFUSED


def test_no_password_of_a_delta_is_kept(empty_scene: Scene) -> None:
    scene = empty_scene
    for row in scene.sis.users.values():
        row["password"] = "canary-first"
    scene.sync_through()
    after = edited(scene.sis)
    for row in after.users.values():
        row["password"] = "canary-second"
    delta(scene, after)
    home: Path = scene.desk.home.root
    kept = [p for p in home.rglob("*") if p.is_file() and b"canary" in p.read_bytes()]
    assert kept == []
    assert scene.users()["s1-03"]["email"] == "other, and more@north.example.org"


def test_an_older_delta_after_a_bulk_set_is_refused(scene: Scene) -> None:
    before = scene.sis.copy()
    after = before.copy()
    after.users["s1-02"]["givenName"] = "Second"
    delta(scene, after, MONDAY)
    scene.sis.users["s1-02"]["givenName"] = "Third"
    assert scene.sync().summary.state is RunState.APPLIED
    for stamp in (SUNDAY, MONDAY):
        write_delta(before, after, scene.drop, stamp)
        assert again(scene).findings[0].code == "delta-out-of-order"
    assert scene.users()["s1-02"]["given_name"] == "Third"


def test_a_date_to_come_does_not_keep_later_deltas_away(scene: Scene) -> None:
    after = scene.sis.copy()
    after.users["s1-02"]["givenName"] = "Early"
    delta(scene, after, "2099-01-01T00:00:00Z")
    scene.clock.now += timedelta(days=2)
    later = after.copy()
    later.users["s1-02"]["givenName"] = "Late"
    delta(scene, later, scene.clock.now.isoformat())
    assert scene.users()["s1-02"]["given_name"] == "Late"


def test_an_id_that_stands_twice_is_gone_twice(scene: Scene) -> None:
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    lines = users.read_text(encoding="utf-8").splitlines(keepends=True)
    [student] = [line for line in lines if line.startswith("s1-04,")]
    users.write_text("".join([*lines, student]), encoding="utf-8")
    again(scene)
    after = scene.sis.copy()
    after.drop_user("s1-04")
    delta(scene, after)
    assert "s1-04" not in scene.users()


@pytest.mark.parametrize("change", ["carriage returns", "decomposed letters"])
def test_the_lines_and_letters_before_are_those_of_the_reader(scene: Scene, change: str) -> None:
    """An id is the same however its accents come, a line however it ends."""
    scene.sis.rekey("s1-04", "s1-é")
    scene.sync_through()
    scene.sis.write(scene.drop)
    for file in scene.drop.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        if change == "carriage returns":
            text = text.replace("\r\n", "\n").replace("\n", "\r")
        else:
            text = normalize("NFD", text)
        file.write_bytes(text.encode())
    again(scene)
    after = scene.sis.copy()
    after.users["s1-05"]["givenName"] = "Changed"
    after.drop_user("s1-é")
    assert delta(scene, after).summary.state is RunState.APPLIED
    assert "s1-é" not in scene.users()
    assert scene.users()["s1-05"]["given_name"] == "Changed"


@pytest.mark.parametrize(("spoilt", "state"), [(1, "APPLIED"), (2, "INPUT_REFUSED")])
def test_rows_that_say_too_little_count_for_the_quality_of_the_file(
    scene: Scene, spoilt: int, state: str
) -> None:
    """One of 126 people is 0.8 %, two are 1.6 %."""
    after = scene.sis.copy()
    for student in ("s1-01", "s1-02", "s1-03"):
        after.users[student]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    rows = read_rows(scene.drop / "users.csv")
    for row in rows[:spoilt]:
        row["status"] = ""
    write_rows(scene.drop / "users.csv", rows)
    assert again(scene).summary.state == state
