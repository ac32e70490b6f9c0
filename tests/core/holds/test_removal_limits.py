"""R1 and R2: at the limit, just below it and just above it, for each scope by itself."""

import pytest

from core.small_sis import small_sis
from rollbook.changes.changeset import Changeset
from rollbook.config.district import Thresholds
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, case, compared, raised, undecided


@pytest.mark.parametrize(("gone", "held"), [(4, False), (5, True), (6, True)])
def test_the_floor_of_a_small_school(reading: Reader, gone: int, held: bool) -> None:
    """10 % of 30 students are three: the floor of five decides."""
    before, after = small_sis(classes=0), small_sis(classes=0)
    after.drop_students("s1", gone)
    assert bool(raised(compared(reading, before, after))) is held


def test_what_leaves_with_people_counts_by_itself_where_they_are_too_few(reading: Reader) -> None:
    """Four students are below the floor; their eight of 63 enrollments are not."""
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 4)
    changeset = compared(reading, before, after)
    [hold] = raised(changeset)
    assert (hold.kind, hold.count, hold.base) == (Kind.ENROLLMENT, 8, 63)
    waiting = {changeset.changes[p].key for p in undecided(case(changeset))}
    assert {(Kind.USER, f"s1-0{number}") for number in (1, 2, 3, 4)} <= waiting


@pytest.mark.parametrize(("gone", "held"), [(5, False), (6, True), (7, True)])
def test_the_percentage_of_a_bigger_school(reading: Reader, gone: int, held: bool) -> None:
    before = small_sis(schools=1, students=60)
    after = before.copy()
    after.drop_students("s1", gone)
    holds = raised(compared(reading, before, after))
    assert [(h.rule, h.count, h.base) for h in holds] == ([("R1", gone, 60)] if held else [])


@pytest.mark.parametrize(("gone", "held"), [(11, False), (12, True)])
def test_a_percentage_with_a_fraction(reading: Reader, gone: int, held: bool) -> None:
    before = small_sis(schools=1, students=80)
    after = before.copy()
    after.drop_students("s1", gone)
    holds = raised(compared(reading, before, after), removal_percent=14.5)
    assert bool(holds) is held


@pytest.mark.parametrize(("cap", "held"), [(5, False), (4, True), (3, True)])
def test_the_cap_on_people_counts_the_whole_district(reading: Reader, cap: int, held: bool) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 2)
    after.drop_students("s2", 2)
    holds = raised(compared(reading, before, after), removal_cap_user=cap)
    expected = [("R2", None, 4, 126)] if held else []
    assert [(h.rule, h.school, h.count, h.base) for h in holds] == expected


@pytest.mark.parametrize(("cap", "held"), [(5, False), (4, True)])
def test_the_cap_on_enrollments(reading: Reader, cap: int, held: bool) -> None:
    before, after = small_sis(), small_sis()
    for enrollment in list(after.enrollments)[3:7]:
        del after.enrollments[enrollment]
    holds = raised(compared(reading, before, after), removal_cap_enrollment=cap)
    assert [(h.rule, h.kind, h.count) for h in holds] == (
        [("R2", Kind.ENROLLMENT, 4)] if held else []
    )


def test_each_school_is_judged_by_itself(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 6)
    after.drop_students("s2", 3)
    [hold] = raised(compared(reading, before, after), removal_percent=20)
    assert (hold.school, hold.role, hold.count, hold.base) == ("s1", RoleGroup.STUDENT, 6, 30)
    assert hold.percent == 20


def test_two_schools_that_trip_are_two_decisions(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 6)
    after.drop_students("s2", 7)
    holds = raised(compared(reading, before, after))
    assert [(h.school, h.count) for h in holds] == [("s1", 6), ("s2", 7)]
    assert not holds[0].positions & holds[1].positions


def test_teachers_do_not_hide_among_students(reading: Reader) -> None:
    before = small_sis(schools=1, students=100, classes=8)
    after = before.copy()
    for number in range(1, 6):
        after.drop_user(f"t-s1-{number}")
    changeset = compared(reading, before, after)
    [hold] = raised(changeset)
    assert (hold.rule, hold.role, hold.count, hold.base) == ("R1", RoleGroup.STAFF, 5, 8)


def test_a_few_at_each_school_are_held_together_as_the_rest(reading: Reader) -> None:
    """No school reaches its limit, the district does: its hold has what no other hold has."""
    before = small_sis(schools=4, students=20)
    after = before.copy()
    for number in range(1, 5):
        after.drop_students(f"s{number}", 3)
    [hold] = raised(compared(reading, before, after))
    assert (hold.school, hold.role, hold.count, hold.base) == (None, RoleGroup.STUDENT, 12, 80)


def test_the_district_holds_what_the_schools_do_not(reading: Reader) -> None:
    before = small_sis(schools=4, students=20)
    after = before.copy()
    after.drop_students("s1", 8)
    for number in (2, 3, 4):
        after.drop_students(f"s{number}", 3)
    first, rest = raised(compared(reading, before, after))
    assert (first.school, first.count) == ("s1", 8)
    assert (rest.school, rest.count) == (None, 9)
    assert "8 of them wait in other holds" in rest.why
    assert "17 of 80" in rest.why


def test_one_cause_in_most_schools_is_one_decision(reading: Reader) -> None:
    before = small_sis(schools=4, students=20)
    after = before.copy()
    for number in (1, 2, 3):
        after.drop_students(f"s{number}", 6)
    [hold] = raised(compared(reading, before, after))
    assert (hold.school, hold.count) == (None, 18)


def test_twelve_students_and_all_that_leaves_with_them_are_one_decision(reading: Reader) -> None:
    before, after = small_sis(students=60), small_sis(students=60)
    gone = after.drop_students("s1", 12)
    for student in gone:
        after.drop_user(f"g-{student}")
    changeset = compared(reading, before, after)
    students = [h for h in raised(changeset) if h.role is RoleGroup.STUDENT]
    assert [(h.rule, h.school, h.count, h.base) for h in students] == [("R1", "s1", 12, 60)]
    judged = case(changeset)
    waiting = {changeset.changes[p].key for p in undecided(judged)}
    for student in gone:
        assert {(Kind.USER, student), (Kind.DEMOGRAPHICS, student)} <= waiting
    kinds = {kind for kind, _ in waiting}
    assert kinds == {Kind.USER, Kind.ROLE, Kind.ENROLLMENT, Kind.GUARDIAN, Kind.DEMOGRAPHICS}
    assert all(change.verb is Verb.REMOVE for change in changeset.changes)


def test_students_alone_are_held_once_for_all_kinds(reading: Reader) -> None:
    """12 students of a school take 24 enrollments along: more than a tenth, no hold of their own"""
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 12)
    [hold] = raised(compared(reading, before, after))
    assert (hold.kind, hold.count) == (Kind.USER, 12)


def test_who_only_changes_schools_is_not_removed(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in after.students("s1")[:10]:
        after.move_student(student, "s2", ("c-s2-1",))
    holds = raised(compared(reading, before, after))
    lost = {hold.kind for hold in holds if hold.rule != "R5"}
    assert lost <= {Kind.ENROLLMENT}


def test_additions_and_changes_trip_no_limit_of_removals(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for number in range(40):
        after.add_student("s1", f"new-{number:02}", classes=("c-s1-1",))
    for student in before.students():
        after.users[student]["email"] = f"{student}@other.example.org"
    holds = raised(compared(reading, before, after), surge_floor=1000)
    assert {hold.rule for hold in holds} == {"R5"}


def test_the_words_name_numbers_scope_and_limit(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 12)
    [hold] = raised(compared(reading, before, after))
    assert hold.why == (
        "12 of 30 (40.0 %) students of Lincoln would be removed; the limit is 10 %, from 5 up."
    )
    [hold] = raised(compared(reading, before, after), removal_percent=100, removal_cap_user=12)
    assert "the limit is 12 people a run" in hold.why


def test_the_defaults_are_those_of_the_table() -> None:
    limits = Thresholds()
    assert (limits.removal_floor, limits.removal_percent) == (5, 10)
    assert (limits.removal_cap_user, limits.removal_cap_enrollment) == (250, 2500)
    assert (limits.surge_floor, limits.surge_percent) == (50, 50)
    assert (limits.rejected_percent, limits.shrink_percent) == (1, 30)
    assert limits.review_after_pause_days == 7


def in_three_of_five_schools(read: Reader) -> Changeset:
    """12 % of three schools' students leave, none of the fourth's, and one of the fifth's."""
    before = small_sis(schools=5, students=50)
    after = before.copy()
    for school in ("s1", "s2", "s3"):
        after.drop_students(school, 6)
    after.drop_students("s5", 1)
    return compared(read, before, after)


def test_most_schools_are_one_decision_where_the_district_is_below_its_limit(
    reading: Reader,
) -> None:
    """19 of 250 are 7.6 %. Who leaves the fifth school, where nothing is unusual, does not wait."""
    changeset = in_three_of_five_schools(reading)
    [hold] = raised(changeset)
    assert (hold.rule, hold.school, hold.role) == ("R1", None, RoleGroup.STUDENT)
    assert (hold.count, hold.base, hold.approvers) == (18, 250, 1)
    assert "3 of 5 schools are over it" in hold.why
    waiting = {changeset.changes[p].key for p in undecided(case(changeset))}
    assert (Kind.USER, "s3-01") in waiting
    assert (Kind.USER, "s5-01") not in waiting


def test_where_one_of_most_schools_loses_half_two_people_decide(reading: Reader) -> None:
    """50 of 550 are 9.1 %, but half of the first school."""
    before = small_sis(schools=11, students=50)
    after = before.copy()
    after.drop_students("s1", 25)
    for number in range(2, 7):
        after.drop_students(f"s{number}", 5)
    [hold] = raised(compared(reading, before, after))
    assert (hold.school, hold.count, hold.approvers) == (None, 50, 2)


def test_half_of_the_schools_are_not_most(reading: Reader) -> None:
    before = small_sis(schools=6, students=50)
    after = before.copy()
    for school in ("s1", "s2", "s3"):
        after.drop_students(school, 6)
    holds = raised(compared(reading, before, after))
    assert [h.school for h in holds] == ["s1", "s2", "s3"]


@pytest.mark.parametrize(("schools", "held"), [(9, 9), (10, 1)])
def test_ten_schools_are_one_decision_however_many_there_are(
    reading: Reader, schools: int, held: int
) -> None:
    """At a rollover every high school loses its seniors, and most schools are no high schools."""
    before = small_sis(schools=24, students=50)
    after = before.copy()
    for number in range(1, schools + 1):
        after.drop_students(f"s{number}", 6)
    holds = raised(compared(reading, before, after))
    assert len(holds) == held
    assert sum(hold.count for hold in holds) == 6 * schools
