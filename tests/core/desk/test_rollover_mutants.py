"""The guards of plans, class ids and old files around the rules, broken on purpose, are caught."""

from collections.abc import Callable

import pytest

from core.desk import test_class_reuse as reuse
from core.desk import test_no_complete_set as complete
from core.desk import test_plans as plans
from core.mutation import Mutant
from core.scene import Scene

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

Check = Callable[[Scene], None]

OF_PLANS: dict[str, tuple[Mutant, Check]] = {
    "the second person": (
        Mutant(
            "rollbook.desk.plans:agree_to_plan",
            "row.created_by == actor.who",
            "False",
        ),
        plans.test_without_a_second_person_a_plan_counts_for_nothing,
    ),
    "the agreement": (
        Mutant(
            "rollbook.directory.expected_plans:in_force",
            "expected_plans.c.agreed_at.is_not(None),",
            "",
        ),
        plans.test_without_a_second_person_a_plan_counts_for_nothing,
    ),
    "the end": (
        Mutant(
            "rollbook.directory.expected_plans:in_force",
            "expected_plans.c.ended_at.is_(None),",
            "",
        ),
        plans.test_a_plan_that_was_ended_lets_nothing_more_through,
    ),
    "the last day": (
        Mutant("rollbook.directory.expected_plans:in_force", "expected_plans.c.ends >= day,", ""),
        plans.test_a_plan_ends_by_itself,
    ),
    "a plan that is over": (
        Mutant(
            "rollbook.runs.release:_refuse_unexpected",
            "if row is None or plans != {row.id}:",
            "if False:",
        ),
        plans.test_what_a_hold_kept_back_of_a_plan_goes_in_only_while_it_lasts,
    ),
    "what has gone in": (
        Mutant(
            "rollbook.directory.expected_plans:used",
            "lanes.c.applied_in.is_not(None)",
            "lanes.c.applied_in.is_(None)",
        ),
        plans.test_graduates_leave_once,
    ),
}

OF_CLASSES: dict[str, tuple[Mutant, Check]] = {
    "another school year": (
        Mutant(
            "rollbook.runs.class_turns:_by_record",
            "other_term and was.isdisjoint(will_be)",
            "False",
        ),
        reuse.test_a_class_of_another_school_year_is_another_class,
    ),
    "two classes that swap their ids": (
        Mutant("rollbook.runs.class_turns:_by_record", 'given_up.get(name, "")', '""'),
        reuse.test_two_classes_of_the_same_students_that_swap_their_ids_are_held,
    ),
    "seats of a reused class": (
        Mutant(
            "rollbook.holds.class_reuse:_hold",
            "mine |= columns.of(Kind.ENROLLMENT) & np.isin(columns.slots[_CLASS_SLOT], ids)",
            "pass",
        ),
        reuse.test_a_class_of_another_school_year_is_another_class,
    ),
    "ids that come back": (
        Mutant("rollbook.runs.class_turns:_changed", "if len(added):", "if False:"),
        reuse.test_an_id_that_comes_back_for_another_term_is_held,
    ),
    "seats that only get another id": (
        Mutant(
            "rollbook.runs.class_turns:_Seats.of",
            "new, over = ~np.isin(arriving, leaving), ~np.isin(leaving, arriving)",
            "new, over = arriving == arriving, leaving == leaving",
        ),
        lambda scene: reuse.test_what_is_ordinary_is_no_reuse(
            scene, "another teacher and new ids of seats"
        ),
    ),
    "who was in a class of late": (
        Mutant("rollbook.directory.class_lists:former_in", "first is None", "True"),
        lambda scene: reuse.test_an_id_that_turns_over_several_nights_is_held(
            scene, "course", "before"
        ),
    ),
    "ninety days": (
        Mutant(
            "rollbook.holds.stale_source:stale_source", "days < NO_REMOVALS_AFTER", "days < 10**6"
        ),
        complete.test_a_complete_set_turns_removals_on_again,
    ),
}


def caught(check: Check, scene: Scene) -> None:
    """The check fails as a check does."""
    with pytest.raises((AssertionError, pytest.fail.Exception, ValueError)):
        check(scene)


@pytest.mark.parametrize("guard", OF_PLANS)
def test_a_broken_guard_of_plans_is_caught(
    rollover_scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = OF_PLANS[guard]
    mutant.put_in(monkeypatch)
    caught(check, rollover_scene)


@pytest.mark.parametrize("guard", OF_CLASSES)
def test_a_broken_guard_of_classes_and_files_is_caught(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = OF_CLASSES[guard]
    mutant.put_in(monkeypatch)
    caught(check, scene)
