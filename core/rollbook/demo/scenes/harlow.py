"""Harlow: in the middle of its rollover. Grades are up, classes are new, holds are open."""

from __future__ import annotations

from datetime import timedelta

from rollbook.config.accounts import AccountPolicy, Accounts, Leaving
from rollbook.demo.days import next_day
from rollbook.demo.founding import make_district
from rollbook.demo.stage import Place, Scene, Stage
from rollbook.demo.years import roll_up
from rollbook.desk.pausing import pause, resume
from rollbook.desk.plans import add_plan, suggested_plan

STUDENTS = AccountPolicy(
    username=("{given.1}{family}{grad.2}", "{given.1}{middle.1}{family}{grad.2}"),
    email=("{username}@students.harlow.example",),
    ou="/Students/{school_name}/{grad}",
    groups=("class-of-{grad}",),
    left=Leaving(suspend_after=0, delete_after=90),
    graduated=Leaving(suspend_after="09-01", delete_after=90),
)
STAFF = AccountPolicy(
    username=("{given.1}{family}",),
    email=("{username}@harlow.example",),
    ou="/Staff/{school_name}",
)
STAFF_BY_FULL_NAME = STAFF.model_copy(update={"username": ("{given}.{family}",)})
"""What the summer's meeting decided; nobody has thought of those who have an account already."""


def harlow(stage: Stage) -> Scene:
    """Spring, a summer's pause, and the first file of the new year, two weeks before school."""
    name = "Harlow ISD"
    place = Place(stage, "harlow", name, "America/Denver")
    next_first_day = stage.monday(16)
    first_day = next_first_day - timedelta(days=364)
    district = make_district(stage.seed, name, schools=4, students=240, first_day=first_day)
    last_day = max(session.end for session in district.sessions) - timedelta(days=1)
    summer = (last_day - stage.today).days
    yield stage.at(summer - 40, "09:30")
    place.open("b.whitehorse", district)
    place.name_accounts(Accounts(student=STUDENTS, staff=STAFF))
    place.sync("b.whitehorse")
    yield stage.at(summer - 40, "09:52")
    place.approve("b.whitehorse", "First sync; the counts are the district office's.")
    yield stage.at(summer - 12, "04:10")
    district = next_day(district, days=28)
    place.receive(district)
    place.sync()
    yield stage.at(summer - 4, "11:20")
    place.tick("b.whitehorse", "end-of-year", "grading", "All grades are in, says Ms. Ortega.")
    place.tick(
        "b.whitehorse",
        "end-of-year",
        "graduates",
        "Their accounts end on 1 September: it is in the account policy.",
    )
    paused = pause(
        place.as_operator("b.whitehorse"),
        place.id,
        preset="summer",
        starts=last_day - timedelta(days=2),
        reason="Summer, until the new sections are in the SIS.",
    )
    yield stage.at(-1, "16:45")
    district = roll_up(district)
    place.expect(len(district.students) - 6)
    place.name_accounts(Accounts(student=STUDENTS, staff=STAFF_BY_FULL_NAME))
    resume(place.as_operator("b.whitehorse"), paused.id)
    yield stage.at(0, "03:40")
    place.receive(district)
    place.sync()
    yield stage.at(0, "04:50")
    place.tick(
        "j.moreau", "back-to-school", "previewed", "Read out to all four offices; they agree."
    )
    place.approve(
        "j.moreau",
        "The roll-up we announced. New classes and grades go in; last year's wait for Bea.",
        rules=("R5", "R6", "R9"),
    )
    yield stage.at(0, "05:10")
    place.approve("k.lund", "One grade up everywhere; looked up five in each.", rules=("R5",))
    yield stage.at(0, "05:25")
    place.schedule("04:30", "12:30", "18:00")
    desk, ends = place.as_operator("b.whitehorse"), stage.today + timedelta(days=28)
    draft = suggested_plan(desk, place.id, stage.today, ends)
    add_plan(desk, place.id, draft, reason="What is left of the rollover: graduates, old classes.")
