"""What a plan announced is let through, and what deviates is held as if there were no plan."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.holds.cases import case
from core.rollover.rolled_sis import (
    LADDER,
    graded_sis,
    graduate,
    in_grade,
    new_classes,
    new_students,
    promote,
    rolled_over,
)
from core.rollover.splitting import PLAN, Tell
from core.small_sis import SmallSis
from rollbook.changes.changeset import Changeset
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.rollover.expected_plan import (
    ClassFate,
    Entrants,
    ExpectedPlan,
    Leavers,
    SchoolMove,
    Total,
)
from rollbook.rollover.expected_split import Split
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind


def rules(holds: list[Raised]) -> set[str]:
    return {hold.rule for hold in holds}


def deviating(changeset: Changeset, found: Split) -> list[tuple[Kind, Verb, str]]:
    return [
        (change.kind, change.verb, change.id)
        for change, expected in zip(changeset.changes, found.expected.tolist(), strict=True)
        if not expected
    ]


def test_an_announced_rollover_goes_through_as_a_whole(tell: Tell) -> None:
    changeset, found, holds = tell(rolled_over)
    assert holds == []
    assert found.void == ()
    assert deviating(changeset, found) == []
    assert len(changeset.changes) > 300


def test_without_its_plan_the_same_rollover_is_held(tell: Tell) -> None:
    changeset, _, _ = tell(rolled_over)
    assert {"R1", "R5", "R6"} <= rules(judge(case(changeset)))


def test_what_deviates_beside_an_announced_rollover_is_held(tell: Tell) -> None:
    def and_six_more(sis: SmallSis) -> None:
        rolled_over(sis)
        for student in in_grade(sis, "04")[:6]:
            sis.drop_user(student)

    changeset, found, holds = tell(and_six_more, replace(PLAN, totals={}))
    gone = {i for kind, verb, i in deviating(changeset, found) if kind is Kind.USER}
    assert len(gone) == 6
    [hold] = holds
    assert (hold.rule, hold.kind, hold.school, hold.count) == ("R1", Kind.USER, "s1", 6)


def test_nobody_of_another_grade_is_a_graduate(tell: Tell) -> None:
    _, found, holds = tell(lambda sis: graduate(sis, "07"))
    assert not found.expected.any()
    assert "R1" in rules(holds)


def test_more_graduates_than_announced_void_all_of_them(tell: Tell) -> None:
    plan = replace(PLAN, leavers=(Leavers("08", 9),))
    _, found, holds = tell(graduate, plan)
    assert not found.expected.any()
    assert [void.why for void in found.void] == ["the district: 10 students leave, announced 9."]
    assert "R1" in rules(holds)


def test_this_years_top_grade_is_not_that_of_last_year_again(tell: Tell) -> None:
    """The graduates have left, the seventh graders gone up, and a file lacks these."""
    _, found, holds = tell(graduate, used={(Kind.USER, Verb.REMOVE, "s2"): 10})
    assert not found.expected.any()
    assert "after 10 before" in found.void[0].why
    assert "R1" in rules(holds)


def test_a_disabled_graduate_is_known_by_the_directory(tell: Tell) -> None:
    def disable(sis: SmallSis) -> None:
        for student in in_grade(sis, "08"):
            sis.users[student]["enabledUser"] = "false"

    grades = dict.fromkeys(in_grade(graded_sis(), "08"), "08")
    _, found, holds = tell(disable, disabled=grades)
    assert found.expected.all()
    assert holds == []
    _, found, holds = tell(disable, disabled={})
    assert not found.expected.any()
    assert rules(holds) == {"R1"}


def test_a_second_promotion_is_not_announced(tell: Tell) -> None:
    def twice(sis: SmallSis) -> None:
        promote(sis, "s1")
        for student in sis.students("s1"):
            sis.users[student]["grades"] = LADDER.next(sis.users[student]["grades"]) or ""

    changeset, found, holds = tell(twice, update_percent=60)
    wrong = {i for kind, _, i in deviating(changeset, found) if kind is Kind.USER}
    assert wrong == {*in_grade(graded_sis(), "03"), *in_grade(graded_sis(), "04")}
    assert "R5" in rules(holds)
    again = {(Kind.USER, Verb.UPDATE, "s2"): 30}
    _, found, holds = tell(lambda sis: promote(sis, "s2"), used=again, update_percent=60)
    assert not found.expected.any()
    assert "R5" in rules(holds)


def test_who_moves_elsewhere_than_announced_deviates(tell: Tell) -> None:
    plan = replace(PLAN, moves=(SchoolMove("04", "s1", "s2"),), totals={})
    changeset, found, holds = tell(promote, plan)
    moved = {i for kind, _, i in deviating(changeset, found) if kind is Kind.USER}
    assert moved == set(in_grade(graded_sis(), "05"))
    assert {(h.rule, h.kind) for h in holds} >= {("R5", Kind.USER)}


def guardians_too(sis: SmallSis, *, others: int = 0) -> None:
    """The fifth grade moves on with its guardians; and so do those of some who stay."""
    movers = in_grade(sis, "05")
    promote(sis)
    stay = [student for student in sis.students("s1") if student not in movers]
    for student in (*movers, *stay[:others]):
        for guardian in sis.users[student]["agents"].split(","):
            sis.users[guardian]["orgs"] = "s2"


def test_guardians_move_with_their_children(tell: Tell) -> None:
    changeset, found, holds = tell(guardians_too, replace(PLAN, totals={}))
    assert deviating(changeset, found) == []
    assert holds == []


def test_guardians_of_nobody_who_moves_deviate(tell: Tell) -> None:
    """Nor do those who go another way than their children, or become somebody else on it."""

    def elsewhere(sis: SmallSis) -> None:
        guardians_too(sis, others=2)
        sis.users[others_way]["orgs"] = "s1"
        sis.users["g-s1-03"]["phone"] = "1"

    before = graded_sis()
    others_way = f"g-{in_grade(before, '05')[-1]}"
    before.users[others_way]["orgs"] = "s2"
    stay = [s for s in before.students("s1") if s not in in_grade(before, "05")]
    changeset, found, _ = tell(elsewhere, replace(PLAN, totals={}), before=before)
    wrong = {i for kind, _, i in deviating(changeset, found) if kind is Kind.USER}
    assert wrong == {*(f"g-{student}" for student in stay[:2]), others_way, "g-s1-03"}


def test_a_guardian_whose_link_is_new_moves_with_the_child(tell: Tell) -> None:
    def another(sis: SmallSis) -> None:
        sis.users[in_grade(sis, "05")[0]]["agents"] += ",g-s1-01"
        promote(sis)
        sis.users["g-s1-01"]["orgs"] = "s2"

    changeset, found, _ = tell(another, replace(PLAN, totals={}))
    assert (Kind.USER, Verb.UPDATE, "g-s1-01") not in deviating(changeset, found)


def test_another_field_beside_the_grade_deviates(tell: Tell) -> None:
    """A wrong school year renames everybody together with the roll-up."""

    def renamed(sis: SmallSis) -> None:
        graduate(sis)
        promote(sis)
        for student in sis.students():
            sis.users[student]["username"] += "27"

    _, _, holds = tell(renamed)
    assert [h.why for h in holds if h.rule == "R5" and "username" in h.why]


def test_more_new_students_than_announced_are_judged(tell: Tell) -> None:
    _, found, holds = tell(lambda sis: new_students(sis, 13), surge_floor=10, surge_percent=10)
    assert not found.expected.any()
    assert rules(holds) == {"R6"}
    _, found, holds = tell(
        lambda sis: new_students(sis, 12),
        replace(PLAN, totals={None: Total(60, 60)}),
        surge_floor=10,
        surge_percent=10,
    )
    assert found.expected.all()
    assert holds == []
    _, found, _ = tell(lambda sis: new_students(sis, 12), used={(Kind.USER, Verb.ADD, "s1"): 1})
    assert not found.expected.any()


def test_a_guardian_of_somebody_who_stays_is_not_expected_to_leave(tell: Tell) -> None:
    before = graded_sis()
    first, stays = in_grade(before, "08")[0], in_grade(before, "07")[0]
    before.users[stays]["agents"] += f",g-{first}"
    changeset, found, _ = tell(graduate, before=before)
    assert (Kind.USER, Verb.REMOVE, f"g-{first}") in deviating(changeset, found)
    assert len(deviating(changeset, found)) < 4


def cut_to(kept: int) -> Callable[[SmallSis], None]:
    """An enrollments file that was cut off, on the day of the rollover."""

    def cut(sis: SmallSis) -> None:
        new_classes(sis)
        for enrollment in list(sis.enrollments)[kept:]:
            del sis.enrollments[enrollment]

    return cut


def test_classes_without_a_single_seat_are_not_replaced(tell: Tell) -> None:
    _, found, holds = tell(cut_to(0))
    assert "R0" in rules(holds)
    assert any("enrollment" in void.why for void in found.void)


def test_nor_are_classes_with_a_few_seats_unless_they_end(tell: Tell) -> None:
    _, found, holds = tell(cut_to(3))
    assert rules(holds) & {"R0", "R1"}
    assert any("enrollment" in void.why for void in found.void)
    _, _, holds = tell(cut_to(3), replace(PLAN, classes=ClassFate.ENDED))
    assert holds == []


def test_seats_in_classes_that_stay_are_no_part_of_it(tell: Tell) -> None:
    def halved(sis: SmallSis) -> None:
        for enrollment in [e for e, r in sis.enrollments.items() if r["role"] == "student"][::2]:
            del sis.enrollments[enrollment]

    _, found, holds = tell(halved)
    assert not found.expected.any()
    assert "R1" in rules(holds)


def test_classes_are_replaced_once(tell: Tell) -> None:
    before = graded_sis()
    classes = len(before.classes) // 2
    used = {(Kind.CLASS, Verb.REMOVE, school): classes * 3 for school in ("s1", "s2")}
    _, found, holds = tell(new_classes, used=used)
    assert any("gone a second time" in void.why for void in found.void)
    assert "R1" in rules(holds) or "R0" in rules(holds)


@pytest.mark.parametrize("fate", [ClassFate.REPLACED, ClassFate.ENDED])
def test_no_more_classes_come_than_there_were(tell: Tell, fate: ClassFate) -> None:
    def grow(sis: SmallSis) -> None:
        for number in range(10):
            sis.classes[f"more-{number}"] = sis.classes["c-s1-1"] | {"title": f"More {number}"}

    plan = replace(PLAN, classes=fate)
    _, found, _ = tell(grow, plan)
    assert not found.expected.any()
    assert any("more of it comes than there was" in void.why for void in found.void)
    gone = {(Kind.CLASS, Verb.REMOVE, "s1"): 8}
    assert tell(grow, plan, used=gone)[1].expected.any()
    come = gone | {(Kind.CLASS, Verb.ADD, "s1"): 8}
    assert not tell(grow, plan, used=come)[1].expected.any()


def test_the_base_is_of_those_who_are_to_stay(tell: Tell) -> None:
    """Three of the thirty are one in ten only of all; of the twenty that stay they are more."""

    def and_three(sis: SmallSis) -> None:
        graduate(sis)
        for student in in_grade(sis, "06")[:3]:
            sis.drop_user(student)

    _, _, holds = tell(and_three, replace(PLAN, totals={}), removal_floor=2, removal_percent=12)
    assert {(h.kind, h.count, h.base) for h in holds if h.role} == {(Kind.USER, 3, 20)}


def test_a_total_outside_its_range_voids_the_school(tell: Tell) -> None:
    def and_more(sis: SmallSis) -> None:
        rolled_over(sis)
        for number in range(5):
            sis.add_student("s2", f"stray-{number}", grades="07")

    plan = replace(PLAN, totals={"s2": Total(25, 34)})
    _, found, holds = tell(and_more, plan)
    assert [void.why for void in found.void] == ["s2: 35 students, announced 25 to 34."]
    assert {hold.school for hold in holds if hold.school} == {"s2"}
    plan = replace(PLAN, totals={None: Total(50, 64)})
    changeset, found, _ = tell(and_more, plan)
    assert not found.expected.any()
    assert len(changeset.changes) > 300


def test_on_the_way_a_school_may_be_outside_its_range(tell: Tell) -> None:
    """The graduates leave on one day, and those who take their places come on another."""
    plan = replace(PLAN, totals={"s2": Total(30, 30), None: Total(60, 60)})
    _, found, holds = tell(graduate, plan)
    assert found.expected.all()
    assert holds == []


def test_a_school_emptied_without_announcement_is_held(tell: Tell) -> None:
    def closed(sis: SmallSis) -> None:
        rolled_over(sis)
        for student in [*sis.students("s1")]:
            sis.drop_user(student)

    _, _, holds = tell(closed, replace(PLAN, totals={}))
    assert rules(holds) & {"R0", "R1"}


def test_a_plan_excuses_no_rekey_and_nobody_privileged(tell: Tell) -> None:
    def rekeyed(sis: SmallSis) -> None:
        rolled_over(sis)
        for student in sis.students("s2"):
            sis.rekey(student, f"k-{student}")
            sis.users[f"k-{student}"]["grades"] = "03"

    _, _, holds = tell(rekeyed, replace(PLAN, entrants=(Entrants("03", 0, 100),), totals={}))
    assert "R4" in rules(holds)

    def a_principal_leaves(sis: SmallSis) -> None:
        rolled_over(sis)
        sis.drop_user("t-s1-1")

    before = graded_sis()
    before.users["t-s1-1"]["role"] = "principal"
    _, _, holds = tell(a_principal_leaves, before=before)
    assert "R7" in rules(holds)


def test_an_announced_student_may_be_protected(tell: Tell) -> None:
    [first, *_] = in_grade(graded_sis(), "08")
    _, _, holds = tell(graduate, privileged=frozenset({first}))
    assert [(hold.rule, hold.count) for hold in holds] == [("R7", 1)]


def test_a_plan_is_saved_and_read_again() -> None:
    assert ExpectedPlan.of_saved(PLAN.id, PLAN.starts, PLAN.ends, PLAN.saved()) == PLAN
