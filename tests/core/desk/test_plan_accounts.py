"""What a plan says of accounts: moves are announced with a roll-up, renames never."""

from collections.abc import Iterator

import pytest

from core.desk.test_plans import JUNE, announced
from core.rollover.rolled_sis import graded_sis, graduate, new_classes, promote
from core.scene import Saved, Scene, configure_quietly, new_scene, saved
from core.scripted_clock import Clock
from postgres.server import Server
from rollbook.desk.views import HoldView

POLICY = {
    "student": {
        "username": "{given.1}{family}{number}{grad.2}",
        "ou": "/Students/{school_name}/{grade}",
    }
}


@pytest.fixture(scope="module")
def with_accounts(tmp_path_factory: pytest.TempPathFactory, server: Server | None) -> Saved:
    """A district of six grades whose students have accounts named by their year of graduation."""
    folder = tmp_path_factory.mktemp("accounts")
    scene = new_scene(folder, graded_sis(), Clock(JUNE), server=server)
    configure_quietly(scene, grades={"top": "08"}, accounts=POLICY)
    scene.sync_through()
    return saved(scene, folder / "saved", server)


@pytest.fixture
def scene(with_accounts: Saved) -> Iterator[Scene]:
    scene = with_accounts.rewound()
    yield scene
    scene.close()


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


def test_no_plan_lets_a_wrong_school_year_rename_everybody(scene: Scene) -> None:
    """The grades have gone up, and the sessions are those of the old year."""
    announced(scene)
    promote(scene.sis)
    for session in scene.sis.tables["academicSessions"].values():
        session["schoolYear"] = "2026"
    view = scene.sync(preview=True)
    assert view.consequences["rename"] == 50
    assert "C1" in of_accounts(view.holds)
