"""A district's account policy as it is on a day, with what it takes from the directory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from rollbook.accounts.rules import Rules, School, role_rules
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.sequence import Changes
from rollbook.config.account_lists import read_account_list
from rollbook.config.accounts import Accounts, Override
from rollbook.config.district import District
from rollbook.config.home import expanded
from rollbook.directory.records import load_kind
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text
from rollbook.runs.account_year import Years, years_now, years_with


@dataclass(frozen=True, slots=True)
class Basis:
    """What all accounts hang on beside the people themselves: policy, ladder and school year.

    ``years`` is ``None`` where no template asks for the graduation year.
    """

    text: str
    years: Years | None


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
    if _wants_years(accounts):
        sessions = _target(connection, district.id, Kind.ACADEMIC_SESSION, changes)
        years = years_with(connection, district, changes, active, sessions, today)
    return _basis(district, accounts, years)


def basis_now(connection: Connection, district: District, accounts: Accounts, today: date) -> Basis:
    """The basis of a district's accounts under a policy, as the directory is."""
    years = years_now(connection, district, today) if _wants_years(accounts) else None
    return _basis(district, accounts, years)


def _wants_years(accounts: Accounts) -> bool:
    return "grad" in parts_of_roles(accounts)


def parts_of_roles(accounts: Accounts) -> frozenset[str]:
    """The parts that the templates of all roles of a policy name."""
    return frozenset().union(*(role.parts for role in role_rules(accounts).values()))


def _basis(district: District, accounts: Accounts, years: Years | None) -> Basis:
    return Basis(f"{policy_digest(district, accounts)}:{years.basis if years else ''}", years)


def policy_digest(district: District, accounts: Accounts) -> str:
    """A digest of all in a district's file that decides what accounts are to be."""
    grades = json.dumps(district.grades.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(f"{accounts.revision()} {grades}".encode()).hexdigest()[:16]


def by_this_policy(district: District, basis: str | None) -> bool:
    """Whether the accounts of a run with this basis were derived by the policy that is in force."""
    if district.accounts is None:
        return basis is None
    # The school year stands behind the policy: the same input has the same.
    policy, _, _ = (basis or "").partition(":")
    return policy == policy_digest(district, district.accounts)


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
