"""While the SIS promotes its students."""

from __future__ import annotations

from rollbook.rollover import year_steps
from rollbook.rollover.checklist import FILES, Checklist, Family, Step
from rollbook.rollover.periods import calendar_year, in_seasons
from rollbook.rollover.season import Season
from rollbook.rollover.walks.shared_steps import GRADES_READ, NO_HOLDS

ROLL_UP = Checklist(
    "roll-up",
    "Roll-up",
    "While the SIS promotes everybody: wait for the whole of it, and let nothing else through.",
    (
        Step(
            "year-over",
            "The last day of school has gone by",
            "Before it, promoted students are held (C3): their classes are still this year's.",
            year_steps.year_over,
        ),
        Step(
            "announced",
            "Whoever runs the SIS has said when it rolls up",
            "The day, whether school by school, and when enrollments follow: write it in the note.",
            more={
                Family.CLEVER: "Clever holds a sync in which most records change: the district's "
                "own team has to approve it there first.",
                Family.CLASSLINK: "OneSync asks as well when many change: know who answers it.",
            },
        ),
        Step(
            "copy",
            "The last files before it are kept",
            "They are what a wrong roll-up is compared with.",
            only=FILES,
        ),
        Step(
            "plan",
            "What it will change is announced here",
            "`rollbook plan add`: graduates, one grade up, moves between schools, new entry grade.",
            year_steps.planned,
        ),
        Step(
            "rolled-up",
            "The SIS has rolled up",
            "Too early, and every student is renamed from a wrong graduation year. `rollbook "
            "rollup ID` shows the numbers, school by school.",
            year_steps.rolled_up,
        ),
        Step(
            "new-sessions",
            "The sessions of the new year are there",
            "Without them nobody can tell this year's classes from last year's.",
            year_steps.new_sessions,
            more={
                Family.CLEVER: "Clever makes them of the terms of sections: they come with the "
                "first new section."
            },
        ),
        GRADES_READ,
        Step(
            "entry-grade",
            "The new entry grade has come",
            "Kindergarten in an elementary district, grade 9 in a high-school district.",
            year_steps.new_students,
        ),
        NO_HOLDS,
        Step(
            "graduates-left",
            "Graduates are where they should be",
            "Left, or kept until a date: look three of them up.",
        ),
    ),
    calendar_year,
    in_seasons(Season.SUMMER, Season.WAITING_FOR_ROLL_UP),
)
