"""R3 and R5 over days, through the whole engine: drips are counted, columns are missed."""

import pytest

from core.scene import Scene, configure_quietly
from rollbook.desk import decisions, undoing
from rollbook.desk.views import HoldView, Kind, RunState, RunView


@pytest.fixture(autouse=True)
def no_enrollments_in_the_way(scene: Scene) -> None:
    """Two students of thirty take more of their school's seats along than R1 lets go."""
    configure_quietly(scene, thresholds={"removal_floor": 5, "removal_cap_enrollment": 10_000})
    for enrollment in list(scene.sis.enrollments):
        if scene.sis.enrollments[enrollment]["role"] == "student":
            del scene.sis.enrollments[enrollment]
    configure_quietly(scene, thresholds={"shrink_percent": 100})
    while waiting := scene.sync().holds:
        scene.approve(waiting[0])
        for hold in waiting[1:]:
            scene.approve(hold)
    scene.clock.forward(days=8)


def people(view: RunView) -> list[HoldView]:
    return [hold for hold in view.holds if hold.kind is Kind.USER]


def lose(scene: Scene, count: int) -> RunView:
    scene.sis.drop_students("s1", count)
    return scene.sync()


def students(scene: Scene) -> int:
    return len([user for user in scene.users() if user.startswith("s1-")])


def test_a_few_an_hour_are_held_when_they_are_many_a_day(scene: Scene) -> None:
    assert lose(scene, 3).summary.state is RunState.APPLIED
    scene.clock.forward(hours=8)
    view = lose(scene, 2)
    [hold] = people(view)
    assert (hold.rule, hold.school, hold.count) == ("R3", "s1", 2)
    assert "after 3 in the last 24 hours: 5 of 30 (16.7 %)" in hold.why
    assert students(scene) == 27


def test_a_day_later_a_new_day_begins_but_the_week_goes_on(scene: Scene) -> None:
    """A fifth of the district's sixty is reached on the third day."""
    for _ in range(2):
        assert lose(scene, 4).summary.state is RunState.APPLIED
        scene.clock.forward(hours=25)
    [hold] = people(lose(scene, 4))
    assert hold.rule == "R3"
    assert "after 8 in the last 7 days: 12 of 60 (20.0 %); the limit for 7 days is 20 %" in hold.why


def test_what_was_approved_is_not_counted_again(scene: Scene) -> None:
    [hold] = people(lose(scene, 6))
    assert hold.rule == "R1"
    scene.approve(hold)
    assert lose(scene, 2).summary.state is RunState.APPLIED
    assert students(scene) == 22


def test_who_takes_the_place_of_those_let_go_adds_nobody(scene: Scene) -> None:
    """Twenty of thirty go and twenty come, with leave: there are still thirty."""
    configure_quietly(scene, thresholds={"removal_percent": 21, "removal_floor": 5})
    for number in range(20):
        scene.sis.add_student("s1", f"new-{number}")
    scene.sis.drop_students("s1", 20)
    view = scene.sync()
    while view.holds:
        scene.approve(view.holds[0])
        view = scene.sync()
    assert students(scene) == 10
    assert lose(scene, 4).summary.state is RunState.APPLIED
    [hold] = people(lose(scene, 3))
    assert "after 4 in the last 24 hours: 7 of 30 (23.3 %)" in hold.why


def test_an_approved_drip_does_not_trip_again_with_the_next_one(scene: Scene) -> None:
    lose(scene, 4)
    [hold] = people(lose(scene, 1))
    assert hold.rule == "R3"
    scene.approve(hold)
    assert lose(scene, 1).summary.state is RunState.APPLIED
    assert students(scene) == 24
    [again] = people(lose(scene, 4))
    assert "after 1 in the last 24 hours" in again.why


def test_a_rejected_drip_is_raised_again(scene: Scene) -> None:
    lose(scene, 4)
    [hold] = people(lose(scene, 1))
    decisions.reject(scene.desk, hold.id, reason="no")
    scene.sis.add_student("s2", "new")
    [again] = people(scene.sync())
    assert again.rule == "R3"


def test_what_was_undone_is_not_counted_twice(scene: Scene) -> None:
    """Four left, came back by an undo, and leave again: four, not eight."""
    first = lose(scene, 4)
    undoing.undo(scene.desk, first.summary.id, reason="x")
    assert students(scene) == 30
    again = scene.sync()
    assert again.summary.state is RunState.APPLIED
    assert students(scene) == 26
    undo = undoing.undo(scene.desk, again.summary.id, reason="x")
    undoing.undo(scene.desk, undo.summary.id, reason="x")
    [hold] = people(lose(scene, 1))
    assert "after 4 in the last 24 hours" in hold.why


def test_disabling_drips_as_well(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:4]:
        scene.sis.users[student]["enabledUser"] = "false"
    scene.sync()
    for student in scene.sis.students("s1")[4:6]:
        scene.sis.users[student]["enabledUser"] = "false"
    [hold] = people(scene.sync())
    assert (hold.rule, hold.count) == ("R3", 2)


def test_a_column_that_is_missing_blanks_nothing(scene: Scene) -> None:
    for student in scene.sis.students()[:8]:
        scene.sis.users[student]["phone"] = f"5{student}"
    scene.sync()
    for row in scene.sis.users.values():
        row.pop("phone", None)
    scene.sis.users["t-s1-1"]["email"] = "new@north.example.org"
    view = scene.sync()
    assert [(h.rule, h.count) for h in view.holds] == [("R5", 8)]
    assert "8 of 8 (100.0 %) values of phone" in view.holds[0].why
    assert scene.users()["s1-01"]["phone"] == "5s1-01"
    scene.sis.users["s1-01"]["phone"] = "6"
    for student in scene.sis.students()[1:8]:
        scene.sis.users[student]["phone"] = f"5{student}"
    assert scene.sync().summary.state is RunState.APPLIED
