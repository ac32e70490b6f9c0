"""C3: grades and sessions that do not fit the school year wait for a person; the rest goes in."""

from __future__ import annotations

from datetime import date

import pytest

from core.graded_sis import GRADES, new_year, roll_up
from core.scene import NORTH, Scene, configure_quietly
from rollbook.config.calendar import CalendarYear
from rollbook.desk import pausing
from rollbook.desk.views import HoldView, Kind, RunState, RunView, Verb

SPRING, MAY, SUMMER = 0, 65, 92
"""Days from March to one in session, to one near the year's end, and to one after its last."""


def c3(view: RunView) -> list[HoldView]:
    return [hold for hold in view.holds if hold.rule == "C3"]


def rules(view: RunView) -> set[str]:
    return {hold.rule for hold in view.holds}


def evens(scene: Scene) -> list[str]:
    """Every other pupil of each grade."""
    return [s for s in scene.sis.students() if int(s[-2:]) // 5 % 2]


def test_a_roll_up_in_the_middle_of_the_year_is_held_and_nothing_else_is(
    graded_scene: Scene,
) -> None:
    scene = graded_scene
    roll_up(scene.sis, "s1", leaving=False)
    scene.sis.users["t-s1-1"]["givenName"] = "Another"
    view = scene.sync()
    [hold] = c3(view)
    assert rules(view) == {"C3"}
    assert (hold.kind, hold.verb, hold.school, hold.role) == (
        *(Kind.USER, Verb.UPDATE, "s1", "student"),
    )
    assert (hold.count, hold.base, hold.approvers) == (30, 30, 2)
    assert "no roll-up is due before 2026-04-21" in hold.why
    assert "2025-26 lasts until 2026-06-05 (by its sessions)" in hold.why
    assert "30 of 30 students one grade up" in hold.why
    assert scene.users()["t-s1-1"]["given_name"] == "Another"
    assert scene.users()["s1-01"]["grades"] == ["01"]
    scene.approve(hold)
    assert scene.users()["s1-01"]["grades"] == ["02"]


def test_a_roll_up_in_its_time_is_none_of_its_business(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.clock.forward(days=SUMMER)
    for school in ("s1", "s2"):
        roll_up(scene.sis, school)
        view = scene.sync()
        assert "R5" in rules(view)
        assert c3(view) == []
        scene.sync_through()
        scene.clock.forward(days=1)


def test_a_roll_up_while_everybody_sits_in_class_is_early_weeks_before_the_end(
    graded_scene: Scene,
) -> None:
    """In May the sessions alone do not tell whether school is over; the seats do."""
    scene = graded_scene
    scene.clock.forward(days=MAY)
    roll_up(scene.sis, "s1", leaving=False)
    own = [e for e, r in scene.sis.enrollments.items() if r["schoolSourcedId"] == "s1"]
    for seat in own[: (len(own) - 1) // 2]:
        del scene.sis.enrollments[seat]
    [hold] = c3(scene.sync(preview=True))
    assert "lasts until 2026-06-05 (by its sessions) and the students stay in its" in hold.why
    del scene.sis.enrollments[own[-1]]
    assert c3(scene.sync(preview=True)) == []
    scene.clock.forward(days=SUMMER - MAY)
    assert c3(scene.sync(preview=True)) == []


@pytest.mark.parametrize("days", [SPRING, SUMMER])
def test_half_a_roll_up_is_held_at_any_time(graded_scene: Scene, days: int) -> None:
    scene = graded_scene
    scene.clock.forward(days=days)
    roll_up(scene.sis, but=evens(scene), leaving=False)
    [hold] = c3(scene.sync())
    assert hold.title == "rolled up in part"
    assert (hold.school, hold.count) == (None, 30)
    assert "School 1, School 2 would be rolled up only in part" in hold.why


def test_a_grade_that_was_left_out_is_named(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.clock.forward(days=SUMMER)
    second = [s for s in scene.sis.students("s1") if scene.sis.users[s]["grades"] == "02"]
    roll_up(scene.sis, "s1", but=second, leaving=False)
    [hold] = c3(scene.sync())
    assert "Grade 02 would be left behind." in hold.why
    assert hold.school == "s1"


def test_a_second_roll_up_is_held_though_the_first_is_weeks_ago(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.clock.forward(days=SUMMER)
    roll_up(scene.sis, leaving=False)
    scene.sis.add_student("s1", "new", grades="01")
    scene.sync_through()
    scene.clock.forward(days=30)
    roll_up(scene.sis, leaving=False)
    [hold] = c3(scene.sync())
    assert hold.title == "rolled up twice"
    assert (hold.count, hold.approvers) == (61, 2)
    assert scene.users()["new"]["grades"] == ["01"], "who was not here last year waits with them"


def test_last_years_grades_again_are_held(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.clock.forward(days=SUMMER)
    roll_up(scene.sis, steps=-1)
    [hold] = c3(scene.sync())
    assert hold.title == "roll-up taken back"
    assert hold.count == 48


def test_corrections_and_transfers_are_no_doubt(graded_scene: Scene) -> None:
    scene = graded_scene
    for student in ("s1-01", "s1-02"):
        scene.sis.users[student]["grades"] = "05"
    scene.sis.move_student("s1-06", "s2")
    scene.sis.users["s1-06"]["grades"] = "02"
    scene.sis.add_student("s2", "s2-99", grades="04")
    assert scene.sync().summary.state is RunState.APPLIED


def night(scene: Scene, *, up: slice = slice(0), back: slice = slice(0), days: int = 1) -> RunView:
    """Days later, some pupils of ``s1`` are a grade up, or back."""
    pupils = [s for at, s in enumerate(scene.sis.students("s1")) if at % len(GRADES) < 3]
    for students, step in ((pupils[up], 1), (pupils[back], -1)):
        for student in students:
            row = scene.sis.users[student]
            row["grades"] = f"{int(row['grades']) + step:02}"
    scene.clock.forward(days=days)
    return scene.sync()


def test_a_roll_up_by_two_a_night_is_held_once_it_shows(graded_scene: Scene) -> None:
    """One night's two are corrections, and a step back is; what they come to is not."""
    scene = graded_scene
    assert night(scene, up=slice(2)).summary.state is RunState.APPLIED
    [hold] = c3(night(scene, up=slice(3, 5)))
    assert (hold.title, hold.count) == ("rolled up in part", 2)
    [hold] = c3(night(scene, up=slice(6, 8)))
    assert hold.count == 4
    scene.approve(hold)
    assert night(scene, back=slice(6, 7)).summary.state is RunState.APPLIED
    assert c3(night(scene, up=slice(9, 10)))


def test_a_roll_up_by_a_few_a_week_is_no_correction(graded_scene: Scene) -> None:
    assert c3(night(graded_scene, up=slice(3), days=8)) == []
    graded_scene.sis.users["s2-01"]["givenName"] = "Renamed"
    assert night(graded_scene, days=8).summary.state is RunState.APPLIED
    [hold] = c3(night(graded_scene, up=slice(4, 7), days=8))
    assert (hold.title, hold.count) == ("rolled up in part", 3)


def test_what_a_pause_keeps_back_is_no_doubt_yet(graded_scene: Scene) -> None:
    scene = graded_scene
    pausing.pause(scene.desk, NORTH, kinds=[Kind.USER], reason="grades are being mended")
    roll_up(scene.sis, but=evens(scene), leaving=False)
    assert c3(scene.sync()) == []


def test_who_changes_school_with_the_roll_up_counts_where_they_were(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.clock.forward(days=SUMMER)
    roll_up(scene.sis, "s1", leaving=False)
    for student in scene.sis.students("s1"):
        if scene.sis.users[student]["grades"] == "06":
            scene.sis.move_student(student, "s2")
    view = scene.sync()
    assert c3(view) == []


def sessions(scene: Scene, **cells: str) -> None:
    """Other cells in every session."""
    for row in scene.sis.tables["academicSessions"].values():
        row |= cells


def test_sessions_of_a_year_that_their_dates_are_not_in_are_held(graded_scene: Scene) -> None:
    scene = graded_scene
    sessions(scene, schoolYear="2027")
    scene.sis.users["t-s1-1"]["givenName"] = "Another"
    view = scene.sync()
    [hold] = view.holds
    assert (hold.rule, hold.kind, hold.count, hold.base) == ("C3", Kind.ACADEMIC_SESSION, 3, 3)
    assert "session fall is of 2027 and lasts from 2025-08-18 to 2026-01-09" in hold.why
    assert scene.users()["t-s1-1"]["given_name"] == "Another"
    sessions(scene, schoolYear="2026")
    assert scene.sync().holds == ()


def test_next_years_sessions_alone_are_held_while_school_is_in_session(
    graded_scene: Scene,
) -> None:
    scene = graded_scene
    this_year = dict(scene.sis.tables["academicSessions"])
    new_year(scene.sis)
    [hold] = c3(scene.sync())
    assert "would be those of 2026-27 alone, but it is 2025-26 until 2026-06-05" in hold.why
    scene.sis.tables["academicSessions"] |= this_year
    assert c3(scene.sync()) == []
    scene.clock.forward(days=SUMMER)
    for session in this_year:
        if session not in ("fall", "spring"):
            del scene.sis.tables["academicSessions"][session]
    assert c3(scene.sync()) == []


def test_sessions_that_begin_months_beside_the_calendar_are_held(graded_scene: Scene) -> None:
    scene = graded_scene
    year = CalendarYear(first_day=date(2025, 8, 18), last_day=date(2026, 6, 5))
    configure_quietly(scene, calendar={"years": {"2026": year.model_dump()}})
    sessions(scene, startDate="2025-05-01")
    [hold] = c3(scene.sync())
    assert "would last from 2025-05-01 to 2026-06-05, by the district's calendar" in hold.why


def test_the_calendar_says_when_a_roll_up_is_due(graded_scene: Scene) -> None:
    scene = graded_scene
    year = CalendarYear(
        first_day=date(2025, 8, 18), last_day=date(2026, 6, 5), roll_up_from=date(2026, 7, 1)
    )
    configure_quietly(scene, calendar={"years": {"2026": year.model_dump()}})
    scene.clock.forward(days=SUMMER)
    roll_up(scene.sis, leaving=False)
    [hold] = c3(scene.sync())
    assert "no roll-up is due before 2026-07-01" in hold.why
    scene.clock.forward(days=30)
    scene.sis.users["t-s1-1"]["givenName"] = "Another"
    assert c3(scene.sync()) == []
