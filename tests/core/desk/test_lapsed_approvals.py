"""An approval counts for a day, and no longer than until its changeset is too old or a pause of the
district begins; nor does it count before it was given."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import auditing, decisions, pausing, syncing
from rollbook.desk.views import HoldState, HoldView, Kind, PauseView, RunState
from rollbook.errors import NotPermitted

TODAY = date(2026, 3, 2)
TOMORROW = date(2026, 3, 3)


def leaving(scene: Scene) -> HoldView:
    """A preview in which six of thirty students would leave."""
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync(preview=True).holds
    return hold


def grave(scene: Scene) -> HoldView:
    """Half of a school's students would leave: that wants two people."""
    scene.sis.drop_students("s1", 15)
    [hold] = scene.sync().holds
    return hold


def rest(scene: Scene, *, starts: date | None = None) -> PauseView:
    """A pause of something else altogether."""
    return pausing.pause(scene.desk, NORTH, school="s2", starts=starts, reason="x")


def lost(scene: Scene) -> int:
    return 30 - len([user for user in scene.users() if user.startswith("s1-")])


def apply(scene: Scene, hold: HoldView) -> RunState:
    return syncing.apply(scene.desk, hold.run).summary.state


def expiry(scene: Scene, hold: HoldView) -> datetime:
    [approval] = decisions.hold(scene.desk, hold.id).approvals
    return approval.expires_at


def test_it_counts_for_a_day(scene: Scene) -> None:
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    [approval] = decisions.hold(scene.desk, hold.id).approvals
    assert approval.expires_at == approval.at + timedelta(hours=24)
    assert apply(scene, hold) is RunState.APPLIED
    assert lost(scene) == 6


def test_a_pause_that_is_to_come_is_its_end(scene: Scene) -> None:
    """Midnight in Chicago is six in the morning in Greenwich."""
    hold = leaving(scene)
    rest(scene, starts=TOMORROW)
    scene.approve_as("sam", hold)
    assert expiry(scene, hold) == datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


def test_a_pause_after_its_day_is_not(scene: Scene) -> None:
    hold = leaving(scene)
    rest(scene, starts=TODAY + timedelta(days=3))
    scene.approve_as("sam", hold)
    assert expiry(scene, hold) > datetime(2026, 3, 3, 11, 0, tzinfo=UTC)


def test_the_first_of_two_pauses_is(scene: Scene) -> None:
    hold = leaving(scene)
    for days in (3, 1):
        rest(scene, starts=TODAY + timedelta(days=days))
    classes, later = [Kind.CLASS], TODAY + timedelta(days=2)
    pausing.pause(scene.desk, NORTH, kinds=classes, starts=later, reason="x")
    scene.approve_as("sam", hold)
    assert expiry(scene, hold) == datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


def test_it_is_not_good_for_longer_than_its_changeset(scene: Scene) -> None:
    scene.configure(approvals={"changeset_days": 1})
    hold = leaving(scene)
    scene.clock.forward(hours=20)
    scene.approve_as("sam", hold)
    assert expiry(scene, hold) == hold.expires_at


def test_when_the_pause_has_begun_the_hold_is_open_again(scene: Scene) -> None:
    """The pause was made after the approval, for the next day."""
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    rest(scene, starts=TOMORROW)
    scene.clock.forward(hours=18.1)
    assert apply(scene, hold) is RunState.HELD
    assert lost(scene) == 0
    now = decisions.hold(scene.desk, hold.id)
    assert (now.state, now.missing, now.approvals) == (HoldState.OPEN, 1, ())
    assert "approval.expired" in {entry.event for entry in auditing.audit(scene.desk)}


def test_until_it_has_begun_it_has_not(scene: Scene) -> None:
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    rest(scene, starts=TOMORROW)
    scene.clock.forward(hours=17.9)
    assert apply(scene, hold) is RunState.APPLIED


def test_a_pause_from_now_on_ends_it_at_once(scene: Scene) -> None:
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    pause = rest(scene)
    pausing.resume(scene.desk, pause.id)
    assert apply(scene, hold) is RunState.HELD
    assert lost(scene) == 0


def test_a_pause_that_was_called_off_before_it_began_ends_nothing(scene: Scene) -> None:
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    pausing.resume(scene.desk, rest(scene, starts=TOMORROW).id)
    scene.clock.forward(hours=20)
    assert apply(scene, hold) is RunState.APPLIED


def test_what_is_approved_during_a_pause_counts(scene: Scene) -> None:
    rest(scene)
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    assert apply(scene, hold) is RunState.APPLIED


def test_the_first_of_two_people_has_to_agree_again(scene: Scene) -> None:
    hold = grave(scene)
    scene.approve_as("sam", hold)
    rest(scene)
    [now] = decisions.holds(scene.desk)
    assert (now.missing, now.approvals) == (2, ())
    assert scene.approve_as("lee", hold).summary.state is RunState.HELD
    assert lost(scene) == 0
    assert scene.approve_as("sam", hold).summary.state is RunState.APPLIED
    assert lost(scene) == 15


def test_a_single_operator_is_not_two_by_what_has_lapsed(scene: Scene) -> None:
    configure_quietly(scene, approvals={"single_operator": True})
    hold = grave(scene)
    scene.approve_as("sam", hold)
    rest(scene)
    assert scene.approve_as("sam", hold).summary.state is RunState.HELD
    assert lost(scene) == 0
    assert scene.approve_as("sam", hold).summary.state is RunState.APPLIED


def test_what_has_lapsed_is_not_carried_over(scene: Scene) -> None:
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    rest(scene)
    scene.sis.add_student("s1", "new")
    assert scene.sync().summary.state is RunState.HELD
    assert lost(scene) == 0


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_after_the_clock_was_set_back_nobody_knows_how_old_it_is(scene: Scene) -> None:
    hold = leaving(scene)
    scene.clock.forward(hours=2)
    scene.approve_as("sam", hold)
    scene.clock.forward(hours=-1)
    assert decisions.hold(scene.desk, hold.id).approvals == ()
    assert apply(scene, hold) is RunState.HELD
    assert lost(scene) == 0
    scene.approve_as("sam", hold)
    assert apply(scene, hold) is RunState.APPLIED


def test_clocks_that_differ_a_little_do_no_harm(scene: Scene) -> None:
    hold = grave(scene)
    scene.approve_as("sam", hold)
    scene.clock.forward(hours=-0.05)
    with pytest.raises(NotPermitted):
        scene.approve_as("sam", hold)
    assert scene.approve_as("lee", hold).summary.state is RunState.APPLIED


def test_midnight_is_that_of_the_district(scene: Scene) -> None:
    configure_quietly(scene, timezone="Pacific/Auckland")
    hold = leaving(scene)
    scene.approve_as("sam", hold)
    rest(scene, starts=TODAY + timedelta(days=2))
    scene.clock.forward(hours=22)
    assert apply(scene, hold) is RunState.APPLIED
