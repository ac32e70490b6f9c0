"""The steps that tick themselves: how each stands on what the data say."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rollbook.rollover import steps
from rollbook.rollover import year_steps as year
from rollbook.rollover.facts import Facts, YearFacts
from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.school_years import Witness, YearDates
from rollbook.rollover.season import Season
from rollbook.rollover.steps import Rule, Standing

DONE, OPEN, BLOCKED = Standing.DONE, Standing.OPEN, Standing.BLOCKED

TESTING = ("Testing", date(2026, 6, 1), date(2026, 6, 4))


def dates(year: int) -> YearDates:
    first, last = date(year - 1, 8, 18), date(year, 6, 5)
    return YearDates(year, first, last, Witness.SESSIONS, date(year, 4, 21))


YEAR = YearFacts(
    season=Season.CLOSING,
    dates=dates(2026),
    following=dates(2027),
    roll_up=RollUpState.NOT_YET,
    terms=(("Fall", date(2025, 8, 18)), ("Spring", date(2026, 1, 10))),
    named_years=frozenset({2026}),
)
ROLLED = replace(YEAR, roll_up=RollUpState.DONE, rolled_up=date(2026, 7, 1))

FACTS = Facts(
    today=date(2026, 6, 1),
    year=YEAR,
    source_type="oneroster-csv",
    students=1000,
    students_expected=1000,
    schools_without_enrollments=(),
    schools=3,
    classes=40,
    classes_without_teacher=0,
    open_holds=0,
    pauses=(),
    duplicates=0,
    run_state="APPLIED",
    run_message="12 changes applied.",
    run_findings=0,
    applied_runs=4,
)

IN_MAY, IN_JUNE = (replace(FACTS, today=date(2026, month, 20)) for month in (5, 6))
UNREAD = replace(FACTS, run_state="FETCH_FAILED", run_message="No answer.", run_read=False)
QUIET = replace(FACTS, run_state="NOOP", run_message="Nothing new has arrived.", run_read=False)


@pytest.mark.parametrize(
    ("rule", "facts", "standing", "evidence"),
    [
        (steps.source_read, FACTS, DONE, "has read it and has gone in"),
        (steps.source_read, replace(FACTS, run_state="HELD"), DONE, "waits for a decision"),
        (steps.source_read, replace(FACTS, run_state="CANCELLED", run_read=False), OPEN, "nothing"),
        (steps.source_read, QUIET, DONE, "Nothing new has arrived."),
        (steps.source_read, replace(FACTS, run_as_configured=False), OPEN, "has changed since"),
        (steps.source_read, replace(FACTS, run_state=None), OPEN, "no run yet"),
        (
            steps.source_read,
            replace(FACTS, run_state="INPUT_REFUSED", run_message="users.csv is empty."),
            BLOCKED,
            "users.csv is empty.",
        ),
        (steps.source_read, replace(FACTS, run_state="FETCH_FAILED"), BLOCKED, ""),
        (steps.first_run_applied, FACTS, DONE, "4 runs"),
        (steps.first_run_applied, replace(FACTS, applied_runs=0), OPEN, "nothing"),
        (
            steps.first_run_applied,
            replace(FACTS, applied_runs=0, open_holds=1),
            BLOCKED,
            "approval",
        ),
        (steps.last_sync_clean, FACTS, DONE, "has gone in, 0 rows"),
        (steps.last_sync_clean, replace(FACTS, run_state="NOOP"), DONE, "nothing to change"),
        (steps.last_sync_clean, replace(FACTS, run_state="HELD"), BLOCKED, "waits for a d"),
        (
            steps.last_sync_clean,
            replace(FACTS, run_state="FETCH_FAILED", run_message="No answer."),
            BLOCKED,
            "No answer.",
        ),
        (steps.last_sync_clean, replace(FACTS, run_findings=3), BLOCKED, "3 rows set aside"),
        (steps.last_sync_clean, replace(FACTS, run_state=None), OPEN, "no run yet"),
        (steps.no_findings, FACTS, DONE, "0 rows"),
        (steps.no_findings, replace(FACTS, run_findings=2), BLOCKED, "2 rows"),
        (steps.no_findings, replace(FACTS, run_state=None), OPEN, "no run yet"),
        (steps.no_findings, UNREAD, OPEN, "read nothing"),
        (steps.no_held_changes, FACTS, DONE, "no open holds"),
        (steps.no_held_changes, replace(FACTS, open_holds=2), BLOCKED, "2 holds wait"),
        (steps.no_duplicates, FACTS, DONE, "0"),
        (steps.no_duplicates, replace(FACTS, duplicates=4), OPEN, "4"),
        (steps.paused, FACTS, OPEN, "no pause"),
        (steps.paused, replace(FACTS, pauses=(("all", True),)), DONE, "paused: all"),
        (steps.paused, replace(FACTS, pauses=(("all", False),)), DONE, "planned: all"),
        (steps.not_paused, FACTS, DONE, "no pause in force"),
        (steps.not_paused, replace(FACTS, pauses=(("all", False),)), DONE, "no pause in force"),
        (steps.not_paused, replace(FACTS, pauses=(("all", True),)), BLOCKED, "paused: all"),
        (steps.students_as_expected, FACTS, DONE, "0.0 % apart"),
        (steps.students_as_expected, replace(FACTS, students=950), DONE, "5.0 % apart"),
        (steps.students_as_expected, replace(FACTS, students=949), BLOCKED, "5.1 % apart"),
        (steps.students_as_expected, replace(FACTS, students=1050), DONE, "5.0 % apart"),
        (steps.students_as_expected, replace(FACTS, students=1051), BLOCKED, "5.1 % apart"),
        (
            steps.students_as_expected,
            replace(FACTS, students_expected=None),
            BLOCKED,
            "expected.students",
        ),
        (steps.students_as_expected, replace(FACTS, students_expected=0), BLOCKED, ""),
        (steps.schools_enrolled, FACTS, DONE, "all 3 schools"),
        (steps.schools_enrolled, replace(FACTS, schools=0), OPEN, "no school"),
        (
            steps.schools_enrolled,
            replace(FACTS, schools_without_enrollments=("A", "B", "C", "D")),
            BLOCKED,
            "no enrollments at A, B, C and 1 more",
        ),
        (steps.classes_taught, FACTS, DONE, "0 of 40"),
        (steps.classes_taught, replace(FACTS, classes=0), OPEN, "no classes"),
        (steps.classes_taught, replace(FACTS, classes_without_teacher=2), OPEN, "2 of 40"),
    ],
)
def test_a_step_stands_as_the_data_say(
    rule: Rule, facts: Facts, standing: Standing, evidence: str
) -> None:
    verdict = rule(facts)
    assert verdict.standing is standing
    assert evidence in verdict.evidence


def in_year(today: date = date(2026, 6, 1), **year: Any) -> Facts:
    """The facts on a day, with another year."""
    return replace(FACTS, today=today, year=replace(YEAR, **year))


def rolled(today: date = date(2026, 7, 10), **year: Any) -> Facts:
    """The facts after a roll-up."""
    return replace(FACTS, today=today, year=replace(ROLLED, **year))


@pytest.mark.parametrize(
    ("rule", "facts", "standing", "evidence"),
    [
        (year.year_known, FACTS, DONE, "2025-26 lasts until 2026-06-05, by the sessions"),
        (
            year.year_known,
            in_year(dates=replace(dates(2026), witness=Witness.NOBODY)),
            OPEN,
            "the source sends no sessions of it",
        ),
        (year.year_over, FACTS, OPEN, "the last day is 2026-06-05"),
        (year.year_over, in_year(date(2026, 6, 6)), DONE, "the last day was"),
        (year.year_over, in_year(rolled_up=date(2026, 5, 20)), DONE, "is 2026-06-05, but the SIS"),
        (year.rolled_up, FACTS, OPEN, "not before the last day, 2026-06-05"),
        (year.rolled_up, in_year(date(2026, 7, 1)), BLOCKED, "the SIS has not rolled up"),
        (year.rolled_up, rolled(), DONE, "seen on 2026-07-01"),
        *[
            (year.rolled_up, in_year(roll_up=state, lagging=("West",)), BLOCKED, "West")
            for state in (RollUpState.PARTLY, RollUpState.TWICE, RollUpState.BACK)
        ],
        (year.rolled_up, in_year(roll_up=RollUpState.UNKNOWN), OPEN, "too few"),
        (year.new_sessions, in_year(date(2026, 7, 1), named_years=frozenset()), BLOCKED, "no ses"),
        (year.new_sessions, rolled(), BLOCKED, "the newest sessions are those of 2025-26"),
        (year.new_sessions, rolled(named_years=frozenset({2026, 2027})), DONE, "2026-27"),
        (year.enrolled_in_new_year, FACTS, OPEN, "after the roll-up"),
        (year.enrolled_in_new_year, rolled(unenrolled=("A", "B")), BLOCKED, "at A, B"),
        (year.enrolled_in_new_year, rolled(), DONE, "every school"),
        (year.grades_read, FACTS, DONE, "every grade"),
        (year.grades_read, in_year(unread=12), BLOCKED, "12 students are in grades"),
        (year.grades_read, in_year(season=None), OPEN, "nothing has been applied"),
        (year.planned, FACTS, OPEN, "no plan"),
        (year.planned, replace(FACTS, plan="north.x1, from …"), DONE, "north.x1"),
        (year.new_students, FACTS, OPEN, "after the roll-up"),
        (year.new_students, rolled(), BLOCKED, "entry grade is empty"),
        (year.new_students, rolled(entering=40), DONE, "40 students"),
        (year.scheduled, FACTS, OPEN, "no [schedule]"),
        (year.scheduled, replace(FACTS, scheduled=True), DONE, "schedule"),
        (year.term_known, in_year(terms=()), BLOCKED, "names a term"),
        (year.term_known, FACTS, DONE, "Spring began on 2026-01-10"),
        (year.term_known, in_year(date(2026, 1, 2)), DONE, "Spring begins on 2026-01-10"),
        (year.blackout_known, FACTS, OPEN, "no blackout"),
        (year.blackout_known, replace(FACTS, blackout=TESTING), DONE, "Testing: 2026-06-01"),
        (year.blackout_over, replace(FACTS, blackout=TESTING), OPEN, "lasts until 2026-06-04"),
        (year.blackout_over, replace(IN_MAY, blackout=TESTING), OPEN, "begins on 2026-06-01"),
        (year.blackout_over, replace(IN_JUNE, blackout=TESTING), DONE, "ended on 2026-06-04"),
        (year.blackout_over, replace(FACTS, pauses=(("all", True),)), OPEN, "paused: all"),
        (year.blackout_over, FACTS, OPEN, "no blackout is planned"),
        (
            year.everybody_known,
            replace(FACTS, rules=frozenset({"R4"}), users_gone=50, users_new=51),
            BLOCKED,
            "50 people would go and 51 come",
        ),
        (year.everybody_known, FACTS, DONE, "0 people gone"),
        (year.everybody_known, replace(FACTS, run_state=None), OPEN, "no run yet"),
        (year.everybody_known, UNREAD, OPEN, "read nothing"),
        (year.resting, FACTS, OPEN, "goes in by itself"),
        (year.resting, replace(FACTS, rules=frozenset({"R9"})), DONE, "review"),
        (year.resting, replace(FACTS, pauses=(("all", True),)), DONE, "paused"),
    ],
)
def test_a_step_of_the_year_stands_as_the_data_say(
    rule: Rule, facts: Facts, standing: Standing, evidence: str
) -> None:
    verdict = rule(facts)
    assert (verdict.standing, evidence in verdict.evidence) == (standing, True), verdict
