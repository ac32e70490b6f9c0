"""The steps that tick themselves: how each stands on what the data say."""

from dataclasses import replace
from datetime import date

import pytest

from rollbook.rollover import steps
from rollbook.rollover.facts import Facts, Session
from rollbook.rollover.steps import Rule, Standing

DONE, OPEN, BLOCKED = Standing.DONE, Standing.OPEN, Standing.BLOCKED


def session(title: str, year: str, starts: str, ends: str) -> Session:
    return Session(title, year, date.fromisoformat(starts), date.fromisoformat(ends))


OLD = session("2025-2026", "2026", "2025-08-18", "2026-06-06")
NEW = session("2026-2027", "2027", "2026-08-17", "2027-06-05")

FACTS = Facts(
    today=date(2026, 6, 1),
    sessions=(OLD,),
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


@pytest.mark.parametrize(
    ("rule", "facts", "standing", "evidence"),
    [
        (steps.source_read, FACTS, DONE, "APPLIED"),
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
        (steps.last_sync_clean, FACTS, DONE, "APPLIED, 0 rows"),
        (steps.last_sync_clean, replace(FACTS, run_state="NOOP"), DONE, "NOOP"),
        (steps.last_sync_clean, replace(FACTS, run_state="HELD"), BLOCKED, "HELD"),
        (steps.last_sync_clean, replace(FACTS, run_findings=3), BLOCKED, "3 rows set aside"),
        (steps.last_sync_clean, replace(FACTS, run_state=None), OPEN, "no run yet"),
        (steps.no_findings, FACTS, DONE, "0 rows"),
        (steps.no_findings, replace(FACTS, run_findings=2), BLOCKED, "2 rows"),
        (steps.no_findings, replace(FACTS, run_state=None), OPEN, "no run yet"),
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
        (steps.year_known, FACTS, DONE, "school year 2026, last day 2026-06-05"),
        (steps.year_known, replace(FACTS, sessions=()), OPEN, "no sessions"),
        (steps.year_known, replace(FACTS, today=date(2026, 10, 3)), DONE, ""),
        (steps.year_known, replace(FACTS, today=date(2026, 10, 4)), OPEN, ""),
        (steps.rolled_up, replace(FACTS, sessions=()), BLOCKED, "no sessions"),
        (steps.rolled_up, replace(FACTS, today=date(2026, 6, 6)), BLOCKED, "not rolled up"),
        (
            steps.rolled_up,
            replace(FACTS, today=date(2026, 8, 1), sessions=(OLD, NEW)),
            DONE,
            "school year 2027",
        ),
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


def test_the_newest_school_year_counts() -> None:
    both = replace(FACTS, sessions=(NEW, OLD))
    assert both.school_year == "2027"
    assert both.last_day == NEW.ends
