"""What a plan says of accounts: moves are announced with a roll-up, renames never."""

import pytest

from core.desk.test_plans import announced
from core.rollover.rolled_sis import graduate, in_grade, new_classes, promote
from core.scene import Scene, configure_quietly
from rollbook.desk.views import HoldView, Kind, Verb
from rollbook.roster.accounts import AccountVerb

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

POLICY = {
    "student": {
        "username": "{given.1}{family}{number}{grad.2}",
        "ou": "/Students/{school_name}/{grade}",
    }
}


@pytest.fixture
def scene(rollover_scene: Scene) -> Scene:
    """The accounts of its students are named by their year of graduation."""
    configure_quietly(rollover_scene, accounts=POLICY)
    rollover_scene.sis.users["s1-01"]["phone"] = "555"
    rollover_scene.sync_through()
    return rollover_scene


def of_accounts(holds: tuple[HoldView, ...]) -> set[str]:
    return {hold.rule for hold in holds} & {"C1", "C2"}


def test_a_roll_up_moves_accounts_and_a_plan_announces_it(scene: Scene) -> None:
    graduate(scene.sis)
    promote(scene.sis)
    new_classes(scene.sis)
    assert of_accounts(scene.sync(preview=True).holds) == {"C2"}
    announced(scene)
    view = scene.sync(preview=True)
    assert of_accounts(view.holds) == set()
    assert (view.consequences["move"], view.consequences["rename"]) == (50, 0)


def test_no_plan_lets_people_be_renamed(scene: Scene) -> None:
    """A few go up a grade while their school does not: they would graduate a year earlier."""
    announced(scene)
    for student in in_grade(scene.sis, "06")[:6]:
        scene.sis.users[student]["grades"] = "07"
    view = scene.sync(preview=True)
    assert view.expectation is not None
    assert view.expectation.whole.splits[Kind.USER][Verb.UPDATE].expected == 6
    assert view.consequences["rename"] == 6
    assert "C1" in of_accounts(view.holds)


def test_who_repeats_under_a_plan_leaves_the_limits_of_other_renames_as_they_are(
    scene: Scene,
) -> None:
    configure_quietly(scene, thresholds={"rename_floor": 2})
    announced(scene)
    repeating = in_grade(scene.sis, "03")[:2]
    graduate(scene.sis)
    promote(scene.sis)
    for student in repeating:
        scene.sis.users[student]["grades"] = "03"
    new_classes(scene.sis)
    view = scene.sync()
    assert (of_accounts(view.holds), view.accounts.applied[AccountVerb.RENAME]) == (set(), 2)
    others = in_grade(scene.sis, "07")
    scene.sis.users[others[0]]["familyName"] = "Kim"
    assert of_accounts(scene.sync().holds) == set()
    scene.sis.users[others[1]]["familyName"] = "Kim"
    assert of_accounts(scene.sync().holds) == {"C1"}
