"""A generated district through a whole year: every state of it goes in, and then nothing more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.scripted_clock import Clock
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.doubles import duplicate_students
from rollbook.demo.founding import make_district
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster, write_zip
from rollbook.demo.years import partly_rolled_up, roll_up
from rollbook.desk import auditing, decisions, districts, syncing, undoing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import Kind, RunState, RunView
from rollbook.directory.records import load_directory
from rollbook.sources.oneroster_csv import read


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(
        tmp_path / "home", operator="sam", clock=Clock(datetime(2025, 9, 1, 12, tzinfo=UTC))
    )
    yield desk
    desk.close()


def sync_through(desk: Desk) -> RunView:
    view = syncing.sync(desk, "elk")
    while waiting := decisions.holds(desk, "elk"):
        hold = waiting[0]
        who = "lee" if hold.approvals else "sam"
        at = replace(desk, operator=who)
        view = decisions.approve(at, hold.id, confirm=hold.count, reason="seen")
    return view


def year() -> list[tuple[str, District]]:
    first = make_district(7, "Elk Ridge Schools", schools=2, students=90)
    day = next_day(first, arrivals=4, moves=3, leavers=2)
    doubles = duplicate_students(day, 2)
    partly = partly_rolled_up(doubles)
    rolled = roll_up(partly)
    return [
        *(("first", first), ("day", day), ("doubles", doubles), ("partly", partly)),
        *(("rolled", rolled), ("later", next_day(rolled, leavers=3))),
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_every_state_goes_in_whole(desk: Desk, tmp_path: Path, version: Version) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    districts.add_district(desk, "elk", name="Elk Ridge", path=drop)
    file = desk.home.district_file("elk")
    limits = "\n[thresholds]\nshrink_percent = 100\nrejected_percent = 100\n"
    file.write_text(file.read_text(encoding="utf-8") + limits, encoding="utf-8")
    for name, state in year():
        write_oneroster(state, drop, version)
        view = sync_through(desk)
        assert view.summary.state is RunState.APPLIED, name
        sent = read(drop).records
        with desk.store.read() as connection:
            held = load_directory(connection, "elk")
        for kind in Kind:
            assert {i: r.values for i, r in held[kind].items()} == {
                i: r.values for i, r in sent[kind].items()
            }, (name, kind)
        assert syncing.sync(desk, "elk").summary.state is RunState.NOOP
    assert auditing.verify(desk).ok


def test_a_zip_with_a_fifth_of_a_school_missing_and_back_again(desk: Desk, tmp_path: Path) -> None:
    """The issue's own example, on a believable roster that comes as an archive."""
    archive = tmp_path / "roster.zip"
    district = make_district(11, "Elk Ridge Schools", schools=3, students=200)
    write_zip(district, archive)
    districts.add_district(desk, "elk", name="Elk Ridge", path=archive)
    sync_through(desk)
    school = district.schools[0].id
    short = next_day(drop_students(district, school, 0.2), arrivals=3, moves=0, class_changes=0)
    write_zip(short, archive)
    view = syncing.sync(desk, "elk")
    assert view.summary.state is RunState.HELD
    gone = {s.id for s in district.students} - {s.id for s in short.students}
    new = {s.id for s in short.students} - {s.id for s in district.students}
    with desk.store.read() as connection:
        users = load_directory(connection, "elk")[Kind.USER].keys()
    assert gone | new <= users
    [students] = [hold for hold in view.holds if hold.role == "student"]
    assert (students.school, students.count) == (school, len(gone))
    for hold in view.holds:
        decisions.approve(desk, hold.id, confirm=hold.count, reason="seen")
    with desk.store.read() as connection:
        users = load_directory(connection, "elk")[Kind.USER].keys()
    assert not gone & users
    undoing.undo(desk, view.summary.id, reason="a short file")
    with desk.store.read() as connection:
        users = load_directory(connection, "elk")[Kind.USER].keys()
    assert gone <= users
    assert not new & users
