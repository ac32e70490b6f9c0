"""A district's season through a year, what it waits for, and the evidence of its roll-up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.graded_sis import new_year, roll_up
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import districts, pausing, seasons
from rollbook.desk.season_views import RollUpState, Season, SeasonView, Witness
from rollbook.desk.year_overview import year_overview
from rollbook.errors import NotFound


def on(scene: Scene, month: int, day: int) -> SeasonView:
    """The season on a day of 2026; lists say the same of it."""
    scene.clock.now = datetime(2026, month, day, 17, 0, tzinfo=UTC)
    view = seasons.season(scene.desk, NORTH)
    return view


def listed(scene: Scene) -> Season | None:
    [line] = districts.districts(scene.desk)
    return line.season


def enroll_in_new_year(scene: Scene, *schools: str) -> None:
    """Classes of the new terms with their students, in place of the old."""
    for class_id in list(scene.sis.classes):
        row = scene.sis.classes[class_id]
        if row["schoolSourcedId"] in schools:
            row["termSourcedIds"] = "fall,spring"


def test_a_year_goes_through_its_seasons(graded_scene: Scene) -> None:
    scene = graded_scene
    view = on(scene, 3, 10)
    assert (view.season, view.waits_for) == (
        Season.IN_SESSION,
        "nothing: 2025-26 lasts until 2026-06-05",
    )
    assert (view.year.witness, view.following.witness) == (Witness.SESSIONS, Witness.NEIGHBOUR)
    assert (view.grades_of, view.following.first_day) == (2026, date(2026, 8, 17))
    assert on(scene, 5, 20).season is Season.CLOSING
    assert on(scene, 6, 10).season is Season.SUMMER
    waiting = on(scene, 6, 22)
    assert waiting.season is Season.WAITING_FOR_ROLL_UP
    assert waiting.waits_for == "the roll-up of the SIS into 2026-27"
    assert "which should have come by 2026-08-17" in on(scene, 8, 20).waits_for

    on(scene, 6, 25)
    roll_up(scene.sis, "s1")
    scene.sync_through()
    partly = on(scene, 6, 26)
    assert (partly.season, partly.roll_up) == (Season.WAITING_FOR_ROLL_UP, RollUpState.PARTLY)
    assert partly.waits_for == "the rest of the roll-up: School 2"
    assert partly.grades_of is None
    roll_up(scene.sis, "s2")
    scene.sync_through()
    rolled = on(scene, 6, 27)
    assert (rolled.season, rolled.rolled_up_on) == (Season.ROLLED_UP, date(2026, 6, 26))
    assert (rolled.grades_of, rolled.unenrolled) == (2027, ("School 1", "School 2"))
    assert listed(scene) is Season.ROLLED_UP

    waiting = on(scene, 8, 3)
    assert waiting.season is Season.WAITING_FOR_ENROLLMENTS
    assert waiting.waits_for.endswith("which begins on 2026-08-17: School 1, School 2")
    new_year(scene.sis)
    scene.sis.tables["academicSessions"]["fall"]["title"] = "Fall"
    scene.sync_through()
    ready = on(scene, 8, 4)
    assert (ready.season, ready.unenrolled) == (Season.READY, ())
    assert [term.name for term in ready.following.terms] == ["Fall", "Spring"]
    assert on(scene, 8, 18).season is Season.LIVE
    assert listed(scene) is Season.LIVE
    on(scene, 9, 20)
    for given in ("One", "Two"):
        scene.sis.users["t-s1-1"]["givenName"] = given
        scene.sync_through()
        scene.clock.forward(days=1)
    settled = on(scene, 9, 22)
    assert (settled.season, settled.year.school_year) == (Season.IN_SESSION, 2027)
    assert (settled.roll_up, settled.grades_of) == (RollUpState.NOT_YET, 2027)
    assert listed(scene) is Season.IN_SESSION


def test_the_calendar_of_the_district_goes_before_the_sessions(graded_scene: Scene) -> None:
    scene = graded_scene
    configure_quietly(
        scene,
        calendar={
            "years": {
                "2026": {
                    "first_day": "2025-08-11",
                    "last_day": "2026-05-22",
                    "roll_up_to": "2026-07-10",
                    "terms": [
                        {"name": "Fall", "first_day": "2025-08-11", "last_day": "2025-12-18"}
                    ],
                }
            },
            "blackouts": [{"name": "State testing", "starts": "2026-04-20", "ends": "2026-04-24"}],
        },
    )
    view = on(scene, 4, 21)
    assert (view.year.witness, view.year.last_day) == (Witness.CALENDAR, date(2026, 5, 22))
    assert (view.blackout, view.blackouts[0].ends) == ("State testing", date(2026, 4, 24))
    assert [term.name for term in view.year.terms] == ["Fall"]
    assert on(scene, 4, 25).blackout is None
    assert on(scene, 5, 30).season is Season.SUMMER
    assert "should have come by 2026-07-10" in on(scene, 7, 11).waits_for


def test_a_season_says_what_waits_for_a_decision(graded_scene: Scene) -> None:
    scene = graded_scene
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    for view in (seasons.season(scene.desk, NORTH), year_overview(scene.desk)[0]):
        assert view.waits_for == "a decision about 1 hold: 2025-26 lasts until 2026-06-05"
        assert view.will_do.startswith("what is not held goes in as ever; students")
    scene.clock.now = datetime(2026, 6, 10, 17, 0, tzinfo=UTC)
    scene.sync()
    view = seasons.season(scene.desk, NORTH)
    assert view.waits_for.endswith("from 2026-06-19 on; and a decision about 1 hold")
    assert view.held == 1 != hold.count
    scene.clock.forward(days=30)
    assert "a decision" not in seasons.season(scene.desk, NORTH).waits_for, "it is too old by then"


def test_what_the_schedule_leaves_out_is_in_the_year_as_well(graded_scene: Scene) -> None:
    days = {"first_day": "2026-04-20", "last_day": "2026-04-24"}
    hours = {"begins": "07:00", "ends": "09:00"}
    blackouts = [days, hours, days | hours]
    configure_quietly(graded_scene, schedule={"times": ["02:30"], "blackouts": blackouts})
    view = on(graded_scene, 4, 21)
    assert (view.blackout, view.blackouts) == ("blackout of the schedule", ())
    assert year_overview(graded_scene.desk)[0].blackout == view.blackout
    assert [one.words for one in view.not_read] == [
        "2026-04-20 to 2026-04-24",
        "every day, 07:00 to 09:00",
        "2026-04-20 to 2026-04-24, 07:00 to 09:00",
    ]
    configure_quietly(graded_scene, schedule={"times": ["02:30"], "blackouts": blackouts[1:]})
    assert on(graded_scene, 4, 21).blackout is None, "only hours of it are left out"


def test_a_pause_is_said_with_the_season(graded_scene: Scene) -> None:
    pausing.pause(graded_scene.desk, NORTH, preset="summer", reason="summer")
    view = on(graded_scene, 3, 10)
    assert view.pauses[0] in view.will_do


def test_before_the_first_run_there_is_no_season(empty_scene: Scene) -> None:
    view = seasons.season(empty_scene.desk, NORTH)
    assert (view.season, view.waits_for) == (None, "its first run")
    assert listed(empty_scene) is None
    assert [one.district for one in seasons.seasons(empty_scene.desk)] == [NORTH]
    with pytest.raises(NotFound):
        seasons.season(empty_scene.desk, "nowhere")


def test_the_evidence_is_in_numbers(graded_scene: Scene) -> None:
    scene = graded_scene
    on(scene, 6, 25)
    roll_up(scene.sis, "s1")
    scene.sis.add_student("s1", "s1-90", grades="01")
    scene.sis.users["s2-01"]["grades"] = "0"
    scene.sync_through()
    view = seasons.roll_up(scene.desk, NORTH)
    assert (view.state, view.since) == (RollUpState.PARTLY, date(2026, 3, 2))
    assert (view.evidence.up, view.evidence.stayed, view.evidence.gone) == (24, 23, 6)
    assert (view.top, view.top_gone, view.top_kept) == ("05", 6, 6)
    assert (view.entering, view.unread) == ({"01": 1}, {"0": 1})
    first, second = view.schools
    assert (first.name, first.state) == ("School 1", RollUpState.DONE)
    assert [(g.grade, g.before, g.now) for g in first.grades] == [
        *(("01", 6, 1), ("02", 6, 6), ("03", 6, 6), ("04", 6, 6), ("05", 6, 6))
    ]
    assert (second.state, second.evidence.up) == (RollUpState.NOT_YET, 0)
    assert [(g.grade, g.before, g.now) for g in second.grades][-1] == ("0", 0, 1)
    assert sum(g.now for g in view.grades) == 55
