"""C5: a school with students, a term that has begun or is near, and nobody in a class."""

from datetime import date

import pytest

from core.desk.test_plans import DRAFT, announced
from core.mutation import Mutant
from core.rollover.rolled_sis import new_classes
from core.scene import Scene, configure_quietly
from rollbook.desk.plan_views import ClassFate, PlanDraft
from rollbook.desk.views import HoldView, Kind, RunView, Verb


def without_seats(scene: Scene, school: str = "s1") -> None:
    """No student of a school is in a class; its teachers are."""
    for seat in [
        e
        for e, row in scene.sis.enrollments.items()
        if row["schoolSourcedId"] == school and row["role"] == "student"
    ]:
        del scene.sis.enrollments[seat]


def about(view: RunView) -> tuple[list[HoldView], list[str]]:
    """The holds of C5, and what is said."""
    holds = [hold for hold in view.holds if hold.rule == "C5"]
    return holds, [f.message for f in view.findings if f.code == "no-enrollments"]


@pytest.fixture
def lenient(scene: Scene) -> Scene:
    """Files may be far shorter than usual."""
    configure_quietly(scene, thresholds={"shrink_percent": 90})
    return scene


def test_the_last_seats_of_a_school_are_held_in_term(lenient: Scene) -> None:
    scene = lenient
    without_seats(scene)
    view = scene.sync()
    [hold], [message] = about(view)
    assert (hold.school, hold.kind, hold.verb, hold.count) == (
        "s1",
        Kind.ENROLLMENT,
        Verb.REMOVE,
        60,
    )
    assert "none of the 30 students of School 1 would be in a class" in hold.why
    assert hold.approvers == 2
    assert {h.rule for h in view.holds} == {"C5"}
    assert "begun" in message
    assert len(scene.held()[Kind.ENROLLMENT]) == 126


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_before_a_term_they_are_waited_for(lenient: Scene) -> None:
    """Once they have gone nothing is held any more, but it is said until they are there."""
    scene = lenient
    without_seats(scene)
    [hold], _ = about(scene.sync())
    scene.approve(hold)
    scene.sis.users["s2-01"]["phone"] = "555"
    holds, said = about(scene.sync())
    assert (holds, len(said)) == ([], 1)
    scene.sis.enroll("s1-01", "c-s1-1")
    assert about(scene.sync()) == ([], [])


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("day", "told"), [("2026-03-16", 1), ("2026-03-17", 0)])
def test_a_term_is_near_two_weeks_before_it_begins(lenient: Scene, day: str, told: int) -> None:
    scene = lenient
    sessions = scene.sis.tables["academicSessions"]
    for name in sessions:
        sessions[name] |= {"startDate": day, "endDate": "2026-06-06"}
    scene.sync_through()
    without_seats(scene)
    holds, said = about(scene.sync(preview=True))
    assert (len(holds), len(said)) == (told, told)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_fewer_seats_than_students_are_enough(lenient: Scene) -> None:
    scene = lenient
    for number, seat in enumerate(list(scene.sis.enrollments)):
        row = scene.sis.enrollments[seat]
        if row["role"] == "student" and row["schoolSourcedId"] == "s1" and number % 6:
            del scene.sis.enrollments[seat]
    assert about(scene.sync(preview=True)) == ([], [])


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_new_classes_in_one_run_leave_nobody_out(scene: Scene) -> None:
    new_classes(scene.sis)
    assert about(scene.sync(preview=True)) == ([], [])


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_a_plan_that_ends_classes_says_it_beforehand(lenient: Scene) -> None:
    scene = lenient
    draft = PlanDraft(date(2026, 3, 1), date(2026, 3, 20), classes=ClassFate.ENDED)
    announced(scene, draft)
    assert draft.classes is not DRAFT.classes
    for class_id in [c for c in scene.sis.classes if c.startswith("c-s1")]:
        scene.sis.drop_class(class_id)
    holds, said = about(scene.sync(preview=True))
    assert (holds, len(said)) == ([], 1)


@pytest.mark.parametrize(
    "mutant",
    [
        Mutant("rollbook.runs.unenrolled:unenrolled_in", "if had - gone + come <= 0:", "if False:"),
        Mutant("rollbook.holds.no_enrollments:no_enrollments", "if not len(places)", "if True"),
    ],
    ids=["what is seen", "what is held"],
)
@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_guard_broken_is_caught(
    lenient: Scene, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.put_in(monkeypatch)
    with pytest.raises((AssertionError, ValueError)):
        test_the_last_seats_of_a_school_are_held_in_term(lenient)
