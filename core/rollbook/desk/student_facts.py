"""Attendance and discipline on a student's card and in a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from rollbook.config.home import Home, find_district
from rollbook.desk.fact_views import FactsTold, StudentFacts, Topic
from rollbook.directory import student_facts
from rollbook.directory.tables import RECORD_TABLES
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.roster.kinds import Kind
from rollbook.roster.student_facts import TYPE, Entry
from rollbook.runs.pauses import local_date
from rollbook.runs.school_year import school_years


def facts_of(
    connection: Connection, home: Home, district: str, people: Sequence[str], now: datetime
) -> tuple[StudentFacts, ...]:
    """The newest school year of each topic of which something is known of a person.

    ``people`` are the person's id and those that have become one with it.
    """
    known = student_facts.of_people(connection, district, people)
    if not known:
        return ()
    this_year = _this_year(connection, home, district, now)
    found: list[StudentFacts] = []
    for topic, rows in groupby(known, key=lambda one: one[0].topic):
        told = list(rows)
        year = told[0][0].school_year
        of_year = {about.student: es for about, es in told if about.school_year == year}
        entries = _together([of_year[person] for person in people if person in of_year])
        is_over = year < this_year
        found.append(
            StudentFacts(
                topic=topic,
                school_year=year,
                label=f"{years(year)}, last year" if is_over else years(year),
                is_over=is_over,
                totals=_totals(entries),
                entries=tuple(sorted(entries, key=lambda e: str(e.get("date", "")), reverse=True)),
            )
        )
    return tuple(found)


def aliases_of(connection: Connection, district: str, person: str) -> list[str]:
    """The ids that have become one with a person's, by a merge or by being linked anew."""
    users = RECORD_TABLES[Kind.USER]
    query = select(users.c.id).where(users.c.district == district, users.c.merged_into == person)
    return list(connection.execute(query).scalars())


def facts_told(connection: Connection, run: str) -> dict[Topic, FactsTold]:
    """By topic, what a run makes of facts; only topics of which it makes something."""
    counts = student_facts.counts(connection, run)
    return {topic: FactsTold(*counts[topic]) for topic in Topic if topic in counts}


def years(school_year: str) -> str:
    """``2025-26`` for the school year that ends in 2026."""
    return f"{int(school_year) - 1}-{school_year[-2:]}"


def _together(told: Iterable[Sequence[Entry]]) -> list[Entry]:
    """The entries of people who are one: what was told of both is one entry."""
    found: list[Entry] = []
    for entries in told:
        before = list(found)
        found += [entry for entry in entries if entry not in before]
    return found


def _this_year(connection: Connection, home: Home, district: str, now: datetime) -> str:
    """The school year that it is; blank, before any, where the district's file cannot be read."""
    try:
        config = find_district(home, district)
    except (ConfigInvalid, NotFound):
        return ""
    today = local_date(now, config.timezone)
    return str(school_years(connection, config).on(today).school_year)


def _totals(entries: Iterable[Entry]) -> dict[str, float]:
    """How often each type came up. What speaks for the whole year counts in place of single
    days."""
    days: dict[str, float] = {}
    whole: dict[str, float] = {}
    for entry in entries:
        into = days if "date" in entry else whole
        number = entry.get("number", 1.0)
        name = str(entry[TYPE])
        into[name] = into.get(name, 0.0) + (number if isinstance(number, float) else 1.0)
    totals = days | whole
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))
