"""The roll-up detector: what it says of districts whose truth is known."""

from __future__ import annotations

from collections import Counter

import pytest

from roll_ups.measure import measured
from rollbook.rollover.roll_up import RollUp, RollUpState, detect
from rollbook.roster.grade_ladder import ladder
from rollbook.roster.grade_moves import Moves, Place

HERE = "lincoln"


def moved(*lines: tuple[str, str, int], school: str = HERE) -> Moves:
    """Students by their grade of before and of now; a blank one of now is gone."""
    found: Counter[tuple[Place | None, Place | None]] = Counter()
    for before, now, number in lines:
        found[Place(school, before), Place(school, now) if now else None] += number
    return found


def seen(*moves: Moves, seniors: int = 40) -> RollUp:
    """What is found where these students moved, and so many seniors left another school."""
    together: Counter[tuple[Place | None, Place | None]] = Counter()
    if seniors:
        together[Place("seniors", "12"), None] = seniors
    for some in moves:
        together.update(some)
    return detect(together, ladder())


def test_on_generated_years_it_is_hardly_ever_wrong() -> None:
    errors = measured(range(240))
    assert errors.rate(errors.districts) <= 0.01
    assert errors.rate(errors.schools) <= 0.02
    assert errors.schools.total() > 1000
    assert {true for true, _ in errors.districts} == set(RollUpState) - {RollUpState.UNKNOWN}


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([("09", "09", 30), ("10", "11", 1), ("11", "11", 28)], RollUpState.NOT_YET),
        ([("09", "10", 30), ("10", "11", 28), ("11", "12", 25)], RollUpState.DONE),
        ([("09", "09", 4), ("09", "10", 26), ("10", "11", 28)], RollUpState.DONE),
        ([("09", "10", 15), ("09", "09", 15), ("10", "11", 15), ("10", "10", 15)], "partly"),
        ([("09", "11", 30), ("10", "12", 28)], RollUpState.TWICE),
        ([("09", "08", 30), ("10", "09", 28)], RollUpState.BACK),
        ([("09", "UG", 30), ("10", "grade 11", 28)], RollUpState.UNKNOWN),
    ],
)
def test_states(lines: list[tuple[str, str, int]], state: str) -> None:
    found = seen(moved(*lines))
    assert found.state == state
    assert found.schools[0].state == state


@pytest.mark.parametrize("kept", ["12", "13", "PS", "graduated", ""])
def test_graduates_tell_nothing_kept_or_gone(kept: str) -> None:
    seniors = moved(("12", kept, 500))
    young = moved(("11", "12", 20), ("10", "11", 20))
    assert seen(young, seniors).state is RollUpState.DONE
    assert seen(moved(("11", "11", 20)), seniors).state is RollUpState.NOT_YET


def test_graduates_of_a_district_that_ends_with_grade_8_may_stay_in_the_file() -> None:
    found = seen(moved(("07", "08", 40), ("08", "08", 40)), seniors=0)
    assert (found.seen.top, found.state) == ("08", RollUpState.DONE)
    assert found.evidence.finished == 40


def test_a_grade_left_out_makes_its_school_partly() -> None:
    found = seen(moved(("03", "04", 40), ("04", "05", 40), ("02", "02", 12)))
    school = found.schools[0]
    assert (school.state, school.behind) == (RollUpState.PARTLY, ("02",))


def test_schools_that_are_not_there_yet_are_named() -> None:
    done, not_yet = moved(("03", "04", 40)), moved(("06", "06", 50), school="west")
    found = seen(done, not_yet)
    assert found.state is RollUpState.PARTLY
    assert [school.school for school in found.of(RollUpState.NOT_YET)] == ["west"]
    assert [school.school for school in found.of(RollUpState.DONE)] == [HERE]


def test_a_school_counts_by_where_its_students_were_though_it_has_closed() -> None:
    closed: Moves = {(Place("closed", "03"), Place("new", "04")): 30}
    found = seen(closed)
    assert (found.schools[0].school, found.state) == ("closed", RollUpState.DONE)
    merged: Moves = {(Place("closed", "03"), Place("new", "03")): 30}
    assert seen(merged).state is RollUpState.NOT_YET


def test_a_summer_school_waits_and_keeps_nobody_from_being_done() -> None:
    summer: Moves = {(Place(HERE, "09"), Place("summer", "09")): 20}
    found = seen(moved(("09", "10", 30), ("10", "11", 30)), summer)
    assert (found.state, dict(found.seen.apart)) == (RollUpState.DONE, {"summer": 20})
    before = seen(moved(("09", "09", 30), ("10", "10", 30)), summer)
    assert (before.state, dict(before.seen.apart)) == (RollUpState.NOT_YET, {})


def test_a_few_students_tell_nothing_of_their_school() -> None:
    many, few = moved(("09", "10", 90)), moved(("09", "09", 3), school="tiny")
    found = seen(many, few)
    assert found.state is RollUpState.DONE
    assert "tiny" in [school.school for school in found.of(RollUpState.UNKNOWN)]
    assert seen(few).state is RollUpState.NOT_YET


def test_one_small_school_of_repeaters_keeps_no_district_from_being_done() -> None:
    alternative = moved(("09", "10", 10), ("09", "09", 9), school="alternative")
    found = seen(moved(("09", "10", 400)), alternative)
    assert found.state is RollUpState.DONE
    assert found.of(RollUpState.PARTLY)[0].school == "alternative"
    large = moved(("09", "10", 100), ("09", "09", 90), school="alternative")
    assert seen(moved(("09", "10", 4000)), large, seniors=400).state is RollUpState.PARTLY


def test_preschool_lasts_as_long_as_it_lasts() -> None:
    found = seen(moved(("PK", "PK", 40), ("KG", "01", 20)))
    assert found.state is RollUpState.DONE
    assert found.evidence.unread == 40


def test_new_students_and_grades_nobody_knows_are_counted() -> None:
    arriving: Moves = {(None, Place(HERE, "KG")): 25, (Place(HERE, "0"), Place(HERE, "1")): 7}
    found = seen(moved(("09", "10", 30)), arriving)
    assert dict(found.seen.entering) == {"KG": 25}
    assert dict(found.seen.unread) == {"0": 7}
