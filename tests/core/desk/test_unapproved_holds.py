"""What a hold keeps back goes in when the hold was approved, and in no other state of it."""

import pytest
from sqlalchemy import update

from core.scene import Scene
from rollbook.desk import syncing
from rollbook.desk.views import HoldView
from rollbook.directory.tables import holds
from rollbook.errors import Held
from rollbook.roster.states import HoldState

UNAPPROVED = sorted(set(HoldState) - {HoldState.APPROVED})


def written_into(scene: Scene, hold: HoldView, state: HoldState) -> None:
    """The state of a hold as somebody wrote it into the store, past rollbook."""
    with scene.desk.store.write() as connection:
        connection.execute(
            update(holds)
            .where(holds.c.id == hold.id)
            .values(state=state, snoozed_until=hold.expires_at)
        )


@pytest.mark.parametrize("state", UNAPPROVED)
def test_removals_stay_behind_their_hold(scene: Scene, state: HoldState) -> None:
    scene.sis.drop_students("s1", 6)
    view = scene.sync()
    [hold] = view.holds
    written_into(scene, hold, state)
    syncing.apply(scene.desk, view.summary.id)
    assert "s1-01" in scene.users()


@pytest.mark.parametrize("state", UNAPPROVED)
def test_a_whole_changeset_stays_behind_its_hold(empty_scene: Scene, state: HoldState) -> None:
    view = empty_scene.sync()
    [hold] = view.holds
    assert hold.whole_run
    written_into(empty_scene, hold, state)
    with pytest.raises(Held, match=hold.id):
        syncing.apply(empty_scene.desk, view.summary.id)
    assert not empty_scene.users()
