"""Seeding: the promised states, by the real engine, and the same ones every time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from rollbook.demo import seed
from rollbook.demo.seeding import _last_day
from rollbook.desk.account_lists import account_changes
from rollbook.desk.account_views import AccountChangeFilter, AccountVerb
from rollbook.desk.auditing import audit, verify
from rollbook.desk.checklists import checklist, checklists
from rollbook.desk.decisions import holds
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.districts import district, districts
from rollbook.desk.history import run, runs
from rollbook.desk.pausing import pauses
from rollbook.desk.people import duplicates, merges
from rollbook.desk.views import (
    DistrictState,
    DistrictSummary,
    HoldState,
    Kind,
    Progress,
    RoleGroup,
    RunKind,
    RunState,
    StepState,
    Verb,
)
from rollbook.errors import ConfigInvalid
from rollbook.rollover.checklists import CHECKLISTS

pytestmark = pytest.mark.timeout(600)
"""The first test pays for two seedings."""

TODAY = date(2026, 8, 12)
RENAMES = AccountChangeFilter(verb=AccountVerb.RENAME)
END = datetime(2026, 8, 12, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first_dump(place: Path) -> dict[str, list[tuple[object, ...]]]:
    """What another process, with another hash seed, writes at the same place."""
    program = (
        "import sys; from datetime import date; from pathlib import Path;"
        "from rollbook.demo import seed;"
        f"seed(Path(sys.argv[1]), today=date.fromisoformat('{TODAY}'))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join(sys.path)}
    home = place / "home"
    subprocess.run([sys.executable, "-c", program, str(home)], env=env, check=True)
    moved = home.rename(place / "first")
    return dump(moved / "store.db")


@pytest.fixture(scope="module")
def heard() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def desk(
    place: Path, first_dump: dict[str, list[tuple[object, ...]]], heard: list[Progress]
) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLLBOOK_STORE", f"sqlite:///{place / 'elsewhere.db'}")
        seed(place / "home", today=TODAY, progress=heard.append)
    desk = open_desk(place / "home", clock=lambda: END)
    yield desk
    desk.close()


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a store but for the measured timings of the runs, and what is chance indeed."""
    other = {"timings", "seed"}
    tables = {}
    with sqlite3.connect(path) as connection:
        named = "select name from sqlite_master where type = 'table' order by name"
        for (table,) in connection.execute(named).fetchall():
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            kept = ", ".join(f'"{column}"' for column in columns if column not in other)
            rows = connection.execute(f"select {kept} from {table}").fetchall()
            tables[table] = sorted(rows, key=repr)
    connection.close()
    return tables


def test_the_same_seed_gives_the_same_store(
    desk: Desk, place: Path, first_dump: dict[str, list[tuple[object, ...]]]
) -> None:
    again = dump(place / "home" / "store.db")
    assert len(again["audit"]) > 150
    assert again.keys() == first_dump.keys()
    for table, rows in first_dump.items():
        assert again[table] == rows, table


def test_the_store_is_the_homes_own(desk: Desk, place: Path) -> None:
    assert not (place / "elsewhere.db").exists()


def summary(desk: Desk, district_id: str) -> DistrictSummary:
    return next(d for d in districts(desk) if d.id == district_id)


def test_there_are_seven_districts_of_different_sizes(desk: Desk) -> None:
    states = {d.id: d.state for d in districts(desk)}
    assert states == {
        "elk-ridge": DistrictState.REFUSED,
        "harlow": DistrictState.HELD,
        "lakemont": DistrictState.CLEAN,
        "marlow": DistrictState.HELD,
        "northfield": DistrictState.HELD,
        "pinecrest": DistrictState.PAUSED,
        "riverton": DistrictState.CLEAN,
    }
    sizes = sorted(d.students for d in districts(desk))
    assert sizes[-1] > 1000
    assert len(set(sizes)) == 7


def test_lakemont_has_nothing_to_decide(desk: Desk) -> None:
    lakemont = summary(desk, "lakemont")
    assert (lakemont.held, lakemont.paused, lakemont.duplicates) == (0, 0, 0)
    assert holds(desk, "lakemont") == ()
    assert lakemont.last_run is not None
    assert lakemont.last_run.state is RunState.APPLIED
    assert lakemont.last_run.findings_error == lakemont.last_run.findings_warning == 0


def test_northfield_waits_for_a_fifth_of_a_school_and_new_students_went_in(desk: Desk) -> None:
    (hold,) = holds(desk, "northfield")
    assert (hold.rule, hold.kind, hold.verb) == ("R1", Kind.USER, Verb.REMOVE)
    assert hold.role is RoleGroup.STUDENT
    assert hold.school is not None
    assert 18 <= hold.percent <= 22
    newest = run(desk, hold.run)
    assert newest.applied[Kind.USER][Verb.ADD] >= 14
    assert newest.waiting[Kind.USER][Verb.REMOVE] == hold.count


def test_northfield_turned_a_short_file_down_last_week(desk: Desk) -> None:
    states = [h.state for h in holds(desk, "northfield", decided=True)]
    assert HoldState.REJECTED in states
    assert HoldState.APPROVED in states


def test_pinecrest_rests_but_its_contacts_go_on(desk: Desk) -> None:
    (pause,) = pauses(desk, "pinecrest")
    assert pause.preset == "summer"
    assert pause.active
    assert pause.starts < TODAY
    assert pause.ends is not None
    assert pause.ends > TODAY
    newest = runs(desk, "pinecrest")[0]
    waits = run(desk, newest.id)
    assert summary(desk, "pinecrest").paused > 50
    assert waits.applied[Kind.USER][Verb.UPDATE] > 0
    assert waits.applied.get(Kind.ENROLLMENT, {}).get(Verb.REMOVE, 0) == 0


def test_harlow_is_in_the_middle_of_its_rollover(desk: Desk) -> None:
    open_holds = holds(desk, "harlow")
    assert {h.rule for h in open_holds} == {"R1", "C1", "C2"}
    assert {Kind.CLASS, Kind.USER} <= {h.kind for h in open_holds}
    newest = run(desk, open_holds[0].run)
    assert newest.summary.state is RunState.HELD
    assert newest.applied[Kind.CLASS][Verb.ADD] > 50
    assert newest.applied[Kind.USER][Verb.UPDATE] > 100
    decided = {
        h.rule: h.state for h in holds(desk, "harlow", decided=True) if h.run == newest.summary.id
    }
    assert decided["R9"] is HoldState.APPROVED
    view = checklist(desk, "harlow", "back-to-school")
    assert 0.3 < view.summary.done / view.summary.total < 0.8
    steps = {step.id: step for step in view.steps}
    assert steps["previewed"].done_by == "j.moreau"
    assert steps["no-holds"].state is StepState.BLOCKED
    assert steps["spot-check"].state is StepState.OPEN


def test_harlow_would_rename_its_staff_and_move_whole_classes(desk: Desk) -> None:
    held = {h.rule: h for h in holds(desk, "harlow")}
    counts = run(desk, held["C1"].run).accounts.counts
    assert counts[AccountVerb.RENAME] + counts[AccountVerb.CREATE] == held["C1"].count
    assert counts[AccountVerb.MOVE] == held["C2"].count >= 25
    (renamed, *_) = account_changes(desk, held["C1"].run, RENAMES).rows(0, 1)
    assert renamed.before is not None
    assert "." in str(renamed.after["username"]).removeprefix(str(renamed.before["username"]))


def test_northfield_makes_accounts_and_keeps_those_of_the_missing(desk: Desk) -> None:
    (hold,) = holds(desk, "northfield")
    accounts = run(desk, hold.run).accounts
    assert accounts.counts[AccountVerb.CREATE] == 14
    assert accounts.counts[AccountVerb.SUSPEND] == hold.count


def test_elk_ridge_refused_a_file_and_changed_nothing(desk: Desk) -> None:
    newest, before = runs(desk, "elk-ridge")[:2]
    assert newest.state is RunState.INPUT_REFUSED
    assert run(desk, newest.id).findings[0].file == "users.csv"
    assert summary(desk, "elk-ridge").generation == run(desk, before.id).generation
    assert sum(r.findings_error for r in runs(desk, "elk-ridge")[1:]) > 0


def test_riverton_has_one_pair_merged_and_one_open(desk: Desk) -> None:
    (merge,) = merges(desk, "riverton")
    (pair,) = duplicates(desk, "riverton")
    assert pair.role is RoleGroup.STUDENT
    assert not {merge.keep, merge.lose} & {pair.a, pair.b}
    assert summary(desk, "riverton").duplicates == 1
    wanted = {RunKind.SYNC, RunKind.MERGE, RunKind.UNDO}
    assert {r.kind for r in runs(desk, "riverton")} == wanted


def test_marlow_waits_for_its_first_approval(desk: Desk) -> None:
    (hold,) = holds(desk, "marlow")
    assert hold.rule == "R9"
    assert hold.whole_run
    marlow = summary(desk, "marlow")
    assert (marlow.students, marlow.generation) == (0, 0)
    assert marlow.additions_waiting == hold.count


def test_history_ends_this_morning_and_the_chain_holds(desk: Desk) -> None:
    entries = audit(desk)
    assert verify(desk).ok
    assert END - entries[0].at < (END - datetime(2026, 8, 12, 10, 30, tzinfo=UTC))
    assert all(newer.at >= older.at for newer, older in pairwise(entries))
    operators = {entry.who for entry in entries}
    assert {"schedule", "dana.kim", "r.osei", "m.alvarez"} <= operators
    for d in districts(desk):
        if d.id != "marlow":
            assert len(runs(desk, d.id)) >= 3
    decided = [h for h in holds(desk, decided=True) if h.state is HoldState.APPROVED]
    assert all(h.reason and len(h.reason) > 20 for h in decided)


def test_no_name_of_a_student_is_in_the_audit_trail(desk: Desk, place: Path) -> None:
    with sqlite3.connect(place / "home" / "store.db") as connection:
        names = connection.execute(
            "select given_name || ' ' || family_name from users where primary_role = 'student'"
        ).fetchall()
        bodies = " ".join(body for (body,) in connection.execute("select body from audit"))
    connection.close()
    assert len(names) > 1000
    assert not [name for (name,) in names if name in bodies]


def test_every_district_opens_with_its_checklists(desk: Desk) -> None:
    for d in districts(desk):
        assert district(desk, d.id).summary == d
        assert {c.name for c in checklists(desk, d.id)} == {c.name for c in CHECKLISTS}


def test_progress_tells_districts_and_days(desk: Desk, heard: list[Progress]) -> None:
    assert {p.district for p in heard} == {d.id for d in districts(desk)}
    days = [p.stage for p in heard]
    assert days == sorted(days)
    assert days[-1] == TODAY.isoformat()


def test_a_home_that_has_the_districts_is_refused(desk: Desk, place: Path) -> None:
    with pytest.raises(ConfigInvalid, match="there already"):
        seed(place / "home", today=TODAY)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 8, 12, 11, 29, tzinfo=UTC), date(2026, 8, 11)),
        (datetime(2026, 8, 12, 11, 30, tzinfo=UTC), date(2026, 8, 12)),
        (datetime(2026, 8, 13, 2, 0, tzinfo=UTC), date(2026, 8, 12)),
    ],
)
def test_the_last_day_is_one_whose_morning_has_been(now: datetime, day: date) -> None:
    assert _last_day(now) == day
