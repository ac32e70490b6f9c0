"""C4: what is another class under an old id is held; what is the same class is not."""

from collections.abc import Callable

import pytest

from core.rollover.rolled_sis import new_classes
from core.scene import Scene
from core.small_sis import SmallSis
from rollbook.desk.views import HoldView, Kind, RunState

Change = Callable[[SmallSis], object]

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def reused(scene: Scene, *, preview: bool = False) -> list[HoldView]:
    view = scene.sync(preview=preview)
    return [hold for hold in view.holds if hold.rule == "C4"]


def others_in(sis: SmallSis, class_id: str, count: int = 20) -> None:
    """All students of a class leave it, and others come."""
    seats = [
        e
        for e, row in sis.enrollments.items()
        if row["classSourcedId"] == class_id and row["role"] == "student"
    ]
    taken = {sis.enrollments.pop(seat)["userSourcedId"] for seat in seats}
    free = [s for s in sis.students(sis.classes[class_id]["schoolSourcedId"]) if s not in taken]
    for student in free[:count]:
        sis.enroll(student, class_id)


def another_teacher(sis: SmallSis, class_id: str, teacher: str) -> None:
    seat = next(
        e
        for e, row in sis.enrollments.items()
        if row["classSourcedId"] == class_id and row["role"] == "teacher"
    )
    del sis.enrollments[seat]
    sis.enroll(teacher, class_id, "teacher")


def next_year(sis: SmallSis, *classes: str) -> None:
    sis.tables["academicSessions"]["y27"] = {
        **sis.tables["academicSessions"]["y26"],
        **{"startDate": "2026-08-17", "endDate": "2027-06-05", "schoolYear": "2027"},
    }
    for class_id in classes:
        sis.classes[class_id]["termSourcedIds"] = "y27"


def test_a_class_of_another_school_year_is_another_class(scene: Scene) -> None:
    before = scene.held()[Kind.CLASS]["c-s1-1"]
    next_year(scene.sis, "c-s1-1")
    scene.sis.enroll("s1-01", "c-s1-1")
    [hold] = reused(scene)
    assert (hold.count, hold.base, hold.school, hold.kind) == (1, 3, "s1", Kind.CLASS)
    assert "c-s1-1 (another school year" in hold.why
    assert hold.covers == {"add": {"enrollment": 1}, "update": {"class": 1}}
    assert scene.held()[Kind.CLASS]["c-s1-1"] == before
    assert "e-s1-01-c-s1-1" not in scene.held()[Kind.ENROLLMENT]
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert scene.held()[Kind.CLASS]["c-s1-1"]["term_ids"] == ["y27"]


def turned(sis: SmallSis) -> None:
    """The second term begins for the same students."""
    for row in list(sis.classes.values())[:3]:
        row["termSourcedIds"] = "spring"


def halves(sis: SmallSis) -> None:
    for row in sis.classes.values():
        row["termSourcedIds"] = "fall"


def corrected(sis: SmallSis) -> None:
    sis.tables["courses"]["k-new"] = dict(sis.tables["courses"]["k-s1"])
    sis.classes["c-s1-1"]["courseSourcedId"] = "k-new"


def new_seats(sis: SmallSis) -> None:
    """Another teacher, and every seat under another id, with the same students."""
    another_teacher(sis, "c-s1-1", "t-s1-2")
    for seat in [e for e, r in sis.enrollments.items() if r["classSourcedId"] == "c-s1-1"]:
        sis.enrollments[f"again-{seat}"] = sis.enrollments.pop(seat)


def fresh_students(sis: SmallSis) -> None:
    others_in(sis, "c-s1-1")


def fresh_seats_with_another_teacher(sis: SmallSis) -> None:
    others_in(sis, "c-s1-1")
    another_teacher(sis, "c-s1-1", "t-s1-2")


ORDINARY: dict[str, Change] = {
    "another teacher in mid-year": lambda sis: another_teacher(sis, "c-s1-1", "t-s1-2"),
    "another teacher and new ids of seats": new_seats,
    "a corrected course": corrected,
    "fewer terms": halves,
    "other students, the same class": fresh_students,
    "new classes for old ones": new_classes,
}


@pytest.mark.parametrize("name", ORDINARY)
def test_what_is_ordinary_is_no_reuse(scene: Scene, name: str) -> None:
    ORDINARY[name](scene.sis)
    assert reused(scene) == []


def test_a_term_that_turns_for_the_same_students_is_no_reuse(scene: Scene) -> None:
    halves(scene.sis)
    scene.sync_through()
    turned(scene.sis)
    assert reused(scene) == []
    assert scene.held()[Kind.CLASS]["c-s1-1"]["term_ids"] == ["spring"]


@pytest.mark.parametrize("what", ["teacher", "course", "term"])
def test_other_students_and_another_teacher_course_or_term_are(scene: Scene, what: str) -> None:
    if what == "term":
        halves(scene.sis)
        scene.sync_through()
        scene.sis.classes["c-s1-1"]["termSourcedIds"] = "spring"
    elif what == "course":
        corrected(scene.sis)
    others_in(scene.sis, "c-s1-1")
    if what == "teacher":
        another_teacher(scene.sis, "c-s1-1", "t-s1-2")
    [hold] = reused(scene)
    assert f"another {what}" in hold.why
    assert "students are new" in hold.why


def test_one_in_five_of_the_old_students_is_another_matter(scene: Scene) -> None:
    """Of thirteen, three were there before; of twelve two, and ten of twelve are eight in ten."""
    sis = scene.sis
    old = [r["userSourcedId"] for r in sis.enrollments.values() if r["classSourcedId"] == "c-s1-1"]
    stay = [user for user in old if user.startswith("s1-")][:3]
    fresh_seats_with_another_teacher(sis)
    for student in stay:
        sis.enroll(student, "c-s1-1")
    assert reused(scene, preview=True) == []
    sis.drop_user(stay[0])
    [hold] = reused(scene)
    assert "10 of 12 students are new" in hold.why


def test_an_id_that_comes_back_for_another_term_is_held(scene: Scene) -> None:
    gone = dict(scene.sis.classes["c-s2-3"])
    scene.sis.drop_class("c-s2-3")
    scene.sync_through()
    scene.sis.classes["c-s2-3"] = gone
    assert reused(scene) == []
    scene.sis.drop_class("c-s2-3")
    scene.sync_through()
    scene.sis.classes["c-s2-3"] = gone
    next_year(scene.sis, "c-s2-3")
    [hold] = reused(scene)
    assert (hold.count, hold.covers["add"]) == (1, {"class": 1})


def emptied(scene: Scene, class_id: str) -> None:
    """The students of a class go out of it, and a day passes."""
    seats = scene.sis.enrollments
    for seat in [e for e, r in seats.items() if r["classSourcedId"] == class_id]:
        if seats[seat]["role"] == "student":
            del seats[seat]
    scene.sync_through()
    scene.clock.forward(days=1)


@pytest.mark.parametrize("filled", ["never", "before", "at once"])
@pytest.mark.parametrize("what", ["teacher", "course"])
def test_an_id_that_turns_over_several_nights_is_held(scene: Scene, what: str, filled: str) -> None:
    class_id = "c-s1-1"
    was_in = {
        r["userSourcedId"]
        for r in scene.sis.enrollments.values()
        if r["classSourcedId"] == class_id
    }
    others = [s for s in scene.sis.students("s1") if s not in was_in]
    emptied(scene, class_id)
    if filled != "never":
        for student in others:
            scene.sis.enroll(student, class_id)
    if filled == "before":
        scene.sync_through()
        scene.clock.forward(days=1)
    if what == "course":
        corrected(scene.sis)
    else:
        another_teacher(scene.sis, class_id, "t-s1-2")
    [hold] = reused(scene)
    assert f"another {what}" in hold.why


def test_students_who_come_back_make_no_other_class(scene: Scene) -> None:
    """Emptied by mistake: the same students come back, and the course was corrected."""
    class_id = "c-s1-1"
    seats = {e: dict(r) for e, r in scene.sis.enrollments.items()}
    emptied(scene, class_id)
    scene.sis.enrollments.update(seats)
    corrected(scene.sis)
    assert reused(scene) == []


def test_who_came_with_those_who_left_is_not_new_in_a_class(scene: Scene) -> None:
    """Three students have left; some weeks later the class has another teacher."""
    class_id = "c-s1-1"
    seats = sorted(
        e
        for e, r in scene.sis.enrollments.items()
        if r["classSourcedId"] == class_id and r["role"] == "student"
    )
    for seat in seats[:3]:
        del scene.sis.enrollments[seat]
    assert scene.sync().holds == ()
    scene.clock.forward(days=21)
    another_teacher(scene.sis, class_id, "t-s1-2")
    assert reused(scene) == []


def test_who_left_long_ago_tells_nothing_of_a_class(scene: Scene) -> None:
    emptied(scene, "c-s1-1")
    scene.clock.forward(days=120)
    corrected(scene.sis)
    assert reused(scene) == []


def test_two_classes_of_the_same_students_that_swap_their_ids_are_held(scene: Scene) -> None:
    sis, one, other = scene.sis, "c-s1-1", "c-s1-2"
    corrected(sis)
    for seat in [e for e, r in sis.enrollments.items() if r["classSourcedId"] == other]:
        if sis.enrollments[seat]["role"] == "student":
            del sis.enrollments[seat]
    for row in [r for r in sis.enrollments.values() if r["classSourcedId"] == one]:
        if row["role"] == "student":
            sis.enroll(row["userSourcedId"], other)
    scene.sync_through()
    before = scene.held()
    sis.classes[one], sis.classes[other] = sis.classes[other], sis.classes[one]
    another_teacher(sis, one, "t-s1-2")
    another_teacher(sis, other, "t-s1-1")
    [hold] = reused(scene)
    assert hold.count == 2
    assert f"{one} (another course, another teacher, as {other} was)" in hold.why
    assert scene.held() == before


def test_a_class_that_only_gets_the_title_of_another_is_no_other_class(scene: Scene) -> None:
    corrected(scene.sis)
    scene.sync_through()
    rows = scene.sis.classes
    rows["c-s1-1"]["title"], rows["c-s1-2"]["title"] = "Reading 2", "Reading 1"
    assert reused(scene) == []


def test_many_in_one_school_are_one_decision(scene: Scene) -> None:
    next_year(scene.sis, *scene.sis.classes)
    holds = reused(scene)
    assert [(hold.school, hold.count) for hold in holds] == [("s1", 3), ("s2", 3)]
