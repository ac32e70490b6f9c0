"""R9: an input that newer ones have overtaken is not applied again by itself."""

from __future__ import annotations

from core.scene import Scene
from rollbook.desk import decisions
from rollbook.desk.views import RunState


def changed(scene: Scene, phone: str) -> None:
    scene.sis.users["s1-01"]["phone"] = phone


def test_the_hold_says_of_which_day_it_is(scene: Scene) -> None:
    changed(scene, "1")
    scene.sync()
    scene.clock.forward(days=1)
    changed(scene, "2")
    scene.sync()
    scene.clock.forward(days=1)
    changed(scene, "1")
    [hold] = scene.sync().holds
    day = scene.clock().date().day - 2
    assert (hold.rule, hold.title, hold.whole_run, hold.approvers) == ("R9", "review", True, 1)
    assert f"-{day:02} again; newer ones have been applied since" in hold.why
    assert scene.users()["s1-01"]["phone"] == "2"
    assert scene.sync().summary.id == hold.run


def test_approved_it_is_the_newest_and_the_other_one_is_old(scene: Scene) -> None:
    for phone in "12":
        changed(scene, phone)
        assert scene.sync().summary.state is RunState.APPLIED
    changed(scene, "1")
    [hold] = scene.sync().holds
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert scene.sync().summary.state is RunState.NOOP
    changed(scene, "2")
    assert [hold.rule for hold in scene.sync().holds] == ["R9"]


def test_what_was_only_looked_at_overtakes_nothing(scene: Scene) -> None:
    """A preview does not make the input before it an old one."""
    changed(scene, "1")
    scene.sis.drop_students("s1", 8)
    assert [hold.rule for hold in scene.sync().holds] == ["R1"]
    kept = scene.sis.copy()
    scene.sis.users["s2-01"]["phone"] = "2"
    scene.sync(preview=True)
    scene.sis = kept
    assert [hold.rule for hold in scene.sync().holds] == ["R1"]


def test_an_input_that_was_previewed_before_is_no_old_one(scene: Scene) -> None:
    changed(scene, "1")
    scene.sync(preview=True)
    assert scene.sync().summary.state is RunState.APPLIED
    changed(scene, "2")
    scene.sync(preview=True)
    assert scene.sync().summary.state is RunState.APPLIED


def test_what_was_turned_down_overtakes_nothing(scene: Scene) -> None:
    """The file of the day before is how a source takes back what it should not have sent."""
    good = scene.sis.copy()
    scene.sis.users["s2-01"]["phone"] = "1"
    scene.sis.drop_students("s1", 8)
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    for hold in view.holds:
        decisions.reject(scene.desk, hold.id, reason="a short file")
    assert scene.users()["s2-01"]["phone"] == "1"
    scene.sis = good
    assert scene.sync().summary.state is RunState.APPLIED
    assert "phone" not in scene.users()["s2-01"]
