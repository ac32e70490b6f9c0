"""A district's account policy as it is on a day, with what it takes from the directory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from rollbook.accounts.rules import Rules, School, role_rules
from rollbook.changes.positions import places_of
from rollbook.changes.sequence import Changes
from rollbook.config.account_lists import read_account_list
from rollbook.config.accounts import Accounts, Override
from rollbook.config.district import District
from rollbook.config.home import expanded
from rollbook.directory.records import load_kind
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text


@dataclass(frozen=True, slots=True)
class Basis:
    """What all accounts hang on beside the people themselves: policy, grades and school year."""

    text: str
    year: int | None


def basis_of(
    connection: Connection, district: District, accounts: Accounts, changes: Changes | None
) -> Basis:
    """The basis of a district's accounts under a policy, once ``changes`` are in."""
    wanted = frozenset().union(*(role.parts for role in role_rules(accounts).values()))
    year = None
    if "grad" in wanted:
        year = school_year_end(_target(connection, district.id, Kind.ACADEMIC_SESSION, changes))
    return Basis(f"{policy_digest(district, accounts)}:{year or ''}", year)


def policy_digest(district: District, accounts: Accounts) -> str:
    """A digest of all in a district's file that decides what accounts are to be."""
    grades = json.dumps(district.grades.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{accounts.revision()} {grades}".encode()).hexdigest()[:16]


def school_year_end(sessions: Mapping[str, Values]) -> int | None:
    """The year in which the newest school year of some sessions ends."""
    years = (text(values, "school_year") for values in sessions.values())
    return max((int(year) for year in years if year and year.isdigit()), default=None)


def rules_of(
    connection: Connection,
    district: District,
    accounts: Accounts,
    changes: Changes | None,
    basis: Basis,
    today: date,
    seed: str,
) -> Rules:
    """The rules by which the accounts of a district are derived once ``changes`` are in.

    Raises ``ConfigInvalid`` for a file of overrides that cannot be read.
    """
    overrides, excluded = lists_of(accounts)
    schools = {
        org: School(text(values, "name") or org, text(values, "identifier") or "")
        for org, values in _target(connection, district.id, Kind.ORG, changes).items()
    }
    return Rules(
        roles=role_rules(accounts),
        today=today,
        year=basis.year,
        seed=seed,
        ladder=district.grades.ladder,
        schools=schools,
        graduation=accounts.graduation,
        overrides=overrides,
        excluded=excluded,
    )


def lists_of(accounts: Accounts) -> tuple[dict[str, Override], frozenset[str]]:
    """The overrides and the excluded people of a policy, its file included; what stands in the
    policy itself goes before what is in the file. Raises ``ConfigInvalid``."""
    overrides, excluded = dict(accounts.overrides), frozenset(accounts.exclude)
    if accounts.file is None:
        return overrides, excluded
    listed, also_excluded = read_account_list(expanded(accounts.file))
    return listed | overrides, excluded | also_excluded


def _target(
    connection: Connection, district: str, kind: Kind, changes: Changes | None
) -> dict[str, Values]:
    """The records of a small kind as they will be."""
    held = {i: record.values for i, record in load_kind(connection, district, kind).items()}
    if changes is None:
        return held
    for change in changes.at(places_of(changes.columns.of(kind))):
        match change.verb:
            case Verb.ADD:
                held[change.id] = change.after or {}
            case Verb.REMOVE:
                held.pop(change.id, None)
            case Verb.UPDATE:
                kept = {n: v for n, v in held[change.id].items() if n not in (change.before or {})}
                held[change.id] = kept | (change.after or {})
    return held
