"""The steps that the school year ticks: dates, roll-up, enrollments, plans and pauses of it."""

from __future__ import annotations

from datetime import timedelta

from rollbook.rollover.facts import Facts
from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.school_years import Witness, year_words
from rollbook.rollover.season import named
from rollbook.rollover.steps import Standing, Verdict

SOON = timedelta(days=30)
"""Before a term begins, from which on its sessions and classes are looked for."""


def year_known(facts: Facts) -> Verdict:
    """Somebody says when the school year is."""
    dates = facts.year.dates
    said = f"{year_words(dates.school_year)} lasts until {dates.last_day}"
    match dates.witness:
        case Witness.CALENDAR:
            return Verdict(Standing.DONE, f"{said}, by the district's calendar")
        case Witness.SESSIONS:
            return Verdict(Standing.DONE, f"{said}, by the sessions of the source")
    return Verdict(
        Standing.OPEN, f"{said}, if it is like other years: the source sends no sessions of it"
    )


def year_over(facts: Facts) -> Verdict:
    """The last day of school has gone by."""
    last = facts.year.dates.last_day
    if facts.today > last or facts.year.rolled_up is not None:
        was = "was" if facts.today > last else "is"
        early = "" if facts.today > last else ", but the SIS has rolled up"
        return Verdict(Standing.DONE, f"the last day {was} {last}{early}")
    return Verdict(Standing.OPEN, f"the last day is {last}")


def rolled_up(facts: Facts) -> Verdict:
    """The detector says that the SIS has rolled up."""
    year = facts.year
    match year.roll_up:
        case RollUpState.DONE:
            on = f" on {year.rolled_up}" if year.rolled_up else ""
            return Verdict(Standing.DONE, f"everyone is one grade up; seen{on}")
        case RollUpState.PARTLY:
            return Verdict(Standing.BLOCKED, f"not all of it: {named(year.lagging)}")
        case RollUpState.TWICE:
            return Verdict(Standing.BLOCKED, f"rolled up twice: {named(year.lagging)}")
        case RollUpState.BACK:
            return Verdict(Standing.BLOCKED, f"taken back: {named(year.lagging)}")
        case RollUpState.UNKNOWN:
            return Verdict(Standing.OPEN, "the grades of too few students tell")
    if facts.today <= year.dates.last_day:
        return Verdict(Standing.OPEN, f"not before the last day, {year.dates.last_day}")
    return Verdict(
        Standing.BLOCKED,
        f"the SIS has not rolled up: the grades are those of {year_words(year.dates.school_year)}",
    )


def new_sessions(facts: Facts) -> Verdict:
    """The source names the year to come, or just begun."""
    wanted = facts.year.following.school_year
    if facts.year.roll_up is not RollUpState.DONE and facts.today < facts.year.dates.roll_up_from:
        wanted = facts.year.dates.school_year
    if not facts.year.named_years:
        return Verdict(Standing.BLOCKED, "the source sends no sessions")
    if wanted in facts.year.named_years:
        return Verdict(Standing.DONE, f"sessions of {year_words(wanted)} are there")
    newest = max(facts.year.named_years)
    return Verdict(Standing.BLOCKED, f"the newest sessions are those of {year_words(newest)}")


def enrolled_in_new_year(facts: Facts) -> Verdict:
    """Every school has students in classes of the year to come."""
    year = facts.year
    if year.roll_up is not RollUpState.DONE and facts.today >= year.dates.first_day:
        return Verdict(Standing.OPEN, "comes after the roll-up")
    if year.unenrolled:
        return Verdict(Standing.BLOCKED, f"nobody is in a class yet at {named(year.unenrolled)}")
    return Verdict(Standing.DONE, "every school has students in classes of the new year")


def grades_read(facts: Facts) -> Verdict:
    """Every student's grade is one that the ladder knows."""
    if facts.year.season is None:
        return Verdict(Standing.OPEN, "nothing has been applied yet")
    if facts.year.unread:
        return Verdict(
            Standing.BLOCKED,
            f"{facts.year.unread:,} students are in grades that nobody can read: `rollbook rollup` "
            "lists them, [grades] in the district's file says what they mean",
        )
    return Verdict(Standing.DONE, "every grade is known")


def planned(facts: Facts) -> Verdict:
    """What the rollover changes has been announced."""
    if facts.plan:
        return Verdict(Standing.DONE, facts.plan)
    return Verdict(Standing.OPEN, "no plan is in force or agreed for later")


def new_students(facts: Facts) -> Verdict:
    """New students have come with the roll-up."""
    if facts.year.roll_up is not RollUpState.DONE:
        return Verdict(Standing.OPEN, "comes after the roll-up")
    entering = facts.year.entering
    if entering:
        return Verdict(Standing.DONE, f"{entering:,} students were not there last year")
    return Verdict(Standing.BLOCKED, "nobody new: the entry grade is empty")


def scheduled(facts: Facts) -> Verdict:
    """The source is read by itself."""
    if facts.scheduled:
        return Verdict(Standing.DONE, "read by a schedule, see `rollbook schedule`")
    return Verdict(Standing.OPEN, "no [schedule] in the district's file")


def term_known(facts: Facts) -> Verdict:
    """The term that comes next has a name and a first day."""
    if facts.term is None:
        return Verdict(Standing.BLOCKED, "neither the calendar nor the source names a term")
    name, first_day = facts.term
    begins = "begins" if first_day >= facts.today else "began"
    return Verdict(Standing.DONE, f"{name} {begins} on {first_day}")


def blackout_known(facts: Facts) -> Verdict:
    """The blackout that comes next is in the calendar."""
    if facts.blackout is None:
        return Verdict(Standing.OPEN, "no blackout to come in [calendar] of the district's file")
    name, starts, ends = facts.blackout
    return Verdict(Standing.DONE, f"{name}: {starts} to {ends}")


def blackout_over(facts: Facts) -> Verdict:
    """The blackout has ended, and nothing rests any more."""
    active = [words for words, in_force in facts.pauses if in_force]
    if active:
        return Verdict(Standing.OPEN, f"paused: {active[0]}")
    if facts.blackout is None:
        return Verdict(Standing.OPEN, "no blackout is planned, and none has just ended")
    name, starts, ends = facts.blackout
    if facts.today < starts:
        return Verdict(Standing.OPEN, f"{name} begins on {starts}")
    if facts.today <= ends:
        return Verdict(Standing.OPEN, f"{name} lasts until {ends}")
    return Verdict(Standing.DONE, f"{name} ended on {ends}, and nothing rests today")


def everybody_known(facts: Facts) -> Verdict:
    """The people of the new source are those of the old one."""
    if "R4" in facts.rules:
        return Verdict(
            Standing.BLOCKED,
            f"{facts.users_gone:,} people would go and {facts.users_new:,} come, many of them the "
            "same under new ids: answer the hold by re-linking",
        )
    if facts.run_state is None:
        return Verdict(Standing.OPEN, "no run yet")
    if not facts.run_read:
        return Verdict(Standing.OPEN, "the newest run read nothing")
    return Verdict(
        Standing.DONE,
        f"the newest changeset has {facts.users_gone:,} people gone and {facts.users_new:,} new",
    )


def resting(facts: Facts) -> Verdict:
    """Nothing goes in by itself: paused, or held for a look at it."""
    active = [words for words, in_force in facts.pauses if in_force]
    if active:
        return Verdict(Standing.DONE, f"paused: {active[0]}")
    if "R9" in facts.rules:
        return Verdict(Standing.DONE, "the first run of the new source waits for a review (R9)")
    return Verdict(Standing.OPEN, "the next run goes in by itself")
