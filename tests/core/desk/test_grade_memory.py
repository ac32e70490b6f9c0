"""What is remembered of last year's grades follows everything that is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.graded_sis import GRADES, new_year, roll_up
from core.scene import NORTH, Scene
from rollbook.desk import decisions, relinking, undoing
from rollbook.directory import grade_memory
from rollbook.directory.grade_memory import Move
from rollbook.rollover.roll_up import RollUpState, detect
from rollbook.roster.grade_ladder import ladder
from rollbook.roster.grade_moves import Place

LAST_DAYS = 92
"""From a week after the clock's morning in March to June, after the sessions have ended."""


@pytest.fixture
def scene(graded_scene: Scene) -> Scene:
    """Everybody has a grade, and school has ended."""
    graded_scene.clock.forward(days=LAST_DAYS)
    return graded_scene


def moves(scene: Scene) -> dict[Move, int]:
    """The counts as they are kept, which are those of a count."""
    with scene.desk.store.read() as connection:
        kept = grade_memory.moves_of(connection, NORTH)
        assert kept == grade_memory.recount(connection, NORTH)
    return dict(kept)


def state(scene: Scene) -> RollUpState:
    return detect(moves(scene), ladder()).state


def at(grades: str, school: str = "s1") -> Place:
    return Place(school, grades)


def test_before_anything_happens_everybody_is_where_they_were(scene: Scene) -> None:
    assert moves(scene) == {
        (at(grade, school), at(grade, school)): 6 for grade in GRADES for school in ("s1", "s2")
    }
    with scene.desk.store.read() as connection:
        kept = grade_memory.year_of(connection, NORTH)
        assert kept is not None
        assert (kept.school_year, kept.since) == (2026, date(2026, 3, 2))
        assert grade_memory.former_places(connection, NORTH, ["s1-01"]) == {}


def test_a_roll_up_that_comes_school_by_school_adds_up(scene: Scene) -> None:
    roll_up(scene.sis, "s1")
    scene.sync_through()
    assert moves(scene)[at("01"), at("02")] == 6
    assert moves(scene)[at("05"), None] == 6
    assert state(scene) is RollUpState.PARTLY
    scene.clock.forward(days=1)
    roll_up(scene.sis, "s2")
    scene.sync_through()
    assert state(scene) is RollUpState.DONE
    with scene.desk.store.read() as connection:
        kept = grade_memory.year_of(connection, NORTH)
    assert kept is not None
    assert kept.rolled_up == date(2026, 6, 11)


def test_what_was_done_twice_shows_though_each_time_was_ordinary(scene: Scene) -> None:
    for _ in range(2):
        roll_up(scene.sis, leaving=False)
        scene.sync_through()
        scene.clock.forward(days=1)
    assert state(scene) is RollUpState.TWICE


def _moves_school(scene: Scene) -> None:
    scene.sis.move_student("s1-01", "s2")


def _comes_and_goes(scene: Scene) -> None:
    scene.sis.add_student("s1", "s1-99", grades="KG")
    scene.sync_through()
    scene.sis.drop_user("s1-99")
    scene.sis.drop_user("s1-02")


def _comes_back(scene: Scene) -> None:
    kept = dict(scene.sis.users["s1-02"])
    scene.sis.drop_user("s1-02")
    scene.sync_through()
    scene.sis.users["s1-02"] = kept | {"grades": "03"}


def _becomes_staff(scene: Scene) -> None:
    scene.sis.users["s1-03"]["role"] = "teacher"


def _goes_blank(scene: Scene) -> None:
    scene.sis.users["s1-04"]["grades"] = ""


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (_moves_school, {(at("01"), at("01", "s2")): 1}),
        (_comes_and_goes, {(at("02"), None): 1}),
        (_comes_back, {(at("02"), at("03")): 1}),
        (_becomes_staff, {(at("03"), None): 1}),
        (_goes_blank, {(at("04"), at("")): 1}),
    ],
)
def test_each_move_is_counted_once(
    scene: Scene, happens: Callable[[Scene], None], expected: dict[Move, int]
) -> None:
    happens(scene)
    scene.sync_through()
    found = {move: n for move, n in moves(scene).items() if move[0] != move[1]}
    assert found == expected


def test_undoing_a_roll_up_takes_it_back(scene: Scene) -> None:
    before = moves(scene)
    roll_up(scene.sis)
    done = scene.sync_through()
    assert moves(scene) != before
    undone = undoing.undo(scene.desk, done.summary.id, reason="too early")
    for hold in undone.holds:
        scene.approve(hold)
    assert moves(scene) == before


def test_who_is_re_linked_keeps_the_grade_of_last_year(scene: Scene) -> None:
    roll_up(scene.sis, "s1")
    scene.sync_through()
    before = moves(scene)
    for student in scene.sis.students("s1"):
        scene.sis.rekey(student, f"x-{student}")
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    plan = relinking.relink_preview(scene.desk, hold.id)
    relinking.relink(scene.desk, hold.id, confirm=plan.count, reason="new", digest=plan.digest)
    for waiting in decisions.holds(scene.desk, NORTH):
        if waiting.relinkable:
            second = scene.at("lee")
            relinking.relink(second, hold.id, confirm=plan.count, reason="new", digest=plan.digest)
    assert "x-s1-01" in scene.users()
    assert moves(scene) == before


def test_corrections_within_the_year_are_no_part_of_a_roll_up(scene: Scene) -> None:
    scene.clock.forward(days=-LAST_DAYS)
    scene.sis.users["s1-01"]["grades"] = "02"
    scene.sync_through()
    assert moves(scene)[at("01"), at("02")] == 1
    scene.clock.forward(days=8)
    scene.sis.users["s1-02"]["givenName"] = "Another"
    scene.sync_through()
    assert moves(scene)[at("02"), at("02")] == 7
    with scene.desk.store.read() as connection:
        assert grade_memory.former_places(connection, NORTH, ["s1-01"]) == {}


def test_a_month_into_the_new_year_its_grades_are_those_of_before(scene: Scene) -> None:
    roll_up(scene.sis)
    new_year(scene.sis)
    scene.sync_through()
    for days, year in ((60, 2026), (40, 2026), (1, 2027)):
        scene.clock.forward(days=days)
        scene.sis.users["t-s1-1"]["givenName"] += "x"
        scene.sync_through()
        with scene.desk.store.read() as connection:
            kept = grade_memory.year_of(connection, NORTH)
        assert kept is not None
        assert kept.school_year == year
    assert state(scene) is RollUpState.NOT_YET
    assert moves(scene)[at("02"), at("02")] == 6
