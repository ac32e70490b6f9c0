"""A plan that two people stand for lets what it announced through, as long as it lasts."""

from dataclasses import replace
from datetime import date

import pytest

from core.rollover.rolled_sis import (
    graduate,
    in_grade,
    new_classes,
    new_students,
    promote,
    rolled_over,
)
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import auditing, decisions, plans, syncing, undoing
from rollbook.desk.plan_views import (
    ClassFate,
    Entrants,
    LeaversDraft,
    PlanDraft,
    PlanState,
    PlanView,
    SchoolMove,
    SplitCount,
    TotalDraft,
)
from rollbook.desk.trying_plans import try_plan
from rollbook.desk.views import Kind, RunState, Verb
from rollbook.errors import ConfigInvalid, NotFound, NotPermitted, Stale

DRAFT = PlanDraft(
    starts=date(2026, 6, 8),
    ends=date(2026, 6, 26),
    promotion=True,
    classes=ClassFate.REPLACED,
    leavers=(LeaversDraft("8"),),
    moves=(SchoolMove("5", "s1", "s2"),),
    entrants=(Entrants("3", 5, 12),),
    totals=(TotalDraft(25, 35, "s1"),),
)


@pytest.fixture
def scene(rollover_scene: Scene) -> Scene:
    return rollover_scene


def announced(scene: Scene, draft: PlanDraft = DRAFT) -> PlanView:
    """A plan that sam proposes and lee agrees to."""
    view = plans.add_plan(scene.desk, NORTH, draft, reason="rollover")
    return plans.agree_to_plan(replace(scene.desk, operator="lee"), view.id)


def test_the_announced_rollover_needs_no_decision(scene: Scene) -> None:
    plan = announced(scene)
    assert plan.state is PlanState.IN_FORCE
    rolled_over(scene.sis)
    view = scene.sync()
    assert view.holds == ()
    assert view.summary.state is RunState.APPLIED
    assert view.expectation is not None
    whole = view.expectation.whole
    assert view.expectation.plan == plan.id
    assert whole.splits[Kind.USER][Verb.REMOVE] == SplitCount(20, 0)
    assert whole.splits[Kind.USER][Verb.UPDATE] == SplitCount(50, 0)
    assert not any(c.deviating for verbs in whole.splits.values() for c in verbs.values())
    [s1, s2] = [line for line in view.expectation.schools if line.before]
    assert (s1.before, s1.incoming, s1.new, s1.as_expected) == (30, 30, 10, True)
    assert (s2.before, s2.leaving, s2.as_expected) == (30, 10, None)
    told = [(line.done, line.most) for line in plans.plan(scene.desk, plan.id).lines]
    assert told[:2] == [(10, 10), (50, None)]
    assert (10, 12) in told


def test_without_a_second_person_a_plan_counts_for_nothing(scene: Scene) -> None:
    view = plans.add_plan(scene.desk, NORTH, DRAFT, reason="rollover")
    assert view.state is PlanState.PROPOSED
    with pytest.raises(NotPermitted, match="wants another person"):
        plans.agree_to_plan(scene.desk, view.id)
    graduate(scene.sis)
    assert {hold.rule for hold in scene.sync().holds} == {"R1"}
    configure_quietly(scene, approvals={"single_operator": True})
    assert plans.agree_to_plan(scene.desk, view.id).state is PlanState.IN_FORCE
    assert scene.sync().holds == ()


def test_graduates_leave_once(scene: Scene) -> None:
    """Once they have left and the others gone up, those in the top grade are no graduates."""
    announced(scene, replace(DRAFT, totals=()))
    graduate(scene.sis)
    assert scene.sync().summary.state is RunState.APPLIED
    promote(scene.sis)
    new_classes(scene.sis)
    assert scene.sync().summary.state is RunState.APPLIED
    graduate(scene.sis)
    view = scene.sync()
    assert {hold.rule for hold in view.holds} == {"R1"}
    assert view.expectation is not None
    assert "after 10 before" in view.expectation.void[0]


def test_what_goes_by_a_plan_is_no_drip(scene: Scene) -> None:
    """R3 adds up what nobody decided about: a plan is a decision."""
    announced(scene)
    graduate(scene.sis)
    assert scene.sync().summary.state is RunState.APPLIED
    scene.sis.drop_students("s2", 1)
    assert scene.sync().holds == ()


def test_guardians_go_with_their_own_children(scene: Scene) -> None:
    """The families of the fifth grade move on with it; those of who stays are no part of that."""
    movers, stay = in_grade(scene.sis, "05"), in_grade(scene.sis, "03")
    announced(scene)
    rolled_over(scene.sis)
    for student in (*movers, *stay):
        scene.sis.users[f"g-{student}"]["orgs"] = "s2"
    view = scene.sync(preview=True)
    assert view.expectation is not None
    updated = view.expectation.whole.splits[Kind.USER][Verb.UPDATE]
    assert updated.deviating == len(stay) == 10


def test_a_plan_that_was_ended_lets_nothing_more_through(scene: Scene) -> None:
    plan = announced(scene)
    graduate(scene.sis)
    preview = scene.sync(preview=True)
    assert preview.summary.state is RunState.READY
    plans.end_plan(scene.desk, plan.id)
    with pytest.raises(Stale, match=f"plan {plan.id} is over"):
        syncing.apply(scene.desk, preview.summary.id)
    assert {hold.rule for hold in scene.sync().holds} == {"R1"}
    with pytest.raises(Stale, match="already ended by sam at 2026-"):
        plans.end_plan(scene.desk, plan.id)


def test_a_plan_ends_by_itself(scene: Scene) -> None:
    announced(scene)
    graduate(scene.sis)
    preview = scene.sync(preview=True)
    scene.clock.forward(days=20)
    assert plans.plans(scene.desk, NORTH) == ()
    [past] = plans.plans(scene.desk, NORTH, ended=True)
    assert past.state is PlanState.OVER
    with pytest.raises(Stale):
        syncing.apply(scene.desk, preview.summary.id)
    assert {hold.rule for hold in scene.sync().holds} == {"R1"}


def test_the_same_input_is_split_anew_once_a_plan_counts(scene: Scene) -> None:
    graduate(scene.sis)
    held = scene.sync()
    assert held.holds
    announced(scene)
    view = scene.sync()
    assert view.summary.id != held.summary.id
    assert view.summary.state is RunState.APPLIED


def test_what_a_hold_kept_back_of_a_plan_goes_in_only_while_it_lasts(scene: Scene) -> None:
    plan = announced(scene, replace(DRAFT, totals=()))
    graduate(scene.sis)
    for student in in_grade(scene.sis, "04")[:6]:
        scene.sis.drop_user(student)
    preview = scene.sync(preview=True)
    [hold] = preview.holds
    assert hold.count == 6
    plans.end_plan(scene.desk, plan.id)
    before = len(scene.users())
    scene.approve(hold)
    with pytest.raises(Stale, match="is over"):
        syncing.apply(scene.desk, preview.summary.id)
    assert len(scene.users()) == before


def test_a_draft_is_tried_without_saving_it(scene: Scene) -> None:
    rolled_over(scene.sis)
    for student in in_grade(scene.sis, "04")[:6]:
        scene.sis.drop_user(student)
    run = scene.sync(preview=True).summary.id
    draft = replace(DRAFT, totals=(TotalDraft(20, 35, "s1"),))
    tried = try_plan(scene.desk, NORTH, draft)
    assert (tried.run, tried.judged) == (run, "")
    assert [(hold.rule, hold.school, hold.count) for hold in tried.holds] == [("R1", "s1", 6)]
    assert 0 < tried.held < tried.held_without == tried.changes
    assert tried.expectation.whole.splits[Kind.USER][Verb.REMOVE].expected == 20
    assert tried.draft.leavers == (LeaversDraft("08", None, 10),)
    assert plans.plans(scene.desk, NORTH, ended=True) == ()
    announced(scene, draft)
    assert [h.count for h in scene.sync(preview=True).holds] == [6]


def test_of_a_run_that_went_in_in_part_what_waits_is_tried(scene: Scene) -> None:
    new_students(scene.sis, 9)
    for student in in_grade(scene.sis, "04")[:6]:
        scene.sis.drop_user(student)
    view = scene.sync()
    gone = sum(n for verbs in view.applied.values() for n in verbs.values())
    waiting = sum(n for verbs in view.waiting.values() for n in verbs.values())
    other = replace(DRAFT, classes=ClassFate.STAY, entrants=(), totals=())
    tried = try_plan(scene.desk, NORTH, other)
    assert (tried.settled, tried.changes, gone > 20) == (gone, waiting, True)
    assert f"Only what waits of it: {gone} more changes have gone in" in tried.judged
    assert tried.expectation.whole.before == 69, "with those who have come"
    announcing = replace(other, leavers=(LeaversDraft("4", None, 6),))
    assert (try_plan(scene.desk, NORTH, announcing).held, tried.held_without) == (0, waiting)
    anew = scene.sync(preview=True).holds
    assert [(h.rule, h.count, h.base) for h in tried.holds] == [
        (h.rule, h.count, h.base) for h in anew
    ]


def test_the_plan_of_an_ordinary_rollover_is_suggested(scene: Scene) -> None:
    draft = plans.suggested_plan(scene.desk, NORTH, DRAFT.starts, DRAFT.ends)
    assert draft.leavers == (LeaversDraft("08", None, 10),)
    assert draft.promotion
    assert draft.classes is ClassFate.REPLACED
    new_classes(scene.sis)
    surge, _ = scene.sync().holds
    view = scene.approve(surge)
    assert view.applied[Kind.CLASS] == {Verb.ADD: 6}
    late = plans.suggested_plan(scene.desk, NORTH, DRAFT.starts, DRAFT.ends)
    assert late.classes is ClassFate.ENDED, "the new ones are here, and the old ones wait"
    assert try_plan(scene.desk, NORTH, late).held == 0


WRONG = {
    "a wrong order of days": ({"starts": date(2026, 6, 27)}, "before it starts"),
    "too long": ({"ends": date(2026, 11, 1)}, "too long"),
    "in the past": ({"starts": date(2026, 1, 1), "ends": date(2026, 2, 1)}, "over already"),
    "no such grade": ({"leavers": (LeaversDraft("14"),)}, "no grade '14'"),
    "nobody there": ({"leavers": (LeaversDraft("12"),)}, "nobody is in grade 12"),
    "twice": ({"leavers": (LeaversDraft("8"), LeaversDraft("08"))}, "announced twice"),
    "no range": ({"entrants": (Entrants("3", 9, 5),)}, "no range"),
    "to itself": ({"moves": (SchoolMove("5", "s1", "s1"),)}, "to itself"),
    "from the top": ({"moves": (SchoolMove("8", "s1", "s2"),)}, "leads to no other"),
    "no school": ({"totals": (TotalDraft(1, 2, "s9"),)}, "no school 's9'"),
}


def test_a_draft_that_makes_no_sense_is_refused(scene: Scene) -> None:
    for name, (changed, words) in WRONG.items():
        draft = replace(DRAFT, **changed)  # type: ignore[arg-type]
        with pytest.raises((ConfigInvalid, NotFound)) as refused:
            plans.add_plan(scene.desk, NORTH, draft, reason="x")
        assert words in refused.value.message, name


def test_a_plan_says_something_and_has_its_days_for_itself(scene: Scene) -> None:
    with pytest.raises(ConfigInvalid, match="announces nothing"):
        plans.add_plan(scene.desk, NORTH, PlanDraft(DRAFT.starts, DRAFT.ends), reason="x")
    with pytest.raises(ConfigInvalid, match="needs a reason"):
        plans.add_plan(scene.desk, NORTH, DRAFT, reason=" ")
    first = plans.add_plan(scene.desk, NORTH, DRAFT, reason="x")
    with pytest.raises(ConfigInvalid, match="some of these days"):
        plans.add_plan(scene.desk, NORTH, DRAFT, reason="x")
    plans.end_plan(scene.desk, first.id)
    with pytest.raises(Stale, match="already ended"):
        plans.agree_to_plan(replace(scene.desk, operator="lee"), first.id)
    assert plans.add_plan(scene.desk, NORTH, DRAFT, reason="x").id == "north.e2"


def test_plans_are_in_the_audit_trail(scene: Scene) -> None:
    plan = announced(scene)
    plans.end_plan(scene.desk, plan.id)
    entries = [e for e in auditing.audit(scene.desk, NORTH) if e.subject == plan.id]
    assert {(e.event, e.who) for e in entries} == {
        ("plan.proposed", "sam"),
        ("plan.agreed", "lee"),
        ("plan.ended", "sam"),
    }


def test_a_first_run_and_an_undo_have_no_plan(scene: Scene) -> None:
    announced(scene)
    graduate(scene.sis)
    run = scene.sync().summary.id
    undone = undoing.undo(scene.desk, run, reason="too early")
    assert decisions.holds(scene.desk, NORTH) == ()
    assert undone.expectation is None or undone.expectation.plan is None
    assert scene.sync().summary.state is RunState.APPLIED


def test_files_of_classes_may_shrink_once_somebody_has_looked(scene: Scene) -> None:
    """Early in a rollover the SIS has but some of next year's classes."""
    new_classes(scene.sis)
    for class_id in list(scene.sis.classes)[1::2]:
        scene.sis.drop_class(class_id)
    refused = scene.sync().summary
    assert refused.state is RunState.INPUT_REFUSED
    assert "63 rows where 126 are usual" in refused.message
    announced(scene)
    view = scene.sync()
    [review] = [hold for hold in view.holds if hold.rule == "R9"]
    assert "enrollments.csv has 63 rows where 126 are usual" in review.why
    scene.sync_through()
    scene.sis.enroll(scene.sis.students("s1")[0], next(iter(scene.sis.classes)))
    after = scene.sync()
    assert after.summary.state is not RunState.INPUT_REFUSED
    assert "R9" not in {hold.rule for hold in after.holds}
