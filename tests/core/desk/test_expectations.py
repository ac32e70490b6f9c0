"""A preview beside what was expected of it: by the district's file, and by last year."""

import pytest

from core.scene import Scene, configure_quietly
from rollbook.desk.plan_views import SchoolExpectation

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def lines(scene: Scene) -> dict[str | None, SchoolExpectation]:
    """The lines of the next preview, by school."""
    found = scene.sync(preview=True).expectation
    assert found is not None
    assert (found.plan, found.void) == (None, ())
    return {line.school: line for line in (found.whole, *found.schools)}


def test_students_stand_beside_the_expected_ones_and_last_years(scene: Scene) -> None:
    configure_quietly(scene, expected={"students": 61, "schools": {"s1": 31, "s2": 29}})
    scene.clock.forward(days=370)
    scene.sis.add_student("s1", "new-1")
    found = lines(scene)
    s1, s2, whole = found["s1"], found["s2"], found[None]
    assert (s1.before, s1.incoming, s1.new, s1.leaving, s1.last_year) == (30, 31, 1, 0, 30)
    assert (s1.as_expected, s2.as_expected, whole.as_expected) == (True, False, True)
    assert (whole.incoming, whole.expected_most, whole.last_year) == (61, 61, 60)
    assert s1.splits == {}


def test_nobody_knows_of_last_year_in_the_first_one(scene: Scene) -> None:
    scene.clock.forward(days=200)
    scene.sis.drop_user("s2-30")
    s2 = lines(scene)["s2"]
    assert (s2.last_year, s2.leaving, s2.as_expected) == (None, 1, None)
