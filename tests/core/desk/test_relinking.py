"""A re-key is answered by re-linking: the new records take the places of the old ones."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.deltas import write_delta
from core.scene import NORTH, Scene
from rollbook.desk import auditing, decisions, pausing, relinking, syncing, undoing
from rollbook.desk.views import HoldState, HoldView, Kind, RunState, RunView, Verb
from rollbook.directory.tables import RECORD_TABLES
from rollbook.errors import ConfigInvalid, NotPermitted, Stale


def rekeyed(scene: Scene, *schools: str) -> HoldView:
    """The students of some schools come under new ids."""
    for school in schools:
        for student in scene.sis.students(school):
            scene.sis.rekey(student, f"x-{student}")
    return next(hold for hold in scene.sync().holds if hold.rule == "R4")


def relink(scene: Scene, hold: HoldView, operator: str = "sam") -> RunView:
    plan = relinking.relink_preview(scene.desk, hold.id)
    desk = replace(scene.desk, operator=operator)
    return relinking.relink(desk, hold.id, confirm=plan.count, reason="new ids", digest=plan.digest)


def followed(scene: Scene, kind: Kind, record_id: str) -> str | None:
    """What has taken the place of a record."""
    table = RECORD_TABLES[kind]
    with scene.desk.store.read() as connection:
        found: str | None = connection.execute(
            select(table.c.merged_into).where(
                table.c.district == NORTH,
                table.c.id == record_id,
                table.c.removed_in.is_not(None),
            )
        ).scalar_one()
    return found


def test_the_plan_shows_counts_and_ids(scene: Scene) -> None:
    hold = rekeyed(scene, "s1")
    assert hold.relinkable
    plan = relinking.relink_preview(scene.desk, hold.id)
    assert (plan.count, plan.doubtful, hold.count) == (30, 0, 30)
    assert plan.linked == {
        Kind.USER: 30,
        Kind.ROLE: 30,
        Kind.ENROLLMENT: 60,
        Kind.GUARDIAN: 30,
        Kind.DEMOGRAPHICS: 30,
    }
    assert plan.pairs[0] == (Kind.USER, "s1-01", "x-s1-01")
    assert plan.digest != hold.digest
    assert len(scene.users()) == 126


def test_one_who_comes_back_in_capitals_is_re_linked(scene: Scene) -> None:
    scene.sis.rekey("s1-20", "S1-20")
    [hold] = scene.sync().holds
    assert (hold.rule, hold.count, "S1-20" in scene.users()) == ("R4", 1, False)
    plan = relinking.relink_preview(scene.desk, hold.id)
    assert (plan.count, plan.doubtful) == (1, 0)
    assert relink(scene, hold).summary.state is RunState.APPLIED
    assert followed(scene, Kind.USER, "s1-20") == "S1-20"


def test_one_in_capitals_who_seems_another_is_doubtful(scene: Scene) -> None:
    scene.sis.rekey("s1-20", "S1-20")
    scene.sis.users["S1-20"] |= {"familyName": "Another", "email": "", "identifier": ""}
    [hold] = scene.sync().holds
    plan = relinking.relink_preview(scene.desk, hold.id)
    assert (plan.count, plan.doubtful) == (0, 1)
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert {"S1-20"} == scene.users().keys() & {"s1-20", "S1-20"}


def test_nothing_is_lost_and_the_old_ids_lead_on(scene: Scene) -> None:
    hold = rekeyed(scene, "s1")
    view = relink(scene, hold)
    assert (view.summary.state, view.holds) == (RunState.APPLIED, ())
    assert scene.users().keys() == scene.sis.users.keys()
    assert followed(scene, Kind.USER, "s1-01") == "x-s1-01"
    assert followed(scene, Kind.ENROLLMENT, "e-s1-01-c-s1-2") == "new-e-s1-01-c-s1-2"
    assert followed(scene, Kind.DEMOGRAPHICS, "s1-01") == "x-s1-01"
    assert decisions.hold(scene.desk, hold.id).state is HoldState.APPROVED
    assert scene.run(hold.run).summary.state is RunState.SUPERSEDED
    assert decisions.holds(scene.desk) == ()
    assert scene.sync().summary.state is RunState.NOOP
    assert auditing.verify(scene.desk).ok


def test_who_is_re_linked_may_say_so(scene: Scene) -> None:
    """It takes nobody out, not even the operator's own record."""
    scene.sis.users["s1-01"] |= {"username": "lee", "email": "lee@north.example.org"}
    scene.sync()
    hold = rekeyed(scene, "s1")
    with pytest.raises(NotPermitted, match="own record"):
        scene.approve_as("lee", hold)
    assert relink(scene, hold, "lee").summary.state is RunState.APPLIED


def test_a_re_link_is_no_loss_of_the_day(scene: Scene) -> None:
    relink(scene, rekeyed(scene, "s1"))
    scene.sis.drop_user("x-s1-01")
    assert scene.sync().summary.state is RunState.APPLIED
    assert len(scene.users()) == 125


def test_seats_that_follow_their_class_are_no_loss_either(scene: Scene) -> None:
    for class_id in list(scene.sis.classes)[:5]:
        scene.sis.rekey_class(class_id, f"x-{class_id}")
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    relink(scene, hold)
    relink(scene, hold, "lee")
    del scene.sis.enrollments["e-s1-01-c-s1-2"]
    assert scene.sync().summary.state is RunState.APPLIED


def test_an_approval_as_it_is_removes_and_adds(scene: Scene) -> None:
    hold = rekeyed(scene, "s1")
    while waiting := decisions.holds(scene.desk):
        scene.approve(waiting[0])
    assert hold.run == scene.run(hold.run).summary.id
    assert followed(scene, Kind.USER, "s1-01") is None


def test_classes_are_linked_with_the_seats_in_them(scene: Scene) -> None:
    for class_id in list(scene.sis.classes)[:5]:
        scene.sis.rekey_class(class_id, f"x-{class_id}")
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    assert (hold.kind, hold.approvers) == (Kind.CLASS, 2)
    relink(scene, hold)
    assert relink(scene, hold, "lee").summary.state is RunState.APPLIED
    assert followed(scene, Kind.CLASS, "c-s1-1") == "x-c-s1-1"
    assert scene.held()[Kind.ENROLLMENT]["e-s1-01-c-s1-2"]["class_id"] == "x-c-s1-2"
    assert scene.sync().summary.state is RunState.NOOP


def test_who_really_leaves_is_held_as_ever(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    hold = rekeyed(scene, "s2")
    view = relink(scene, hold)
    assert view.summary.state is RunState.HELD
    assert [(h.rule, h.count, h.school) for h in view.holds] == [("R1", 6, "s1")]
    assert "s1-01" in scene.users()
    assert "x-s2-01" in scene.users()
    assert "s2-01" not in scene.users()


def test_who_fits_two_is_not_linked(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:10]:
        scene.sis.rekey(student, f"x-{student}")
    scene.sis.users["double"] = scene.sis.users["x-s1-01"] | {"username": "double"}
    scene.sis.demographics["double"] = dict(scene.sis.demographics["x-s1-01"])
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    plan = relinking.relink_preview(scene.desk, hold.id)
    assert (hold.count, plan.count, plan.doubtful) == (10, 9, 1)
    relink(scene, hold)
    assert followed(scene, Kind.USER, "s1-02") == "x-s1-02"
    assert followed(scene, Kind.USER, "s1-01") is None
    assert {"double", "x-s1-01"} <= scene.users().keys()


def test_the_number_and_the_digest_are_those_of_the_plan(scene: Scene) -> None:
    hold = rekeyed(scene, "s1")
    plan = relinking.relink_preview(scene.desk, hold.id)
    with pytest.raises(Stale, match="links 30, not 29"):
        relinking.relink(scene.desk, hold.id, confirm=29, reason="x")
    with pytest.raises(Stale):
        relinking.relink(scene.desk, hold.id, confirm=plan.count, reason="x", digest=hold.digest)
    with pytest.raises(ConfigInvalid):
        relinking.relink(scene.desk, hold.id, confirm=plan.count, reason=" ")
    assert "s1-01" in scene.users()


def test_only_a_re_key_can_be_re_linked(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    assert not hold.relinkable
    with pytest.raises(ConfigInvalid, match="nothing to re-link"):
        relinking.relink_preview(scene.desk, hold.id)
    with pytest.raises(ConfigInvalid):
        relinking.relink(scene.desk, hold.id, confirm=hold.count, reason="x")


def test_a_plan_that_was_overtaken_is_stale(scene: Scene) -> None:
    hold = rekeyed(scene, "s1")
    scene.sis.add_student("s2", "new")
    scene.sync()
    with pytest.raises(Stale):
        relinking.relink(scene.desk, hold.id, confirm=30, reason="x")


def test_most_of_a_district_wants_two_people_and_one_plan(scene: Scene) -> None:
    for user in list(scene.sis.users):
        scene.sis.rekey(user, f"x-{user}")
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    assert hold.approvers == 2
    assert relink(scene, hold).summary.state is RunState.HELD
    [approval] = decisions.hold(scene.desk, hold.id).approvals
    assert (approval.who, approval.relink) == ("sam", True)
    with pytest.raises(NotPermitted):
        relink(scene, hold)
    scene.approve_as("lee", hold)
    assert "s1-01" in scene.users()
    assert relink(scene, hold, "kim").summary.state is RunState.APPLIED
    assert followed(scene, Kind.USER, "t-s1-1") == "x-t-s1-1"


def test_a_pause_keeps_its_part_still(scene: Scene) -> None:
    hold = rekeyed(scene, "s1", "s2")
    pausing.pause(scene.desk, NORTH, school="s2", reason="x")
    view = relink(scene, hold)
    assert view.summary.state is RunState.APPLIED
    assert {"x-s1-01", "s2-01"} <= scene.users().keys()
    assert not {"s1-01", "x-s2-01"} & scene.users().keys()


def rekeyed_and_cut_off(scene: Scene) -> dict[str, HoldView]:
    """The holds of a set with twelve students under new ids, and its last twelve seats missing."""
    seats = list(scene.sis.enrollments)
    for student in scene.sis.students("s1")[:12]:
        scene.sis.rekey(student, f"x-{student}")
    as_before = {e.removeprefix("new-"): row for e, row in scene.sis.enrollments.items()}
    scene.sis.tables["enrollments"] = {seat: as_before[seat] for seat in seats}
    path = scene.sis.write(scene.drop) / "enrollments.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-12]))
    holds = {hold.rule: hold for hold in syncing.sync(scene.desk, NORTH).holds}
    assert "cut off" in holds["R9"].why
    return holds


def test_a_file_that_was_cut_off_waits_for_its_review_all_the_same(scene: Scene) -> None:
    """That nobody is lost by new ids says nothing of the rows that are missing."""
    holds = rekeyed_and_cut_off(scene)
    view = relink(scene, holds["R4"])
    [review] = [hold for hold in view.holds if hold.rule == "R9"]
    assert f"to be reviewed, and was not ({holds['R9'].id})" in review.why
    assert (view.summary.state, view.applied) == (RunState.HELD, {})
    assert scene.approve(review).applied[Kind.USER] == {Verb.ADD: 12, Verb.REMOVE: 12}


def test_what_was_reviewed_is_not_reviewed_again(scene: Scene) -> None:
    holds = rekeyed_and_cut_off(scene)
    scene.approve(holds["R9"])
    view = relink(scene, holds["R4"])
    assert [hold.rule for hold in view.holds] == ["R1"]
    assert view.applied[Kind.USER] == {Verb.ADD: 12, Verb.REMOVE: 12}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_a_season_after_the_last_complete_set_who_is_not_linked_stays(scene: Scene) -> None:
    after = scene.sis.copy()
    after.drop_user("s2-01")
    for student in after.students("s1"):
        after.rekey(student, f"x-{student}")
    scene.clock.forward(days=95)
    stamp = scene.clock.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    write_delta(scene.sis, after, scene.drop, stamp)
    view = syncing.sync(scene.desk, NORTH)
    hold = next(hold for hold in view.holds if hold.rule == "R4")
    linked = relink(scene, hold)
    assert [(h.rule, h.covers["remove"]["user"]) for h in linked.holds] == [("C6", 1)]
    assert {"s2-01", "x-s1-01"} <= scene.users().keys()
    assert "s1-01" not in scene.users()


def test_undoing_it_gives_every_place_back(scene: Scene) -> None:
    before = scene.held()
    view = relink(scene, rekeyed(scene, "s1"))
    undone = undoing.undo(scene.desk, view.summary.id, reason="it was the training server")
    assert (undone.summary.state, undone.holds) == (RunState.APPLIED, ())
    assert scene.held() == before
    assert followed(scene, Kind.USER, "x-s1-01") == "s1-01"


def test_the_old_ids_may_come_back(scene: Scene) -> None:
    """The SIS goes back to its old ids: that is a re-key as well."""
    before = scene.sis.copy()
    relink(scene, rekeyed(scene, "s1"))
    scene.sis = before
    scene.sis.users["s2-01"]["phone"] = "5"
    hold = next(hold for hold in scene.sync().holds if hold.rule == "R4")
    assert relink(scene, hold).summary.state is RunState.APPLIED
    assert followed(scene, Kind.USER, "x-s1-01") == "s1-01"
    assert scene.users().keys() == before.users.keys()
