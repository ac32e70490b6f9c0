"""While a plan is in force, what goes wrong on the day of the rollover is held or refused."""

from collections.abc import Callable

import pytest

from core.desk.test_plans import announced
from core.rollover.rolled_sis import (
    LADDER,
    graduate,
    in_grade,
    new_classes,
    new_students,
    promote,
    rolled_over,
)
from core.scene import Scene, configure_quietly
from core.small_sis import SmallSis
from rollbook.desk.views import RunState

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@pytest.fixture
def scene(rollover_scene: Scene) -> Scene:
    """A plan is in force, and files may be far shorter than usual."""
    configure_quietly(rollover_scene, thresholds={"shrink_percent": 60})
    announced(rollover_scene)
    return rollover_scene


def cut_users(sis: SmallSis) -> None:
    """The file of users ends after two thirds of the students of a school."""
    rolled_over(sis)
    for student in sis.students("s2")[20:]:
        sis.drop_user(student)


def cut_classes(sis: SmallSis) -> None:
    """The old classes have gone, and there are hardly any new ones."""
    rolled_over(sis)
    for class_id in [c for c in sis.classes if not c.endswith("1")]:
        sis.drop_class(class_id)


def two_grades_up(sis: SmallSis) -> None:
    """Done twice."""
    rolled_over(sis)
    for student in [*in_grade(sis, "06"), *in_grade(sis, "04")]:
        sis.users[student]["grades"] = LADDER.next(sis.users[student]["grades"]) or ""


def half_of_each_school(sis: SmallSis) -> None:
    graduate(sis)
    before = {student: dict(row) for student, row in sis.users.items()}
    promote(sis)
    for student in sis.students()[::2]:
        sis.users[student] = before[student]


def of_another_district(sis: SmallSis) -> None:
    rolled_over(sis)
    for user in [u for u, row in sis.users.items() if row["role"] != "teacher"]:
        sis.rekey(user, f"other-{user}")
        sis.users[f"other-{user}"] |= {
            "givenName": f"Other{user}",
            "email": f"{user}@other.example.org",
            "identifier": "",
        }


def new_ids(sis: SmallSis) -> None:
    rolled_over(sis)
    for student in sis.students("s1"):
        sis.rekey(student, f"n-{student}")


def reused_class_ids(sis: SmallSis) -> None:
    """Next year's classes have the ids of this year's."""
    old = list(sis.classes)
    rolled_over(sis)
    for class_id in old:
        sis.rekey_class(f"y27-{class_id}", class_id)


def renamed(sis: SmallSis) -> None:
    rolled_over(sis)
    for student in sis.students():
        sis.users[student]["username"] += "x"


def a_school_empty(sis: SmallSis) -> None:
    rolled_over(sis)
    for user in [u for u, row in sis.users.items() if row["orgs"] == "s1"]:
        sis.drop_user(user)


def the_wrong_grade_leaves(sis: SmallSis) -> None:
    graduate(sis, "07")
    promote(sis)
    new_classes(sis)


def far_more_new_students(sis: SmallSis) -> None:
    new_students(sis, 60)


ACCIDENTS: dict[str, tuple[Callable[[SmallSis], None], str]] = {
    "a cut file of users": (cut_users, "R1"),
    "a cut file of classes": (cut_classes, "R1"),
    "a roll-up done twice": (two_grades_up, "C3"),
    "half a roll-up": (half_of_each_school, "C3"),
    "another district's file": (of_another_district, "R6"),
    "new ids": (new_ids, "R4"),
    "reused class ids": (reused_class_ids, "C4"),
    "a mass rename": (renamed, "R5"),
    "an empty school": (a_school_empty, "R0"),
    "the wrong grade leaves": (the_wrong_grade_leaves, "R1"),
    "far more new students": (far_more_new_students, "R6"),
}


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_an_accident_on_the_day_of_the_rollover_is_held(scene: Scene, accident: str) -> None:
    happens, rule = ACCIDENTS[accident]
    happens(scene.sis)
    view = scene.sync(preview=True)
    assert view.summary.state is RunState.HELD
    assert rule in {hold.rule for hold in view.holds}


def test_without_an_accident_it_goes_in(scene: Scene) -> None:
    rolled_over(scene.sis)
    view = scene.sync()
    assert (view.holds, view.summary.state) == ((), RunState.APPLIED)
