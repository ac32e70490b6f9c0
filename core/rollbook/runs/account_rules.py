"""A district's account policy as it is on a day, with what it takes from the directory."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from rollbook.accounts.rules import Rules, School, role_rules
from rollbook.changes.afterwards import afterwards
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.sequence import Changes
from rollbook.config.account_lists import read_account_list
from rollbook.config.accounts import Accounts, Override
from rollbook.config.district import District
from rollbook.config.home import expanded
from rollbook.directory import grade_memory
from rollbook.directory.records import load_kind
from rollbook.rollover.grade_year import YearOfGrades, first_year
from rollbook.rollover.roll_up import detect
from rollbook.rollover.school_years import SchoolYears
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text
from rollbook.roster.sessions import session
from rollbook.runs.account_basis import Basis, basis_by, wants_years
from rollbook.runs.account_year import Years
from rollbook.runs.incoming_grades import incoming_grades
from rollbook.runs.school_year import year_of_grades


def basis_with(
    connection: Connection,
    district: District,
    accounts: Accounts,
    changes: Changes,
    active: Mask,
    today: date,
) -> Basis:
    """The basis of a district's accounts under a policy, once the active changes are in."""
    years = None
    if wants_years(accounts):
        sessions = _target(connection, district.id, Kind.ACADEMIC_SESSION, changes)
        years = _years_with(connection, district, changes, active, sessions, today)
    return basis_by(district, accounts, years)


def _years_with(
    connection: Connection,
    district: District,
    changes: Changes,
    active: Mask,
    sessions: Mapping[str, Values],
    today: date,
) -> Years:
    """The years once the active changes are in; ``sessions`` are those that will be there."""
    kept = grade_memory.year_of(connection, district.id)
    if kept is None:
        known = (session(record_id, values) for record_id, values in sessions.items())
        years = SchoolYears.of(district.calendar, [one for one in known if one is not None])
        return Years(YearOfGrades(first_year(years, today)))
    before = year_of_grades(connection, district, today)
    incoming = incoming_grades(connection, district.id, changes, active)
    if incoming is None:
        return Years(before)
    roll_up = detect(incoming.after, district.grades.ladder)
    after = YearOfGrades.seen(kept.school_year, roll_up)
    return Years(after, moves_on=after != before)


def rules_of(
    connection: Connection,
    district: District,
    accounts: Accounts,
    changes: Changes | None,
    today: date,
    seed: str,
    lists: Lists,
) -> Rules:
    """The rules by which the accounts of a district are derived once ``changes`` are in."""
    schools = {
        org: School(text(values, "name") or org, text(values, "identifier") or "")
        for org, values in _target(connection, district.id, Kind.ORG, changes).items()
    }
    return Rules(
        roles=role_rules(accounts),
        today=today,
        seed=seed,
        ladder=district.grades.ladder,
        schools=schools,
        graduation=accounts.graduation,
        overrides=lists.overrides,
        excluded=lists.excluded,
    )


class Lists(NamedTuple):
    """What single people's accounts are to be, and whose are left alone."""

    overrides: Mapping[str, Override] = {}
    excluded: Set[str] = frozenset()


def lists_of(accounts: Accounts) -> Lists:
    """The overrides and the excluded people of a policy, its file included; what stands in the
    policy itself goes before what is in the file. Raises ``ConfigInvalid``."""
    overrides, excluded = dict(accounts.overrides), frozenset(accounts.exclude)
    if accounts.file is None:
        return Lists(overrides, excluded)
    listed, also_excluded = read_account_list(expanded(accounts.file))
    return Lists(listed | overrides, excluded | also_excluded)


def excluded_people(district: District) -> Set[str]:
    """The people whose accounts a district's policy leaves alone. Raises ``ConfigInvalid``."""
    return lists_of(district.accounts).excluded if district.accounts is not None else frozenset()


def _target(
    connection: Connection, district: str, kind: Kind, changes: Changes | None
) -> dict[str, Values]:
    """The records of a small kind as they will be."""
    held = {i: record.values for i, record in load_kind(connection, district, kind).items()}
    if changes is None:
        return held
    return afterwards(held, changes.at(places_of(changes.columns.of(kind))))
