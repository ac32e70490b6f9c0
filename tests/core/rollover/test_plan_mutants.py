"""What keeps a plan from excusing more than it announced, broken on purpose, is caught."""

from collections.abc import Callable

import pytest

from core.mutation import Mutant
from core.rollover import test_expected_split as splits
from core.rollover.splitting import Tell

_SPLIT = "rollbook.rollover.expected_split:_Splitting"
_PEOPLE = "rollbook.rollover.expected_people"

MUTANTS: dict[str, tuple[Mutant, Callable[[Tell], None]]] = {
    "the number of graduates": (
        Mutant(f"{_SPLIT}._within", "before + now > most", "False"),
        splits.test_more_graduates_than_announced_void_all_of_them,
    ),
    "the graduates of before": (
        Mutant(f"{_SPLIT}._within", "before + now > most", "now > most"),
        splits.test_this_years_top_grade_is_not_that_of_last_year_again,
    ),
    "going up once": (
        Mutant(f"{_SPLIT}._rising_once", "not _enough(before + now, there)", "False"),
        splits.test_a_second_promotion_is_not_announced,
    ),
    "going up one": (
        Mutant(f"{_PEOPLE}:_one_up", "ladder.next(was) == will_be", "True"),
        splits.test_a_second_promotion_is_not_announced,
    ),
    "the announced school": (
        Mutant(f"{_PEOPLE}:_rising", "(grade, origin, destination) in moves", "True"),
        splits.test_who_moves_elsewhere_than_announced_deviates,
    ),
    "no other field": (
        Mutant(f"{_PEOPLE}:_rising", "and shape.touched <= _ROLLED", ""),
        splits.test_another_field_beside_the_grade_deviates,
    ),
    "the grade of leavers": (
        Mutant(f"{_PEOPLE}:_Lines.of", "self._numbers.get((grade, None), -1)", "0"),
        splits.test_nobody_of_another_grade_is_a_graduate,
    ),
    "guardians of who stays": (
        Mutant(
            "rollbook.rollover.expected_belongings:_families",
            " & ~np.isin(ids, guardians[~theirs])",
            "",
        ),
        splits.test_a_guardian_of_somebody_who_stays_is_not_expected_to_leave,
    ),
    "guardians of others": (
        Mutant(
            "rollbook.rollover.expected_belongings:guardians_moving",
            "known = (child >= 0) & (own >= 0)",
            "known = own >= 0",
        ),
        splits.test_guardians_of_nobody_who_moves_deviate,
    ),
    "the way of guardians": (
        Mutant(
            "rollbook.rollover.expected_belongings:guardians_moving",
            "ways[child] == own_ways[own]",
            "own >= 0",
        ),
        splits.test_guardians_of_nobody_who_moves_deviate,
    ),
    "successors of classes": (
        Mutant("rollbook.rollover.expected_classes:not_succeeded", "coming < wanted", "coming < 0"),
        splits.test_classes_without_a_single_seat_are_not_replaced,
    ),
    "classes replaced once": (
        Mutant(
            f"{_SPLIT}._replaced_again",
            "if before and not _enough(before + int(now[code]), live):",
            "if False:",
        ),
        splits.test_classes_are_replaced_once,
    ),
    "totals": (
        Mutant(f"{_SPLIT}.outside_totals", "if not below and not above:", "if True:"),
        splits.test_a_total_outside_its_range_voids_the_school,
    ),
    "the base of those who stay": (
        Mutant("rollbook.holds.removals:as_announced", " - (len(places) - len(stray))", ""),
        splits.test_the_base_is_of_those_who_are_to_stay,
    ),
    "privileged people": (
        Mutant("rollbook.holds.privileged:_suspects", "case.unpaused()", "case.deviating()"),
        splits.test_an_announced_student_may_be_protected,
    ),
}


@pytest.mark.parametrize("guard", MUTANTS)
def test_the_guard_broken_is_caught(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    mutant, check = MUTANTS[guard]
    mutant.put_in(monkeypatch)
    with pytest.raises(AssertionError):
        check(tell)
