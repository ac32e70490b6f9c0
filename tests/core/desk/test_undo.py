"""Undoing a run gives the earlier directory back, or is refused with what is in the way."""

import pytest
from sqlalchemy import text

from core.scene import NORTH, Scene
from rollbook.desk import auditing, decisions, expiring, history, pausing, people, undoing
from rollbook.desk.change_lists import changes
from rollbook.desk.exports import change_lines
from rollbook.desk.views import Counts, Kind, RunKind, RunState, RunView, Verb
from rollbook.errors import ConfigInvalid, NotFound, Stale

FIELDS = {"email": "lose"}


def edit(scene: Scene) -> None:
    """Additions, updates and removals of most kinds; nothing that is held."""
    sis = scene.sis
    sis.add_student("s1", "new-1", classes=("c-s1-1",), agents="g-s1-05")
    sis.users["s1-02"]["email"] = "changed@north.example.org"
    sis.users["s1-02"]["phone"] = "555"
    sis.users["s1-04"]["email"] = ""
    sis.drop_user("s1-03")
    sis.drop_user("g-s1-08")
    sis.move_student("s2-01", "s1", ("c-s1-2",))
    sis.classes["c-new"] = dict(sis.classes["c-s1-1"]) | {"metadata.room": "12"}
    sis.classes["c-s2-1"]["title"] = "Changed"
    sis.demographics["s2-05"]["sex"] = "male"
    sis.tables["orgs"]["s2"]["name"] = "Other"


@pytest.fixture
def edited(scene: Scene) -> RunView:
    edit(scene)
    view = scene.sync()
    assert view.holds == ()
    assert view.summary.state is RunState.APPLIED
    return view


def exported(scene: Scene, run: str, form: str) -> str:
    return "".join(change_lines(changes(scene.desk, run), form))


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_the_earlier_directory_is_back_byte_for_byte(scene: Scene, form: str) -> None:
    before = scene.held()
    edit(scene)
    first = scene.sync()
    undoing.undo(scene.desk, first.summary.id, reason="wrong file")
    assert scene.held() == before
    again = scene.sync(preview=True)
    assert again.digest == first.digest
    assert exported(scene, again.summary.id, form) == exported(scene, first.summary.id, form)
    assert again.counts == scene.run(first.summary.id).counts


def test_an_undo_is_a_run_of_its_own(scene: Scene, edited: RunView) -> None:
    view = undoing.undo(scene.desk, edited.summary.id, reason="wrong file")
    assert view.summary.kind is RunKind.UNDO
    assert view.summary.state is RunState.APPLIED
    assert (view.undo_of, view.reason) == (edited.summary.id, "wrong file")
    assert scene.generation() == 3
    entry = next(e for e in auditing.audit(scene.desk) if e.subject == view.summary.id)
    assert entry.who == "sam"
    assert auditing.verify(scene.desk).ok


def test_its_preview_counts_what_it_will_do(scene: Scene, edited: RunView) -> None:
    shown = undoing.undo_preview(scene.desk, edited.summary.id)
    before, generation = scene.held(), scene.generation()
    assert shown[Kind.USER] == Counts(
        before=125, incoming=126, add=2, update=3, remove=1, unknown=0
    )
    assert scene.held() == before
    assert scene.generation() == generation
    view = undoing.undo(scene.desk, edited.summary.id, reason="x")
    for kind, counts in shown.items():
        done = view.applied[kind]
        verbs = (done.get(Verb.ADD, 0), done.get(Verb.UPDATE, 0), done.get(Verb.REMOVE, 0))
        assert (counts.add, counts.update, counts.remove) == verbs


def test_what_a_review_let_in_by_mistake_is_reviewed_again_once_it_was_undone(
    scene: Scene,
) -> None:
    """Limits that somebody raised would let it in by themselves now."""
    scene.configure(thresholds={"removal_percent": 90})
    scene.sis.drop_students("s1", 12)
    run = scene.sync_through()
    assert [hold.rule for hold in run.holds] == ["R9"]
    undone = undoing.undo(scene.desk, run.summary.id, reason="the limits were wrong")
    for _ in range(2):
        again = scene.sync()
        [review] = again.holds
        assert f"{undone.summary.id} has undone it" in review.why
        assert "s1-01" in scene.users()
        decisions.reject(scene.desk, review.id, reason="not yet")
        scene.sis.users["s2-01"]["phone"] = "5"
    assert scene.sync_through().summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()
    scene.sis.users["s2-01"]["phone"] = "6"
    assert scene.sync().holds == ()


def test_more_than_was_shown_is_not_taken_back(scene: Scene) -> None:
    """Somebody lets another part of the run go in while the operator looks at the numbers."""
    scene.sis.drop_students("s1", 12)
    scene.sis.add_student("s2", "new-1")
    view = scene.sync()
    seen = undoing.generation_now(scene.desk, view.summary.id)
    shown = undoing.undo_preview(scene.desk, view.summary.id)
    assert (shown[Kind.USER].add, shown[Kind.USER].remove) == (0, 1)
    scene.approve_as("lee", view.holds[0])
    with pytest.raises(Stale, match=rf"written since you looked.* by {view.summary.id}\."):
        undoing.undo(scene.desk, view.summary.id, reason="x", generation=seen)
    assert "new-1" in scene.users()
    now = undoing.generation_now(scene.desk, view.summary.id)
    undone = undoing.undo(scene.desk, view.summary.id, reason="x", generation=now)
    assert undone.applied[Kind.USER] == {Verb.ADD: 12, Verb.REMOVE: 1}


def test_undoing_the_undo_does_it_again(scene: Scene, edited: RunView) -> None:
    after = scene.held()
    undone = undoing.undo(scene.desk, edited.summary.id, reason="x")
    undoing.undo(scene.desk, undone.summary.id, reason="y")
    assert scene.held() == after
    assert scene.sync().summary.state is RunState.NOOP


def test_a_run_is_undone_once(scene: Scene, edited: RunView) -> None:
    undoing.undo(scene.desk, edited.summary.id, reason="x")
    done = history.runs(scene.desk, limit=1)[0]
    told = rf"has been undone already: {done.id}, by sam at 2026-03-02 \d\d:\d\d UTC"
    with pytest.raises(Stale, match=told):
        undoing.undo(scene.at("lee"), edited.summary.id, reason="x")


def test_a_later_run_of_the_same_record_is_in_the_way(scene: Scene, edited: RunView) -> None:
    scene.sis.users["s1-02"]["phone"] = "777"
    later = scene.sync()
    before = scene.held()
    with pytest.raises(Stale, match=rf"user s1-02.*Undo the later .*: {later.summary.id}\."):
        undoing.undo(scene.desk, edited.summary.id, reason="x")
    with pytest.raises(Stale, match="user s1-02"):
        undoing.undo_preview(scene.desk, edited.summary.id)
    assert scene.held() == before


def test_undone_newest_first_later_runs_are_in_the_way_no_more(
    scene: Scene, edited: RunView
) -> None:
    first = scene.held()
    for phone in ("777", "888"):
        scene.sis.users["s1-02"]["phone"] = phone
        scene.sync()
    third, second = (run.id for run in history.runs(scene.desk, limit=2))
    with pytest.raises(Stale, match=rf"the newest before the others: {third}, {second}\."):
        undoing.undo(scene.desk, edited.summary.id, reason="x")
    undoing.undo(scene.desk, third, reason="x")
    with pytest.raises(Stale, match=rf": {second}\."):
        undoing.undo(scene.desk, edited.summary.id, reason="x")
    undoing.undo(scene.desk, second, reason="x")
    assert scene.held() == first
    undone = undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert scene.users()["s1-02"].get("phone") is None
    undoing.undo(scene.desk, undone.summary.id, reason="x")
    assert scene.held() == first
    undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert scene.users()["s1-02"].get("phone") is None


def test_an_undo_of_an_undo_is_in_the_way_again(scene: Scene, edited: RunView) -> None:
    scene.sis.users["s1-02"]["phone"] = "777"
    later = scene.sync()
    undone = undoing.undo(scene.desk, later.summary.id, reason="x")
    again = undoing.undo(scene.desk, undone.summary.id, reason="x")
    with pytest.raises(Stale, match=rf": {again.summary.id}\."):
        undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert scene.users()["s1-02"]["phone"] == "777"


def test_what_a_hand_has_written_since_is_not_undone_with_the_runs(
    scene: Scene, edited: RunView
) -> None:
    scene.sis.users["s1-02"]["phone"] = "777"
    later = scene.sync()
    undoing.undo(scene.desk, later.summary.id, reason="x")
    by_hand = "UPDATE users SET phone = '999', version = version + 1 WHERE id = 's1-02'"
    with scene.desk.store.write() as connection:
        connection.execute(text(by_hand))
    with pytest.raises(Stale, match="user s1-02"):
        undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert scene.users()["s1-02"]["phone"] == "999"


def test_a_later_run_of_other_records_is_not(scene: Scene, edited: RunView) -> None:
    scene.sis.users["s2-20"]["phone"] = "777"
    scene.sync()
    undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert scene.users()["s2-20"]["phone"] == "777"
    assert "new-1" not in scene.users()


def test_a_later_record_that_depends_on_an_addition_is_in_the_way(
    scene: Scene, edited: RunView
) -> None:
    scene.sis.enroll("s2-20", "c-new")
    scene.sync()
    later = history.runs(scene.desk, limit=1)[0].id
    with pytest.raises(Stale, match=rf"enrollment e-s2-20-c-new\..* first, .*: {later}\."):
        undoing.undo(scene.desk, edited.summary.id, reason="x")


def test_a_later_run_that_took_what_would_come_back_is_named(scene: Scene) -> None:
    """It has not written the guardian link, but it took the student of it."""
    scene.sis.drop_user("g-s1-01")
    first = scene.sync().summary.id
    scene.sis.drop_user("s1-01")
    later = scene.sync().summary.id
    with pytest.raises(Stale, match=rf"guardian s1-01:g-s1-01\..* first, .*: {later}\."):
        undoing.undo(scene.desk, first, reason="x")
    undoing.undo(scene.desk, later, reason="x")
    undoing.undo(scene.desk, first, reason="x")
    assert "g-s1-01" in scene.users()


def test_what_was_undone_in_part_is_not_said_to_be_undone(scene: Scene) -> None:
    before = scene.held()
    for number in range(12):
        scene.sis.add_student("s1", f"new-{number:02}")
    scene.sis.drop_user("s2-01")
    run = scene.sync().summary.id
    undone = undoing.undo(scene.desk, run, reason="x")
    decisions.reject(scene.desk, undone.holds[0].id, reason="not these")
    with pytest.raises(Stale, match=rf"undone in part: {undone.summary.id}, by sam .* turned down"):
        undoing.undo(scene.desk, run, reason="x")
    undoing.undo(scene.desk, undone.summary.id, reason="x")
    for hold in undoing.undo(scene.desk, run, reason="x").holds:
        scene.approve(hold)
    assert scene.held() == before


def test_undoing_removals_is_held_by_nothing(scene: Scene) -> None:
    before = scene.held()
    scene.sis.drop_students("s1", 12)
    view = scene.sync()
    for hold in view.holds:
        scene.approve(hold)
    undone = undoing.undo(scene.desk, view.summary.id, reason="x")
    assert undone.holds == ()
    assert undone.summary.state is RunState.APPLIED
    assert scene.held() == before


def test_undoing_many_additions_is_held_for_what_it_removes(scene: Scene) -> None:
    for number in range(12):
        scene.sis.add_student("s1", f"new-{number:02}", classes=("c-s1-1",))
    scene.sis.users["s2-01"]["phone"] = "5"
    view = scene.sync()
    shown = undoing.undo_preview(scene.desk, view.summary.id)
    undone = undoing.undo(scene.desk, view.summary.id, reason="x")
    assert undone.summary.state is RunState.HELD
    really = {kind: undone.counts[kind].held for kind in shown}
    assert {kind: counts.held for kind, counts in shown.items()} == really
    assert (shown[Kind.USER].held, shown[Kind.USER].remove, shown[Kind.USER].update) == (12, 12, 1)
    assert "new-00" in scene.users()
    [hold] = [h for h in undone.holds if h.kind is Kind.USER]
    assert (hold.rule, hold.count) == ("R1", 12)
    assert "undone run" in hold.cause
    for waiting in undone.holds:
        scene.approve(waiting)
    assert "new-00" not in scene.users()


def test_an_undo_that_waited_too_long_is_made_again_and_no_sync(scene: Scene) -> None:
    """A sync would bring back what was to be taken back."""
    for number in range(12):
        scene.sis.add_student("s1", f"new-{number:02}")
    run = scene.sync().summary.id
    undone = undoing.undo(scene.desk, run, reason="x")
    scene.clock.forward(days=30)
    with pytest.raises(Stale) as refused:
        scene.approve(undone.holds[0])
    assert refused.value.remedy == f"Undo {run} again."
    expiring.close_expired(scene.desk)
    told = scene.run(undone.summary.id).summary
    assert (told.state, told.message.endswith(f"Undo {run} again.")) == (RunState.EXPIRED, True)


def test_a_run_that_went_in_in_part_says_so_when_it_is_over(scene: Scene) -> None:
    """Its number of changes would tell nothing of that, and the part can still be undone."""
    before = scene.held()
    scene.sis.drop_students("s1", 12)
    scene.sis.add_student("s2", "new-1")
    first = scene.sync().summary.id
    scene.sis.users["s2-01"]["phone"] = "5"
    second = scene.sync().summary.id
    scene.clock.forward(days=30)
    expiring.close_expired(scene.desk)
    over, last = (scene.run(run).summary for run in (first, second))
    assert (over.state, last.state) == (RunState.SUPERSEDED, RunState.EXPIRED)
    assert over.message == f"A part of it has been applied. Overtaken by {second}."
    assert last.message.startswith("A part of it has been applied. Expired: ")
    assert over.went_in
    assert last.went_in
    undoing.undo(scene.desk, second, reason="x")
    undoing.undo(scene.desk, first, reason="x")
    assert scene.held() == before
    scene.sis.add_student("s2", "new-1")
    assert not scene.sync(preview=True).summary.went_in


def test_an_undo_that_a_sync_overtakes_says_what_was_not_done(scene: Scene) -> None:
    for number in range(12):
        scene.sis.add_student("s1", f"new-{number:02}")
    undone = undoing.undo(scene.desk, scene.sync().summary.id, reason="x")
    scene.sis.users["s2-01"]["phone"] = "5"
    later = scene.sync().summary.id
    told = scene.run(undone.summary.id).summary
    assert told.state is RunState.SUPERSEDED
    assert told.message == f"Overtaken by {later}: what waited of it was not taken back."


def test_what_comes_after_it_is_told_of_syncs(scene: Scene, edited: RunView) -> None:
    assert "the next sync brings the same again" in undoing.after_undo(
        scene.desk, edited.summary.id
    )
    view = undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert undoing.after_undo(scene.desk, view.summary.id) == ""
    again = scene.sync()
    assert (again.summary.state, again.digest) == (RunState.APPLIED, edited.digest)


def test_undoing_the_first_run_empties_the_directory_after_two_decisions(
    scene: Scene,
) -> None:
    shown = undoing.undo_preview(scene.desk, "north.1")
    assert {counts.held - counts.remove for counts in shown.values()} == {0}
    undone = undoing.undo(scene.desk, "north.1", reason="wrong district")
    assert undone.holds[0].rule == "R0"
    assert scene.users()
    for hold in undone.holds:
        scene.approve(hold)
    assert all(records == {} for records in scene.held().values())


def test_only_what_went_in_is_undone(scene: Scene) -> None:
    before = scene.held()
    scene.sis.drop_students("s1", 12)
    scene.sis.add_student("s2", "new-1")
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    undone = undoing.undo(scene.desk, view.summary.id, reason="x")
    assert undone.summary.state is RunState.APPLIED
    assert scene.held() == before
    assert scene.run(view.summary.id).summary.state is RunState.SUPERSEDED


def test_an_undo_does_not_rest_with_a_pause(scene: Scene, edited: RunView) -> None:
    """A pause keeps syncs still; an undo is what an operator does by hand."""
    pausing.pause(scene.desk, NORTH, preset="blackout", reason="x")
    view = undoing.undo(scene.desk, edited.summary.id, reason="x")
    assert view.summary.state is RunState.APPLIED
    assert "new-1" not in scene.users()


def test_nothing_done_is_nothing_to_undo(scene: Scene) -> None:
    scene.sis.add_student("s1", "new")
    preview = scene.sync(preview=True)
    with pytest.raises(Stale, match="changed nothing"):
        undoing.undo(scene.desk, preview.summary.id, reason="x")
    with pytest.raises(NotFound, match="no run"):
        undoing.undo(scene.desk, "north.99", reason="x")


def test_an_undo_needs_a_reason(scene: Scene, edited: RunView) -> None:
    with pytest.raises(ConfigInvalid, match="reason"):
        undoing.undo(scene.desk, edited.summary.id, reason=" ")


def test_undoing_a_merge_splits_it(scene: Scene) -> None:
    before = scene.held()
    merge = people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="one child")
    undoing.undo(scene.desk, merge.run, reason="two children")
    assert scene.held() == before
    assert [m.state for m in people.merges(scene.desk)] == ["SPLIT"]
    assert scene.sync().summary.state is RunState.NOOP


def test_undoing_a_split_merges_again(scene: Scene) -> None:
    """The next sync leaves the one who was given up where the undo has put them."""
    before = scene.held()
    merge = people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="one child", choices=FIELDS)
    merged = scene.held()
    people.split(scene.desk, merge.id, reason="two children")
    split = history.runs(scene.desk, limit=1)[0].id
    view = undoing.undo(scene.desk, split, reason="one child after all")
    assert (view.summary.state, view.holds) == (RunState.APPLIED, ())
    assert scene.held() == merged
    again = people.merges(scene.desk)[-1]
    assert [m.state for m in people.merges(scene.desk)] == ["SPLIT", "ACTIVE"]
    assert (again.keep, again.lose, again.run) == ("s1-01", "s1-02", view.summary.id)
    assert people.person(scene.desk, NORTH, "s1-01").merged == ("s1-02",)
    assert scene.sync().summary.state is RunState.NOOP
    with pytest.raises(Stale, match=rf"undone already: {view.summary.id}"):
        undoing.undo(scene.desk, split, reason="x")
    undoing.undo(scene.desk, view.summary.id, reason="two children")
    assert scene.held() == before
    assert {m.state for m in people.merges(scene.desk)} == {"SPLIT"}
    assert scene.sync().summary.state is RunState.NOOP


def test_a_split_is_not_undone_while_the_second_one_is_merged_with_somebody_else(
    scene: Scene,
) -> None:
    merge = people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="x")
    people.split(scene.desk, merge.id, reason="x")
    split = history.runs(scene.desk, limit=1)[0].id
    other = people.merge(scene.desk, NORTH, "s1-03", "s1-02", reason="x")
    with pytest.raises(Stale, match=rf"s1-02.* the later runs first, .*: {other.run}\."):
        undoing.undo(scene.desk, split, reason="x")
