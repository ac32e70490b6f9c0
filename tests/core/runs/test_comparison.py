"""Comparing what may have changed gives what comparing all of it gives."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable

import pytest

from core.oracle import hold_against_the_whole
from core.scene import NORTH, Scene, configure_quietly
from core.small_sis import SmallSis, Version
from rollbook.desk import decisions, history, people, syncing, undoing
from rollbook.directory.fingerprints import PARTS
from rollbook.errors import RollbookError
from rollbook.roster.kinds import Kind
from rollbook.runs import sliced, slices, touched

Edit = Callable[[SmallSis, random.Random], None]


def _any(sis: SmallSis, dice: random.Random, table: str) -> str | None:
    rows = sorted(sis.tables[table])
    return dice.choice(rows) if rows else None


def _rename(sis: SmallSis, dice: random.Random) -> None:
    if user := _any(sis, dice, "users"):
        sis.users[user]["givenName"] = f"Name{dice.randrange(99)}"


def _leave(sis: SmallSis, dice: random.Random) -> None:
    if user := _any(sis, dice, "users"):
        sis.drop_user(user)


def _vanish(sis: SmallSis, dice: random.Random) -> None:
    """Out of users.csv alone: everything else still refers to them."""
    if user := _any(sis, dice, "users"):
        del sis.users[user]


def _come(sis: SmallSis, dice: random.Random) -> None:
    school = dice.choice(["s1", "s2", "nowhere"])
    classes = [c for c, r in sis.classes.items() if r["schoolSourcedId"] == school]
    student = sis.add_student(school, f"new-{dice.randrange(30)}", classes=tuple(classes[:1]))
    if (guardian := _any(sis, dice, "users")) and dice.random() < 0.5:
        sis.users[student]["agents"] = guardian


def _move(sis: SmallSis, dice: random.Random) -> None:
    if students := sis.students():
        sis.move_student(dice.choice(students), dice.choice(["s1", "s2"]))


def _regroup(sis: SmallSis, dice: random.Random) -> None:
    """Name somebody as agent, or nobody any more."""
    if (user := _any(sis, dice, "users")) and (agent := _any(sis, dice, "users")):
        sis.users[user]["agents"] = dice.choice(["", agent, "nobody", f"{agent},g-s1-01"])


def _other_role(sis: SmallSis, dice: random.Random) -> None:
    if user := _any(sis, dice, "users"):
        sis.users[user]["role"] = dice.choice(["student", "teacher", "guardian", "wizard"])


def _unenroll(sis: SmallSis, dice: random.Random) -> None:
    if enrollment := _any(sis, dice, "enrollments"):
        del sis.enrollments[enrollment]


def _re_point(sis: SmallSis, dice: random.Random) -> None:
    if (enrollment := _any(sis, dice, "enrollments")) and (user := _any(sis, dice, "users")):
        sis.enrollments[enrollment]["userSourcedId"] = dice.choice([user, "ghost"])


def _close_class(sis: SmallSis, dice: random.Random) -> None:
    if one := _any(sis, dice, "classes"):
        if dice.random() < 0.5:
            sis.drop_class(one)
        else:
            del sis.classes[one]


def _retitle(sis: SmallSis, dice: random.Random) -> None:
    if one := _any(sis, dice, "classes"):
        sis.classes[one]["title"] = f"Class {dice.randrange(99)}"


def _note(sis: SmallSis, dice: random.Random) -> None:
    """What is read, with something to note about it."""
    if user := _any(sis, dice, "users"):
        sis.users[user]["phone"] = dice.choice([" 555 ", "NULL", "N/A"])
        sis.users[user]["givenName"] = dice.choice(["", " Ann ", "Zoë"])


def _spoil(sis: SmallSis, dice: random.Random) -> None:
    table = dice.choice(["users", "enrollments", "demographics"])
    if record := _any(sis, dice, table):
        field = {"users": "enabledUser", "enrollments": "role", "demographics": "birthDate"}[table]
        sis.tables[table][record][field] = dice.choice(["perhaps", "31/12/2012"])


def _forget_demographics(sis: SmallSis, dice: random.Random) -> None:
    if record := _any(sis, dice, "demographics"):
        del sis.demographics[record]


def _mend(sis: SmallSis, dice: random.Random) -> None:
    for row in sis.users.values():
        row["enabledUser"] = "true"
        row["phone"] = ""
        if row["role"] == "wizard":
            row["role"] = "student"


EDITS: tuple[Edit, ...] = (
    *(_rename, _leave, _vanish, _come, _come, _move, _regroup, _other_role, _unenroll),
    *(_re_point, _close_class, _retitle, _note, _spoil, _forget_demographics, _mend),
)


def _decide(scene: Scene, dice: random.Random) -> None:
    """Approve, reject, leave open, undo or merge, as it comes."""
    try:
        for hold in decisions.holds(scene.desk, NORTH):
            chance = dice.random()
            if chance < 0.7:
                scene.approve(hold)
            elif chance < 0.8:
                decisions.reject(scene.desk, hold.id, reason="no")
        if dice.random() < 0.15:
            undoing.undo(scene.desk, history.runs(scene.desk, NORTH)[0].id, reason="x")
        if dice.random() < 0.2:
            both = dice.sample(sorted(scene.users()), 2)
            people.merge(scene.desk, NORTH, *both, reason="one")
        elif dice.random() < 0.1 and (merged := people.merges(scene.desk, NORTH)):
            people.split(scene.desk, dice.choice(merged).id, reason="two")
    except RollbookError:
        pass


def _live(scene: Scene, dice: random.Random) -> None:
    """Eight days; for the last three, a file may be left out."""
    version: Version = dice.choice(["1.1", "1.2"])
    left_out = dice.choice(["", "", "enrollments", "demographics"])
    for day in range(8):
        for _ in range(1 + dice.randrange(4)):
            dice.choice(EDITS)(scene.sis, dice)
        if day == 5 and left_out:
            scene.sis.tables[left_out].clear()
        scene.sync(version=version)
        _decide(scene, dice)


@pytest.mark.parametrize("seed", range(16))
def test_a_part_compared_is_the_whole_compared(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Days of every sort, one after another; each comparison is held against the whole one."""
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    _live(scene, random.Random(seed))
    assert seen["comparisons"] >= 2
    assert seen["files in part"] >= 2
    assert seen["lines not read"] > seen["lines read"] / 4


@pytest.mark.parametrize("seed", range(10))
def test_slice_by_slice_is_the_whole_compared(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen, slices_of=1 + seed)
    _live(scene, random.Random(seed))
    assert seen["cut"] >= 2
    assert seen["slices"] > seen["cut"]


@pytest.mark.parametrize("seed", range(4))
def test_nights_in_slices_leave_what_nights_in_part_need(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    dice = random.Random(seed)
    for night in range(6):
        with monkeypatch.context() as patch:
            if night % 2 == 0:
                patch.setattr(touched, "BULK_SHARE", -1.0)
                patch.setattr(sliced, "SLICED_FROM", 0)
                patch.setattr(slices, "SLICE_ROWS", 5)
            dice.choice(EDITS)(scene.sis, dice)
            scene.sync()
        _decide(scene, dice)
    assert seen["comparisons"] >= 2
    assert seen["lines not read"] > seen["lines read"]


@pytest.mark.parametrize("other", ["", "Other"])
def test_a_known_line_beside_another_one_of_its_id_is_read_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """Differing rows are both set aside; the same row twice is kept once."""
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    lines = users.read_bytes().decode().splitlines(keepends=True)
    [line] = [line for line in lines if line.startswith("s1-01,")]
    another = line.replace("Givens1-01", f"Given{other}s1-01")
    assert another != line or not other
    users.write_bytes("".join([*lines, another]).encode())
    view = syncing.sync(scene.desk, NORTH)
    assert seen["lines not read"] > seen["lines read"]
    assert view.summary.counts.remove == 0
    assert [f.code for f in view.findings if f.record_id == "s1-01"] == (
        ["duplicate-id"] * 2 if other else ["duplicate-row"]
    )


@pytest.mark.parametrize("own", ["r-s1-01-s1", '"r-s1-01-s1"', "r-s1-01-s1\u00a0"])
def test_a_known_role_line_beside_another_one_of_its_id_is_read_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, own: str
) -> None:
    """Neither gives a role, and what its user was is not known any more."""
    scene.sync_through(version="1.2")
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    scene.sis.write(scene.drop, "1.2")
    roles = scene.drop / "roles.csv"
    lines = roles.read_bytes().decode().splitlines(keepends=True)
    [line] = [line for line in lines if line.startswith("r-s1-01-s1,")]
    another = line.replace("r-s1-01-s1", own).replace("s1-01,primary", "t-s1-1,secondary")
    roles.write_bytes("".join([*lines, another.replace(",s1,", ",s2,")]).encode())
    view = syncing.sync(scene.desk, NORTH)
    assert seen["lines not read"] > seen["lines read"]
    counts = view.summary.counts
    assert counts.add == counts.update == counts.remove == 0
    codes = [f.code for f in view.findings if f.severity == "error"]
    assert codes == ["duplicate-id", "duplicate-id", "role-unknown"]


def test_what_was_noted_of_a_line_is_told_of_it_unread_as_well(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_against_the_whole(monkeypatch, Counter())
    scene.sis.users["s1-01"]["givenName"] = "Zoe\u0308"
    first = [f for f in scene.sync().findings if f.code == "normalised-text"]
    scene.sis.users["s1-02"]["givenName"] = "Other"
    assert [f for f in scene.sync().findings if f.code == "normalised-text"] == first != []


def test_a_date_that_is_new_on_every_row_each_night_is_left_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first such night everything is read; from the next one on what says something else."""
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen, share=0.3)
    read: list[int] = []
    for night in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"):
        scene.sis.users["s1-01"]["givenName"] = f"Name of {night}"
        scene.sis.write(scene.drop)
        for name in ("users.csv", "enrollments.csv"):
            with (scene.drop / name).open(encoding="utf-8", newline="") as file:
                header, *rows = csv.reader(file)
            at = header.index("dateLastModified")
            with (scene.drop / name).open("w", encoding="utf-8", newline="") as file:
                stamped = [[*row[:at], f"{night}T02:00Z", *row[at + 1 :]] for row in rows]
                csv.writer(file).writerows([header, *stamped])
        before = seen["lines read"]
        view = syncing.sync(scene.desk, NORTH)
        assert view.summary.counts.update == 1
        read.append(seen["lines read"] - before)
    assert read[0] > 200
    assert max(read[1:]) < 20


def test_a_base_in_many_parts_is_written_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    for day in range(2 * PARTS + 3):
        scene.sis.users["s1-01"]["givenName"] = f"Day {day}"
        assert scene.sync().summary.state == "APPLIED"
    parts = {int(key.split()[2]) for key in seen if key.startswith("bases of")}
    assert {1, 2, PARTS, PARTS + 1} <= parts
    assert max(parts) == PARTS + 1


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_who_is_at_an_org_that_nobody_knows_stays_as_they_were(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, version: Version
) -> None:
    """Night after night, while others come and go; back at their school they are as ever."""
    scene.sync_through(version=version)
    seen: Counter[str] = Counter()
    hold_against_the_whole(monkeypatch, seen)
    before = scene.held()
    scene.sis.users["s1-01"]["orgs"] = "nowhere"
    for night in range(2):
        view = scene.sync(version=version)
        assert view.findings_error == 1
        assert scene.held() == before
        scene.sis.users["s2-01"]["phone"] = before[Kind.USER]["s2-01"]["phone"] = f"{night}"
    scene.sis.users["s1-01"]["orgs"] = "s1"
    assert scene.sync(version=version).findings_error == 0
    assert scene.held() == before
    scene.sis.users["s1-01"]["orgs"] = "s2"
    scene.sync(version=version)
    assert scene.users()["s1-01"]["primary_org_id"] == "s2"
    assert [r for r in scene.held()[Kind.ROLE] if r.startswith("s1-01:")] == ["s1-01:student:s2"]
    assert seen["lines not read"] > seen["lines read"]


@pytest.mark.parametrize("slices_of", [None, 4])
def test_what_belongs_to_who_leaves_leaves_though_its_file_is_not_sent(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, slices_of: int | None
) -> None:
    hold_against_the_whole(monkeypatch, Counter(), slices_of=slices_of)
    own = {i for i, row in scene.sis.enrollments.items() if row["userSourcedId"] == "s1-01"}
    assert own
    scene.sis.tables["enrollments"].clear()
    scene.sis.drop_user("s1-01")
    scene.sync()
    held = scene.held()
    assert "s1-01" not in held[Kind.USER]
    assert not own & held[Kind.ENROLLMENT].keys()
    assert held[Kind.ENROLLMENT]
