"""The guards of the school year, broken on purpose, are noticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.graded_sis import new_year, roll_up
from core.mutation import Mutant
from core.scene import NORTH, Scene
from rollbook.directory import grade_memory
from rollbook.rollover.roll_up import RollUpState, detect
from rollbook.roster.grade_ladder import ladder

MAY, SUMMER = 65, 92


def an_early_roll_up_waits(scene: Scene) -> None:
    """Also where the classes are over."""
    students = set(scene.sis.students("s1"))
    seats = [s for s, row in scene.sis.enrollments.items() if row["userSourcedId"] in students]
    for seat in seats[: len(seats) * 3 // 5]:
        del scene.sis.enrollments[seat]
    roll_up(scene.sis, "s1", leaving=False)
    assert "C3" in {hold.rule for hold in scene.sync().holds}


def a_roll_up_among_classes_waits(scene: Scene) -> None:
    scene.clock.forward(days=MAY)
    roll_up(scene.sis, "s1", leaving=False)
    assert "C3" in {hold.rule for hold in scene.sync().holds}


def half_a_roll_up_waits(scene: Scene) -> None:
    scene.clock.forward(days=SUMMER)
    others = [s for s in scene.sis.students() if int(s[-2:]) // 5 % 2]
    roll_up(scene.sis, but=others, leaving=False)
    assert "C3" in {hold.rule for hold in scene.sync().holds}
    assert scene.users()["s1-01"]["grades"] == ["01"]


def a_wrong_school_year_waits(scene: Scene) -> None:
    for row in scene.sis.tables["academicSessions"].values():
        row["schoolYear"] = "2028"
    assert "C3" in {hold.rule for hold in scene.sync().holds}


def another_years_sessions_wait(scene: Scene) -> None:
    new_year(scene.sis)
    assert "C3" in {hold.rule for hold in scene.sync().holds}


def a_second_roll_up_shows(scene: Scene) -> None:
    scene.clock.forward(days=SUMMER)
    for _ in range(2):
        roll_up(scene.sis, leaving=False)
        scene.sync_through()
        scene.clock.forward(days=1)
    with scene.desk.store.read() as connection:
        moves = grade_memory.moves_of(connection, NORTH)
    assert detect(moves, ladder()).state is RollUpState.TWICE


GUARDS: dict[str, tuple[Mutant, Callable[[Scene], None]]] = {
    "too early": (
        Mutant(
            "rollbook.rollover.doubts:grade_doubts",
            "if school.school not in rolled and (early or",
            "if (False or",
        ),
        an_early_roll_up_waits,
    ),
    "classes that go on": (
        Mutant(
            "rollbook.rollover.doubts:grade_doubts", "lasts and school.school in seated", "False"
        ),
        a_roll_up_among_classes_waits,
    ),
    "in part": (
        Mutant("rollbook.rollover.doubts:grade_doubts", "elif school.state in _WORDS:", "elif 0:"),
        half_a_roll_up_waits,
    ),
    "the doubts are judged": (
        Mutant("rollbook.runs.case:case_of", "if not first and not inverse:", "if False:"),
        half_a_roll_up_waits,
    ),
    "the hold": (
        Mutant("rollbook.holds.school_year:school_year", "if doubts:", "if False:"),
        a_wrong_school_year_waits,
    ),
    "the year of sessions": (
        Mutant(
            "rollbook.rollover.doubts:session_doubts",
            "year.school_year not in named and had",
            "False",
        ),
        another_years_sessions_wait,
    ),
    "the memory": (
        Mutant("rollbook.directory.grade_memory:before_writing", "sql.run(sql.keep)", "pass"),
        a_second_roll_up_shows,
    ),
    "the counts": (
        Mutant(
            "rollbook.directory.grade_memory:after_writing",
            "moves.subtract(before)",
            "pass",
        ),
        a_second_roll_up_shows,
    ),
    "the anchor": (
        Mutant("rollbook.rollover.grade_year:turns_over_to", "if corrected and quiet", "if True"),
        a_second_roll_up_shows,
    ),
}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("check", list(dict.fromkeys(check for _, check in GUARDS.values())))
def test_the_guard_holds(graded_scene: Scene, check: Callable[[Scene], None]) -> None:
    check(graded_scene)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("guard", GUARDS)
def test_the_guard_broken_is_caught(
    graded_scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = GUARDS[guard]
    mutant.put_in(monkeypatch)
    with pytest.raises(AssertionError):
        check(graded_scene)
