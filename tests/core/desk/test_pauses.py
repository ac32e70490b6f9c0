"""Pauses: what rests, what goes on, from when to when, and what happens when it ends."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import districts, pausing, syncing
from rollbook.desk.views import DistrictState, HoldView, Kind, Lane, PauseScope, RunState, Verb
from rollbook.errors import ConfigInvalid, NotFound, Stale

TODAY = date(2026, 3, 2)


def pause(
    scene: Scene,
    *,
    kinds: Sequence[Kind] = (),
    verbs: Sequence[Verb] = (),
    school: str | None = None,
    starts: date | None = None,
    ends: date | None = None,
    preset: str | None = None,
) -> str:
    made = pausing.pause(
        scene.desk,
        NORTH,
        kinds=kinds,
        verbs=verbs,
        school=school,
        starts=starts,
        ends=ends,
        preset=preset,
        reason="for a test",
    )
    return made.id


def edit_everything(scene: Scene) -> None:
    """One addition, update and removal each of a student, a guardian and a class."""
    sis = scene.sis
    sis.add_student("s1", "new-1", classes=("c-s1-1",), agents="g-s1-05")
    sis.users["s1-02"]["email"] = "changed@north.example.org"
    sis.drop_user("s1-03")
    sis.users["g-new"] = sis.users["g-s1-05"] | {"username": "u.g-new"}
    sis.users["s1-06"]["agents"] = "g-s1-06,g-new"
    sis.users["g-s1-07"]["phone"] = "555"
    sis.drop_user("g-s1-08")
    sis.classes["c-new"] = dict(sis.classes["c-s1-1"])
    sis.classes["c-s2-1"]["title"] = "Changed"
    sis.drop_class("c-s2-3")


def test_the_summer_lets_guardians_through_and_keeps_all_else_as_it_was(scene: Scene) -> None:
    before = scene.held()
    pause(scene, preset="summer", ends=TODAY + timedelta(days=90))
    edit_everything(scene)
    view = scene.sync()
    assert view.summary.state is RunState.APPLIED
    after = scene.held()
    for kind in Kind:
        if kind not in (Kind.USER, Kind.GUARDIAN, Kind.ROLE):
            assert after[kind] == before[kind]
    guardians = {user for user in after[Kind.USER] if user.startswith("g-")}
    assert "g-new" in guardians
    assert "g-s1-08" not in guardians
    assert after[Kind.USER]["g-s1-07"]["phone"] == "555"
    assert "s1-06:g-new" in after[Kind.GUARDIAN]
    others = {user: v for user, v in after[Kind.USER].items() if not user.startswith("g-")}
    assert others == {u: v for u, v in before[Kind.USER].items() if not u.startswith("g-")}


def test_what_belongs_to_a_resting_student_rests_too(scene: Scene) -> None:
    """The link of a new student to a guardian waits; so does that of one who leaves."""
    pause(scene, preset="summer")
    edit_everything(scene)
    view = scene.sync()
    lanes = {row.id: row.lane for row in scene.rows(view.summary.id, kind=Kind.GUARDIAN)}
    assert lanes["new-1:g-s1-05"] is Lane.PAUSED
    assert lanes["s1-03:g-s1-03"] is Lane.PAUSED
    assert lanes["s1-06:g-new"] is Lane.APPLIED
    assert lanes["s1-08:g-s1-08"] is Lane.APPLIED


def test_additions_only(scene: Scene) -> None:
    before = scene.held()
    pause(scene, preset="additions-only")
    edit_everything(scene)
    scene.sync()
    after = scene.held()
    for kind in Kind:
        for record_id, values in before[kind].items():
            assert after[kind][record_id] == values
    assert {"new-1", "g-new"} <= after[Kind.USER].keys()
    assert "c-new" in after[Kind.CLASS]


def test_a_blackout_applies_nothing_but_still_shows_what_would_be(scene: Scene) -> None:
    before = scene.held()
    name = pause(scene, preset="blackout")
    edit_everything(scene)
    view = scene.sync()
    assert view.summary.state is RunState.NOOP
    assert scene.held() == before
    assert scene.generation() == 1
    assert view.pauses == (name,)
    assert view.counts[Kind.USER].paused == view.counts[Kind.USER].add + 2 + 2
    assert {row.lane for row in scene.rows(view.summary.id)} == {Lane.PAUSED}
    assert "wait for a pause" in view.summary.message
    summary = districts.district(scene.desk, NORTH).summary
    assert summary.state is DistrictState.PAUSED
    assert summary.paused == view.summary.counts.paused


@pytest.mark.parametrize(
    ("scope", "resting"),
    [
        ({"kinds": [Kind.CLASS]}, {"c-new", "c-s2-1", "c-s2-3"}),
        ({"kinds": [Kind.CLASS], "verbs": [Verb.ADD]}, {"c-new"}),
        ({"kinds": [Kind.CLASS], "verbs": [Verb.UPDATE]}, {"c-s2-1"}),
        ({"kinds": [Kind.CLASS], "school": "s2"}, {"c-s2-1", "c-s2-3"}),
        ({"kinds": [Kind.CLASS], "school": "s2", "verbs": [Verb.ADD]}, set()),
        ({"school": "s1"}, {"c-new"}),
        ({"verbs": [Verb.REMOVE]}, {"c-s2-3"}),
        ({"kinds": [Kind.COURSE]}, set()),
        ({"kinds": [Kind.ENROLLMENT]}, {"c-s2-3"}),
    ],
)
def test_a_pause_is_as_wide_as_its_scope(
    scene: Scene, scope: dict[str, object], resting: set[str]
) -> None:
    """Of three changes of classes; a class whose enrollments rest cannot go either."""
    pause(scene, **scope)  # type: ignore[arg-type]
    scene.sis.classes["c-new"] = dict(scene.sis.classes["c-s1-1"])
    scene.sis.classes["c-s2-1"]["title"] = "Changed"
    scene.sis.drop_class("c-s2-3")
    view = scene.sync_through()
    rows = scene.rows(view.summary.id, kind=Kind.CLASS)
    assert {row.id for row in rows if row.lane is Lane.PAUSED} == resting
    assert {row.id for row in rows if row.lane is Lane.APPLIED} == {
        *({"c-new", "c-s2-1", "c-s2-3"} - resting)
    }


@pytest.mark.parametrize(
    ("starts", "ends", "rests"),
    [(0, 0, True), (0, 5, True), (-5, 0, True), (-5, -1, False), (1, 5, False), (-5, None, True)],
)
def test_both_dates_of_a_pause_belong_to_it(
    scene: Scene, starts: int, ends: int | None, rests: bool
) -> None:
    pause(
        scene,
        starts=TODAY + timedelta(days=starts),
        ends=None if ends is None else TODAY + timedelta(days=ends),
        preset="blackout",
    )
    scene.sis.add_student("s1", "new-1")
    scene.sync()
    assert ("new-1" not in scene.users()) is rests


@pytest.mark.parametrize(
    ("moment", "rests"),
    [
        (datetime(2026, 6, 9, 4, 30, tzinfo=UTC), False),
        (datetime(2026, 6, 9, 5, 30, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 4, 30, tzinfo=UTC), True),
        (datetime(2026, 6, 10, 5, 30, tzinfo=UTC), False),
    ],
)
def test_the_dates_are_those_of_the_districts_zone(
    scene: Scene, moment: datetime, rests: bool
) -> None:
    """Midnight in Chicago is five o'clock in the morning, UTC, in summer."""
    day = date(2026, 6, 9)
    pause(scene, starts=day, ends=day, preset="blackout")
    scene.clock.now = moment
    scene.sis.add_student("s1", "new-1")
    scene.sync()
    assert ("new-1" not in scene.users()) is rests


def test_resumed_what_waited_goes_in_with_the_next_sync(scene: Scene) -> None:
    name = pause(scene, preset="blackout")
    scene.sis.add_student("s1", "new-1")
    scene.sync()
    ended = pausing.resume(scene.desk, name)
    assert (ended.active, ended.resumed_by) == (False, "sam")
    assert "new-1" not in scene.users()
    assert scene.sync().summary.state is RunState.APPLIED
    assert "new-1" in scene.users()
    with pytest.raises(Stale, match="ended by sam"):
        pausing.resume(scene.desk, name)


def test_paused_removals_trip_no_limit_until_the_pause_ends(scene: Scene) -> None:
    name = pause(scene, kinds=[Kind.USER], verbs=[Verb.REMOVE])
    gone = scene.sis.drop_students("s1", 12)
    view = scene.sync()
    assert view.holds == ()
    assert set(gone) <= scene.users().keys()
    pausing.resume(scene.desk, name)
    [hold] = scene.sync().holds
    assert hold.count == 12


def test_a_pause_made_while_a_hold_waits_is_heard(scene: Scene) -> None:
    """Approving what was held before the pause must not write into what rests now."""
    scene.sis.drop_students("s1", 12)
    [hold] = scene.sync().holds
    pause(scene, school="s1")
    before = scene.held()
    with pytest.raises(Stale, match=r"north\.p1"):
        scene.approve(hold)
    assert scene.held() == before
    assert scene.sync().holds == ()
    assert scene.held() == before


def test_a_pause_that_begins_while_a_preview_waits_is_heard(scene: Scene) -> None:
    pause(scene, starts=TODAY + timedelta(days=1), preset="blackout")
    scene.sis.add_student("s1", "new-1")
    view = scene.sync(preview=True)
    assert view.summary.state is RunState.READY
    scene.clock.forward(days=1)
    with pytest.raises(Stale, match=r"north\.p1"):
        syncing.apply(scene.desk, view.summary.id)
    assert "new-1" not in scene.users()


def test_a_pause_of_something_else_stops_no_approval(scene: Scene) -> None:
    scene.sis.drop_students("s1", 12)
    [hold] = scene.sync().holds
    pause(scene, school="s2")
    assert scene.approve(hold).summary.state is RunState.APPLIED


def test_a_pause_that_ends_makes_the_same_input_another_question(scene: Scene) -> None:
    pause(scene, school="s2", ends=TODAY)
    scene.sis.drop_students("s1", 12)
    scene.sis.add_student("s2", "new-1")
    first = scene.sync()
    assert scene.sync().summary.id == first.summary.id
    assert "new-1" not in scene.users()
    scene.clock.forward(days=1)
    assert scene.sync().summary.id != first.summary.id
    assert "new-1" in scene.users()


def test_so_does_one_that_begins(scene: Scene) -> None:
    pause(scene, school="s1", starts=TODAY + timedelta(days=1))
    scene.sis.drop_students("s1", 12)
    first = scene.sync()
    assert len(first.holds) == 1
    scene.clock.forward(days=1)
    second = scene.sync()
    assert second.summary.id != first.summary.id
    assert second.holds == ()


def test_who_moves_away_from_a_school_that_rests_stays(scene: Scene) -> None:
    pause(scene, school="s1")
    before = scene.held()
    scene.sis.move_student("s1-01", "s2", ("c-s2-1",))
    scene.sis.move_student("s2-01", "s1", ("c-s1-1",))
    scene.sync()
    after = scene.held()
    assert after[Kind.USER] == before[Kind.USER]


def sync_edited(scene: Scene) -> tuple[HoldView, ...]:
    """One more student is in the file; the holds of its sync."""
    scene.sis.add_student("s1", f"new-{scene.clock.now:%d%H%M%S}")
    return scene.sync().holds


def review_rules(scene: Scene) -> list[str]:
    return [hold.rule for hold in sync_edited(scene)]


@pytest.mark.parametrize(("days", "rules"), [(6, []), (7, ["R9"]), (30, ["R9"])])
def test_the_first_run_after_a_long_pause_is_a_review(
    scene: Scene, days: int, rules: list[str]
) -> None:
    pause(scene, preset="blackout", ends=TODAY + timedelta(days=days - 1))
    scene.clock.forward(days=days)
    assert review_rules(scene) == rules


def test_reviewed_once_it_goes_on_as_ever(scene: Scene) -> None:
    pause(scene, preset="blackout", ends=TODAY + timedelta(days=9))
    scene.clock.forward(days=10)
    [hold] = sync_edited(scene)
    assert "north.p1" in hold.why
    scene.approve(hold)
    assert review_rules(scene) == []
    scene.clock.forward(days=1)
    assert review_rules(scene) == []


def test_a_pause_cut_short_is_as_long_as_it_lasted(scene: Scene) -> None:
    name = pause(scene, preset="blackout", ends=TODAY + timedelta(days=90))
    scene.clock.forward(days=3)
    pausing.resume(scene.desk, name)
    assert review_rules(scene) == []


def test_a_long_pause_resumed_on_a_day_with_a_sync_is_reviewed_too(scene: Scene) -> None:
    """Additions went in that very morning; the rest has not been looked at for a month."""
    name = pause(scene, preset="additions-only")
    scene.clock.forward(days=30)
    assert review_rules(scene) == []
    scene.clock.forward(hours=4)
    pausing.resume(scene.desk, name)
    assert review_rules(scene) == ["R9"]


def test_pauses_are_listed_while_they_last_or_are_to_come(scene: Scene) -> None:
    over = pause(scene, starts=TODAY - timedelta(days=9), ends=TODAY - timedelta(days=1))
    now = pause(scene, preset="summer", ends=TODAY + timedelta(days=9))
    later = pause(scene, starts=TODAY + timedelta(days=5))
    listed = pausing.pauses(scene.desk, NORTH)
    assert [(view.id, view.active) for view in listed] == [(now, True), (later, False)]
    assert [view.id for view in pausing.pauses(scene.desk, ended=True)] == [over, now, later]
    assert listed[0].words.startswith("everything but guardian")
    assert listed[0].words.endswith("from 2026-03-02 to 2026-03-11")


@pytest.mark.parametrize(
    ("given", "error", "match"),
    [
        ({"preset": "winter"}, ConfigInvalid, "no preset"),
        ({"preset": "summer", "kinds": [Kind.USER]}, ConfigInvalid, "leave them out"),
        ({"starts": TODAY, "ends": TODAY - timedelta(days=1)}, ConfigInvalid, "before it starts"),
        ({"school": "nowhere"}, NotFound, "no school"),
        ({"reason": " "}, ConfigInvalid, "reason"),
    ],
)
def test_a_pause_that_makes_no_sense_is_refused(
    scene: Scene, given: dict[str, object], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        pausing.pause(scene.desk, NORTH, **({"reason": "x"} | given))  # type: ignore[arg-type]
    assert pausing.pauses(scene.desk, NORTH, ended=True) == ()


def test_the_same_pause_twice_is_refused_and_says_who_made_it(scene: Scene) -> None:
    first = pause(scene, verbs=[Verb.REMOVE, Verb.ADD], ends=date(2026, 3, 20))
    for ends in (date(2026, 3, 20), date(2026, 3, 9)):
        with pytest.raises(ConfigInvalid, match=rf"^{first} .* to 2026-03-20: sam has made it at"):
            pause(scene, verbs=[Verb.ADD, Verb.REMOVE], ends=ends)
    pause(scene, verbs=[Verb.ADD, Verb.REMOVE], ends=date(2026, 3, 21))
    pause(scene, verbs=[Verb.ADD], ends=date(2026, 3, 20))
    pause(scene, verbs=[Verb.ADD], ends=date(2026, 3, 20), school="s1")
    endless = pause(scene, verbs=[Verb.REMOVE])
    with pytest.raises(ConfigInvalid, match="from 2026-03-02 on"):
        pause(scene, verbs=[Verb.REMOVE], starts=date(2026, 4, 1))
    pausing.resume(scene.desk, endless)
    pause(scene, verbs=[Verb.REMOVE], starts=date(2026, 4, 1))


def test_several_pauses_are_made_together_or_not_at_all(scene: Scene) -> None:
    removals = PauseScope(verbs=(Verb.REMOVE,))
    pause(scene, verbs=[Verb.REMOVE])
    with pytest.raises(ConfigInvalid, match="already"):
        pausing.pause_scopes(scene.desk, NORTH, [PauseScope(), removals], reason="x")
    assert len(pausing.pauses(scene.desk, NORTH)) == 1
    classes = PauseScope((Kind.CLASS,))
    made = pausing.pause_scopes(scene.desk, NORTH, [PauseScope(), classes], reason="x")
    assert [(view.kinds, view.preset) for view in made] == [((), "blackout"), ((Kind.CLASS,), None)]
    assert len(pausing.pauses(scene.desk, NORTH)) == 3


def test_an_unknown_pause_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no pause"):
        pausing.resume(scene.desk, "north.p9")


def test_pauses_are_listed_though_the_districts_file_is_broken(scene: Scene) -> None:
    name = pause(scene, preset="blackout")
    scene.desk.home.district_file(NORTH).write_text("nonsense", encoding="utf-8")
    assert [view.id for view in pausing.pauses(scene.desk)] == [name]
