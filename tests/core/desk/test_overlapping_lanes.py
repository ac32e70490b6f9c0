"""Two held lanes that share what belongs to both: neither goes before the other is decided."""

import pytest

from core.scene import Scene, configure_quietly
from rollbook.desk import decisions
from rollbook.desk.views import HoldView, Kind, RunState

STUDENTS = {f"s1-0{number}" for number in range(1, 7)}
CLASS = "c-s1-1"


@pytest.fixture
def lanes(scene: Scene) -> dict[Kind | None, HoldView]:
    """Six students leave, and a class in which some of them sat is closed the same night."""
    configure_quietly(scene, thresholds={"removal_floor": 1})
    assert set(scene.sis.drop_students("s1", 6)) == STUDENTS
    scene.sis.drop_class(CLASS)
    return {hold.kind: hold for hold in scene.sync().holds}


def left(scene: Scene) -> tuple[bool, bool]:
    """Whether the students have left, and whether the class has."""
    held = scene.held()
    sitting = {str(v["user_id"]) for v in held[Kind.ENROLLMENT].values()}
    students = not STUDENTS & held[Kind.USER].keys()
    assert students is not bool(STUDENTS & sitting)
    taught = {str(v["class_id"]) for v in held[Kind.ENROLLMENT].values()}
    gone = CLASS not in held[Kind.CLASS]
    assert gone is not (CLASS in taught)
    return students, gone


@pytest.mark.parametrize("first", [Kind.USER, Kind.CLASS])
def test_the_first_decision_waits_for_the_second(
    scene: Scene, lanes: dict[Kind | None, HoldView], first: Kind
) -> None:
    assert lanes.keys() == {Kind.USER, Kind.CLASS}
    second = Kind.CLASS if first is Kind.USER else Kind.USER
    view = scene.approve(lanes[first])
    assert view.summary.state is RunState.HELD
    assert left(scene) == (False, False)
    view = scene.approve(lanes[second])
    assert view.summary.state is RunState.APPLIED
    assert left(scene) == (True, True)
    assert scene.sync().summary.state is RunState.NOOP


@pytest.mark.parametrize("rejected", [Kind.USER, Kind.CLASS])
def test_what_shares_with_a_rejected_lane_stays_too(
    scene: Scene, lanes: dict[Kind | None, HoldView], rejected: Kind
) -> None:
    """A seat of a student who stays cannot go, and so the class with that seat stays."""
    approved = Kind.CLASS if rejected is Kind.USER else Kind.USER
    scene.approve(lanes[approved])
    decisions.reject(scene.desk, lanes[rejected].id, reason="no")
    students, gone = left(scene)
    assert not (gone if rejected is Kind.CLASS else students)
    assert scene.run(lanes[rejected].run).summary.state in (RunState.APPLIED, RunState.REJECTED)
