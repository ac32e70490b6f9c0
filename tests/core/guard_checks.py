"""What each guard of the engine is for, as a check that fails when the guard is broken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete
from sqlalchemy.exc import DatabaseError

from core.deltas import write_delta
from core.scene import NORTH, Scene, configure_quietly
from core.writing import apply_changes
from rollbook.desk import auditing, decisions, pausing, people, relinking, syncing, undoing
from rollbook.desk.views import HoldView, Kind, Lane, RunState, Verb
from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import audit as audit_table
from rollbook.errors import Busy, NotPermitted, Stale
from rollbook.roster.changes import Change
from rollbook.runs import lock


def held_lane(scene: Scene) -> HoldView:
    """Six of thirty students are missing: one lane is held."""
    scene.sis.drop_students("s1", 6)
    holds = scene.sync().holds
    assert len(holds) == 1
    return holds[0]


def nothing_goes_in(scene: Scene) -> None:
    """The students are all still there."""
    assert scene.users().keys() >= {f"s1-{number:02}" for number in range(1, 31)}


def a_delta_that_comes_late_is_refused(scene: Scene) -> None:
    """What was taken away in the newer one is in the older one."""
    before = scene.sis.copy()
    scene.sis.users["s1-01"]["givenName"] = "Newer"
    write_delta(before, scene.sis, scene.drop, "2026-03-02T06:00:00Z")
    syncing.sync(scene.desk, NORTH)
    after = before.copy()
    after.users["s1-01"]["givenName"] = "Older"
    write_delta(before, after, scene.drop, "2026-03-01T18:00:00Z")
    syncing.sync(scene.desk, NORTH)
    assert scene.users()["s1-01"]["given_name"] == "Newer"


def write_something_else(scene: Scene) -> None:
    """The directory moves on without superseding what waits."""
    change = Change(Kind.ORG, Verb.ADD, "other", None, {"name": "Other", "type": "school"})
    with scene.desk.store.write() as connection:
        apply_changes(connection, NORTH, "north.1", [change], scene.generation())


def a_changeset_is_applied_on_its_own_generation(scene: Scene) -> None:
    hold = held_lane(scene)
    write_something_else(scene)
    with pytest.raises(Stale):
        scene.approve(hold)
    nothing_goes_in(scene)


def a_record_is_written_at_the_version_that_was_compared(scene: Scene) -> None:
    change = Change(Kind.USER, Verb.UPDATE, "s1-01", {}, {"phone": "5"}, before_version=9)
    with pytest.raises(Stale), scene.desk.store.write() as connection:
        apply_changes(connection, NORTH, "north.1", [change], scene.generation())
    assert "phone" not in scene.users()["s1-01"]


def an_approval_names_the_number(scene: Scene) -> None:
    hold = held_lane(scene)
    with pytest.raises(Stale):
        decisions.approve(scene.desk, hold.id, confirm=hold.count + 1, reason="x")
    nothing_goes_in(scene)


def an_approval_names_the_digest(scene: Scene) -> None:
    hold = held_lane(scene)
    with pytest.raises(Stale):
        decisions.approve(
            scene.desk, hold.id, confirm=hold.count, reason="x", digest="sha256:other"
        )
    nothing_goes_in(scene)


def a_changeset_grows_too_old(scene: Scene) -> None:
    hold = held_lane(scene)
    scene.clock.forward(days=8)
    with pytest.raises(Stale):
        scene.approve(hold)
    nothing_goes_in(scene)


def an_approval_grows_too_old(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    view = scene.sync(preview=True)
    scene.approve(view.holds[0])
    scene.clock.forward(days=2)
    syncing.apply(scene.desk, view.summary.id)
    nothing_goes_in(scene)


def a_hold_is_decided_once(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.drop_students("s1", 6)
    lane = scene.sync().holds[1]
    scene.approve(lane)
    with pytest.raises(Stale):
        decisions.approve(scene.at("kim"), lane.id, confirm=lane.count, reason="x")


def a_newer_file_supersedes_what_waits(scene: Scene) -> None:
    hold = held_lane(scene)
    scene.sis.drop_students("s2", 6)
    scene.sync()
    with pytest.raises(Stale):
        scene.approve(hold)
    nothing_goes_in(scene)


def a_bad_row_protects_its_person(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    scene.sis.users["s1-05"]["enabledUser"] = "perhaps"
    scene.sync_through()
    nothing_goes_in(scene)


def what_belongs_to_an_unknown_person_is_unknown(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    before = scene.held()[Kind.ENROLLMENT]
    scene.sis.users["s1-05"]["enabledUser"] = "perhaps"
    del scene.sis.enrollments["e-s1-05-c-s1-1"]
    scene.sync_through()
    assert scene.held()[Kind.ENROLLMENT] == before


def what_belongs_to_held_people_waits_with_them(scene: Scene) -> None:
    before = scene.held()[Kind.ENROLLMENT]
    held_lane(scene)
    assert scene.held()[Kind.ENROLLMENT] == before


def a_limit_trips_when_it_is_reached(scene: Scene) -> None:
    """Six of thirty are exactly a fifth."""
    configure_quietly(scene, thresholds={"removal_percent": 20})
    held_lane(scene)
    nothing_goes_in(scene)


def a_cap_holds_what_no_percentage_does(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"removal_percent": 100, "removal_cap_user": 6})
    assert held_lane(scene).rule == "R2"


def a_wipe_out_is_held_below_every_other_limit(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"removal_floor": 1000})
    for student in scene.sis.students("s1"):
        scene.sis.users[student]["agents"] = ""
    assert [hold.rule for hold in scene.sync().holds] == ["R0"]
    assert len(scene.held()[Kind.GUARDIAN]) == 60


def a_surge_is_held(scene: Scene) -> None:
    for number in range(70):
        scene.sis.add_student("s1", f"new-{number:02}")
    scene.sync()
    assert "new-01" not in scene.users()


def a_garbled_name_is_held(scene: Scene) -> None:
    """One is enough: whoever reads UTF-8 as something else spoils a few names, and no more."""
    scene.sis.users["s1-01"]["familyName"] = "Muñoz"
    scene.sync()
    scene.sis.users["s1-01"]["familyName"] = "MuÃ±oz"
    scene.sync()
    assert scene.users()["s1-01"]["family_name"] == "Muñoz"


def a_file_that_nobody_turned_down_overtakes(scene: Scene) -> None:
    """An older file is reviewed unless it mends one of which a part was turned down."""
    older = scene.sis.copy()
    scene.sync()
    scene.sis.users["s1-01"]["phone"] = "1"
    scene.sync()
    scene.sis = older
    assert [hold.rule for hold in scene.sync().holds] == ["R9"]


def an_end_that_is_missing_is_reviewed(scene: Scene) -> None:
    """Where they stood says what became of ten seats; elsewhere they are let go one by one."""
    path = scene.sis.write(scene.drop) / "enrollments.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-10]))
    assert "R9" in [hold.rule for hold in syncing.sync(scene.desk, NORTH).holds]


def a_new_policy_is_reviewed(scene: Scene) -> None:
    scene.configure(thresholds={"removal_floor": 6})
    scene.sis.add_student("s1", "new")
    assert [hold.rule for hold in scene.sync().holds] == ["R9"]


def a_long_pause_is_reviewed(scene: Scene) -> None:
    ends = (scene.clock.now + timedelta(days=8)).date()
    pausing.pause(scene.desk, NORTH, preset="blackout", ends=ends, reason="x")
    scene.clock.forward(days=10)
    scene.sis.add_student("s1", "new")
    assert [hold.rule for hold in scene.sync().holds] == ["R9"]


def a_file_that_shrank_is_refused(scene: Scene) -> None:
    scene.sis.drop_students("s1", 28)
    assert scene.sync().summary.state is RunState.INPUT_REFUSED


def what_rests_is_not_written(scene: Scene) -> None:
    pausing.pause(scene.desk, NORTH, school="s1", reason="x")
    scene.sis.add_student("s1", "new")
    scene.sync()
    assert "new" not in scene.users()


def what_rests_by_now_is_not_written_either(scene: Scene) -> None:
    hold = held_lane(scene)
    pausing.pause(scene.desk, NORTH, school="s1", reason="x")
    with pytest.raises(Stale):
        scene.approve(hold)
    nothing_goes_in(scene)


def a_merged_person_does_not_come_back(scene: Scene) -> None:
    people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="x")
    assert scene.sync().summary.state is RunState.NOOP


def an_undo_does_not_write_over_a_later_run(scene: Scene) -> None:
    scene.sis.users["s1-01"]["phone"] = "1"
    first = scene.sync()
    scene.sis.users["s1-01"]["phone"] = "2"
    scene.sync()
    with pytest.raises(Stale):
        undoing.undo(scene.desk, first.summary.id, reason="x")
    assert scene.users()["s1-01"]["phone"] == "2"


def runs_that_nobody_undid_stay_in_the_way(scene: Scene) -> None:
    scene.sis.users["s1-01"]["phone"] = "1"
    first = scene.sync()
    for phone in ("2", "3"):
        scene.sis.users["s1-01"]["phone"] = phone
        scene.sync()
    with pytest.raises(Stale):
        undoing.undo(scene.desk, first.summary.id, reason="x")
    assert scene.users()["s1-01"]["phone"] == "3"


def a_read_only_desk_writes_nothing(scene: Scene) -> None:
    with pytest.raises(NotPermitted):
        pausing.pause(scene.at(read_only=True), NORTH, preset="blackout", reason="x")


def one_sync_at_a_time(scene: Scene) -> None:
    with (
        lock.district_lock(scene.desk.store, scene.desk.home.locks, NORTH),
        pytest.raises(Busy),
    ):
        scene.sync()


def the_trail_cannot_be_deleted(scene: Scene) -> None:
    with (
        pytest.raises(DatabaseError, match="audit are kept"),
        scene.desk.store.write() as connection,
    ):
        connection.execute(delete(audit_table))


def drop_trigger(connection: Connection, table: str, verb: str) -> None:
    """Take away the database's own refusal, as somebody does who may do everything."""
    where = "" if connection.dialect.name == "sqlite" else f" ON {table}"
    connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_{verb}{where}")


def a_forged_entry_is_found(scene: Scene) -> None:
    with scene.desk.store.write() as connection:
        audit.write(connection, Actor("sam", scene.clock()), "test.event")
        drop_trigger(connection, "audit", "update")
        connection.exec_driver_sql("UPDATE audit SET who = 'lee' WHERE event = 'test.event'")
    assert not auditing.verify(scene.desk).ok


def passwords_are_not_kept(scene: Scene) -> None:
    scene.sis.users["s1-01"]["password"] = "hunter2"
    scene.sis.users["s1-01"]["phone"] = "5"
    scene.sync()
    kept = list(scene.desk.home.snapshots.rglob("users.csv"))
    assert not [file for file in kept if b"hunter2" in file.read_bytes()]


def what_was_turned_down_is_not_written(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.drop_students("s1", 6)
    whole, lane = scene.sync().holds
    decisions.reject(scene.desk, lane.id, reason="x")
    view = scene.approve(whole)
    nothing_goes_in(scene)
    assert {row.lane for row in scene.rows(view.summary.id)} == {Lane.REJECTED}


def quietly_held(scene: Scene, *, count: int = 4) -> None:
    """Students leave, too few for any one run; their enrollments have gone before."""
    configure_quietly(scene, thresholds={"removal_cap_enrollment": 10_000, "shrink_percent": 100})
    for enrollment in [e for e, r in scene.sis.enrollments.items() if r["role"] == "student"]:
        del scene.sis.enrollments[enrollment]
    scene.sync_through()
    scene.clock.forward(days=8)
    scene.sis.drop_students("s1", count)
    assert scene.sync().summary.state is RunState.APPLIED


def removals_of_a_day_are_added_up(scene: Scene) -> None:
    quietly_held(scene)
    scene.sis.drop_students("s1", 2)
    scene.sync()
    assert len([user for user in scene.users() if user.startswith("s1-")]) == 26


def an_approved_removal_is_not_counted_again(scene: Scene) -> None:
    quietly_held(scene, count=1)
    scene.sis.drop_students("s1", 6)
    scene.sync_through()
    scene.sis.drop_students("s1", 2)
    assert scene.sync().summary.state is RunState.APPLIED


def an_undone_removal_is_not_counted(scene: Scene) -> None:
    quietly_held(scene)
    run = syncing.sync(scene.desk, NORTH)
    number = int(run.summary.id.split(".")[1]) - 1
    undoing.undo(scene.desk, f"{NORTH}.{number}", reason="x")
    assert scene.sync().summary.state is RunState.APPLIED


def rekeyed(scene: Scene) -> HoldView:
    for student in scene.sis.students("s1")[:10]:
        scene.sis.rekey(student, f"x-{student}")
    holds = [hold for hold in scene.sync().holds if hold.rule == "R4"]
    assert len(holds) == 1
    return holds[0]


def a_re_key_is_recognised(scene: Scene) -> None:
    rekeyed(scene)


def who_fits_two_is_not_linked(scene: Scene) -> None:
    for student in ("s1-01", "s1-02"):
        scene.sis.users[student] |= {"givenName": "A", "familyName": "B"}
        scene.sis.demographics[student] = {"birthDate": "2016-01-01"}
    scene.sync_through()
    hold = rekeyed(scene)
    plan = relinking.relink_preview(scene.desk, hold.id)
    assert {"s1-01", "s1-02"} & {old for _, old, _ in plan.pairs} == set()


def a_re_link_names_the_number(scene: Scene) -> None:
    hold = rekeyed(scene)
    with pytest.raises(Stale):
        relinking.relink(scene.desk, hold.id, confirm=hold.count + 1, reason="x")
    nothing_goes_in(scene)


def who_leaves_beside_a_re_key_is_held(scene: Scene) -> None:
    scene.sis.drop_students("s2", 6)
    hold = rekeyed(scene)
    relinking.relink(scene.desk, hold.id, confirm=hold.count, reason="x")
    assert "s2-01" in scene.users()


def a_mass_update_is_held(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:10]:
        scene.sis.users[student]["email"] = f"{student}@other.example.org"
    scene.sync()
    assert scene.users()["s1-01"]["email"] == "s1-01@north.example.org"


def a_column_that_is_missing_is_held(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:6]:
        scene.sis.users[student]["phone"] = "5"
    scene.sync()
    for student in scene.sis.students("s1")[:6]:
        del scene.sis.users[student]["phone"]
    scene.sis.users["s2-01"]["givenName"] = "Other"
    scene.sync()
    assert scene.users()["s1-01"].get("phone") == "5"


def a_protected_person_is_held(scene: Scene) -> None:
    configure_quietly(scene, protected_ids=["s1-01"])
    scene.sis.drop_user("s1-01")
    scene.sync()
    nothing_goes_in(scene)


def an_administrator_is_not_disabled(scene: Scene) -> None:
    scene.sis.users["t-s1-1"]["role"] = "administrator"
    scene.sync_through()
    scene.sis.users["t-s1-1"]["enabledUser"] = "false"
    scene.sync()
    assert scene.users()["t-s1-1"]["enabled"] is True


def grave_hold(scene: Scene) -> HoldView:
    """Half of a school's students would leave."""
    scene.sis.drop_students("s1", 15)
    [hold] = scene.sync().holds
    return hold


def one_person_is_not_two(scene: Scene) -> None:
    scene.approve_as("sam", grave_hold(scene))
    nothing_goes_in(scene)


def the_same_person_twice_is_not_two(scene: Scene) -> None:
    hold = grave_hold(scene)
    scene.approve_as("sam", hold)
    with pytest.raises(NotPermitted):
        scene.approve_as("sam", hold)
    nothing_goes_in(scene)


def who_changed_the_policy_is_not_enough(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"removal_percent": 20})
    scene.approve_as("sam", held_lane(scene))
    nothing_goes_in(scene)


def a_wide_limit_is_not_one_persons_word(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 40})
    scene.sis.add_student("s1", "new")
    [hold] = scene.sync().holds
    scene.approve_as("lee", hold)
    assert "new" not in scene.users()


def nobody_approves_their_own_leaving(scene: Scene) -> None:
    scene.sis.users["s1-01"] |= {"username": "lee", "email": "lee@north.example.org"}
    scene.sync()
    hold = held_lane(scene)
    with pytest.raises(NotPermitted):
        scene.approve_as("lee", hold)
    nothing_goes_in(scene)


def one_more_is_not_carried_over(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.approve_as("sam", scene.sync(preview=True).holds[0])
    scene.sis.drop_user("s1-07")
    scene.sync()
    nothing_goes_in(scene)


def an_old_approval_is_not_carried_over(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.approve_as("sam", scene.sync(preview=True).holds[0])
    scene.clock.forward(hours=25)
    scene.sis.add_student("s2", "new")
    scene.sync()
    nothing_goes_in(scene)


def what_was_approved_before_a_pause_waits(scene: Scene) -> None:
    hold = previewed_and_approved(scene)
    pausing.pause(scene.desk, NORTH, school="s2", reason="x")
    syncing.apply(scene.desk, hold.run)
    nothing_goes_in(scene)


def an_approval_from_the_future_does_not_count(scene: Scene) -> None:
    scene.clock.forward(hours=2)
    hold = previewed_and_approved(scene)
    scene.clock.forward(hours=-1)
    syncing.apply(scene.desk, hold.run)
    nothing_goes_in(scene)


def previewed_and_approved(scene: Scene) -> HoldView:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync(preview=True).holds
    scene.approve_as("sam", hold)
    return hold


def half_an_approval_is_not_spent_by_another_lane(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"shrink_percent": 100})
    scene.sync()
    scene.clock.forward(days=2)
    scene.sis.drop_students("s1", 15)
    scene.sis.drop_students("s2", 6)
    grave, other = (hold for hold in scene.sync().holds if hold.kind is Kind.USER)
    scene.approve_as("sam", grave)
    scene.approve_as("sam", other)
    scene.approve_as("lee", grave)
    assert "s1-01" not in scene.users()
